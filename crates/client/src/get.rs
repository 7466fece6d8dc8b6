//! Receiving: fetch, verify, decode, restore.

mod chosen;
mod decode;
mod fetch;
pub(crate) mod folder;
mod names;
mod restore;

use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chosen::Chosen;
use decode::Decoder;
use fetch::Fetch;
use onekey_core::keys::Grant;
use onekey_core::manifest::File;
use restore::Restore;
use tokio::task::spawn_blocking;
use tokio_util::task::TaskTracker;

use crate::client::Inner;
use crate::error::{ApiError, GetError};
use crate::open::OpenedShare;
use crate::progress::Progress;
use crate::retry::repeat;

/// How files are restored.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetOptions {
    /// Replaces files that are there. Folders and links to folders are never replaced.
    pub overwrite: bool,
}

/// What a get wrote.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Got {
    /// The files, in the order of the manifest.
    pub files: Vec<PathBuf>,
    /// Sum of their sizes.
    pub bytes: u64,
}

impl OpenedShare {
    /// Gets every file into `folder`, which is made if it is missing. The whole payload is fetched and
    /// verified, padding and last chunk included.
    ///
    /// What could be in the way is looked for before a download is spent. A file gets its name when it is
    /// whole and verified; when a later one fails, those that were finished stay.
    ///
    /// # Errors
    /// [`GetError`].
    pub async fn get_all(
        &self,
        folder: &Path,
        options: GetOptions,
        progress: &dyn Progress,
    ) -> Result<Got, GetError> {
        let files = (0..self.manifest.files.len()).collect();
        let chosen = Chosen {
            files,
            empty_folders: true,
        };
        self.restore(chosen, folder, options, progress).await
    }

    /// Gets some of the files into `folder`, which is made if it is missing: in one transfer and under the names that
    /// [`Self::get_all`] would give them. Only the chunks that hold them are fetched, unless they are all the files.
    ///
    /// What could be in the way is looked for before a download is spent.
    ///
    /// # Errors
    /// [`GetError`]; [`GetError::NoSuchRange`] for a file that the share does not have.
    pub async fn get_files(
        &self,
        indices: &[usize],
        folder: &Path,
        options: GetOptions,
        progress: &dyn Progress,
    ) -> Result<Got, GetError> {
        let mut files = indices.to_vec();
        files.sort_unstable();
        files.dedup();
        if files
            .last()
            .is_some_and(|&last| last >= self.manifest.files.len())
        {
            return Err(GetError::NoSuchRange);
        }
        let chosen = Chosen {
            files,
            empty_folders: false,
        };
        self.restore(chosen, folder, options, progress).await
    }

    async fn restore(
        &self,
        chosen: Chosen,
        folder: &Path,
        options: GetOptions,
        progress: &dyn Progress,
    ) -> Result<Got, GetError> {
        let runs = self.runs_of(&chosen.files);
        let (manifest, folder) = (Arc::clone(&self.manifest), folder.to_owned());
        let unfinished = &self.client.unfinished;
        let prepared = blocking(unfinished, move || {
            Restore::prepare(manifest, chosen, folder, options)
        });
        let mut restore = prepared.await?;
        if !runs.is_empty() {
            let fetch = self.fetch(runs, progress).await?;
            restore = drain(unfinished, fetch, restore, progress, Restore::take).await?;
        }
        let got = blocking(unfinished, move || restore.finish()).await?;
        progress.finish();
        Ok(got)
    }

    /// Gets one file to the path `to`, whose folder must exist. Of a share with one file the whole
    /// payload is fetched, as [`Self::get_all`] does.
    ///
    /// # Errors
    /// [`GetError`].
    pub async fn get_file(
        &self,
        index: usize,
        to: &Path,
        options: GetOptions,
        progress: &dyn Progress,
    ) -> Result<Got, GetError> {
        let (manifest, path) = (Arc::clone(&self.manifest), to.to_owned());
        let (file, place) = self.file(index)?;
        let unfinished = &self.client.unfinished;
        let prepared = blocking(unfinished, move || {
            restore::prepare_file(index, &manifest.files[index], &path, options)
        });
        let (mut writing, name, replace) = prepared.await?;
        let runs = self.runs_of(&[index]);
        if !runs.is_empty() {
            let fetch = self.fetch(runs, progress).await?;
            writing = drain(
                unfinished,
                fetch,
                writing,
                progress,
                move |writing, at, text| writing.push(overlap(at, text, &place)),
            )
            .await?;
        }
        let (manifest, path) = (Arc::clone(&self.manifest), to.to_owned());
        blocking(unfinished, move || {
            writing.publish(&name, &path, &manifest.files[index], replace)
        })
        .await?;
        progress.finish();
        Ok(Got {
            files: vec![to.to_owned()],
            bytes: file.size,
        })
    }

    /// Writes one file, and returns its size. Of a share with one file the whole payload is fetched.
    ///
    /// The writer is called on the task that awaits this, and may block it; fetching goes on meanwhile. After an
    /// error, what was written is authentic and not the whole file.
    ///
    /// # Errors
    /// [`GetError`].
    pub async fn write_file(
        &self,
        index: usize,
        writer: &mut (dyn Write + Send),
        progress: &dyn Progress,
    ) -> Result<u64, GetError> {
        let (file, place) = self.file(index)?;
        let runs = self.runs_of(&[index]);
        self.write(index, runs, place, 0..file.size, writer, progress)
            .await
    }

    /// Writes the bytes `range` of one file, and returns their number. Only the chunks that hold them are
    /// fetched, unless the file is compressed.
    ///
    /// # Errors
    /// [`GetError`]; [`GetError::NoSuchRange`] for a range that begins or ends behind the file's end.
    pub async fn write_range(
        &self,
        index: usize,
        range: Range<u64>,
        writer: &mut (dyn Write + Send),
        progress: &dyn Progress,
    ) -> Result<u64, GetError> {
        let (file, place) = self.file(index)?;
        if range.start > range.end || range.end > file.size {
            return Err(GetError::NoSuchRange);
        }
        if range.is_empty() {
            progress.finish();
            return Ok(0);
        }
        let place = match file.codec {
            None => place.start + range.start..place.start + range.end,
            Some(_) => place,
        };
        let chunks = self.cipher.chunk_size().chunks_of(&place);
        self.write(index, vec![chunks], place, range, writer, progress)
            .await
    }

    /// Writes the bytes `range` of a file, decoded from the plaintext at `place`.
    async fn write(
        &self,
        index: usize,
        runs: Vec<Range<u64>>,
        place: Range<u64>,
        range: Range<u64>,
        writer: &mut (dyn Write + Send),
        progress: &dyn Progress,
    ) -> Result<u64, GetError> {
        let file = &self.manifest.files[index];
        let mut decoder = match file.codec {
            Some(_) => Decoder::new(index, file),
            // The stored bytes of a range are a smaller file of their own.
            None => Decoder::new(
                index,
                &File {
                    size: range.end - range.start,
                    ..File::default()
                },
            ),
        };
        let mut at = if file.codec.is_some() { 0 } else { range.start };
        let mut output = |bytes: &[u8]| {
            let wanted = overlap(at, bytes, &range);
            at += bytes.len() as u64;
            writer.write_all(wanted).map_err(|source| GetError::Io {
                index: None,
                source,
            })
        };
        if !runs.is_empty() {
            let mut fetch = self.fetch(runs, progress).await?;
            while let Some(window) = fetch.next(progress).await? {
                for (at, text) in window.texts() {
                    decoder.push(overlap(at, text, &place), &mut output)?;
                }
                fetch.recycle(window);
            }
        }
        decoder.finish(&mut output)?;
        writer.flush().map_err(|source| GetError::Io {
            index: None,
            source,
        })?;
        progress.finish();
        Ok(range.end - range.start)
    }

    /// Begins to fetch, with the grant that all gets of this share use.
    async fn fetch(
        &self,
        runs: Vec<Range<u64>>,
        progress: &dyn Progress,
    ) -> Result<Fetch, GetError> {
        let places = runs
            .iter()
            .map(|run| self.cipher.chunk_size().place_of(run, self.size));
        progress.begin(Some(places.map(|place| place.end - place.start).sum()));
        let grant = self.grant(progress).await?;
        Ok(Fetch::new(self, grant, runs))
    }

    /// Returns the grant, which is made by the first call and spends one download.
    async fn grant(&self, progress: &dyn Progress) -> Result<Arc<Grant>, GetError> {
        let mut made = self.grant.lock().await;
        if let Some(grant) = &*made {
            return Ok(Arc::clone(grant));
        }
        let Inner { api, options, .. } = &*self.client;
        let created = repeat(options.retry, ApiError::had_no_effect, progress, || {
            api.grant(&self.locator, &self.proof)
        });
        let created = created.await.map_err(|error| {
            if error.outcome_unknown() {
                GetError::GrantLost(error)
            } else {
                error.into()
            }
        })?;
        let grant = Arc::new(created.grant);
        *made = Some(Arc::clone(&grant));
        Ok(grant)
    }

    /// A file and its place in the plaintext.
    fn file(&self, index: usize) -> Result<(&File, Range<u64>), GetError> {
        let file = self.manifest.files.get(index);
        let file = file.ok_or(GetError::NoSuchRange)?;
        Ok((file, file.offset..file.offset + file.stored))
    }

    /// The chunks to fetch for some files, which ascend. Who takes every file takes the padding too: else the first
    /// download would tell the true size.
    fn runs_of(&self, files: &[usize]) -> Vec<Range<u64>> {
        let chunk_size = self.cipher.chunk_size();
        let mut runs: Vec<Range<u64>> = Vec::new();
        if files.len() == self.manifest.files.len() {
            runs.push(0..self.size.div_ceil(chunk_size.encrypted() as u64));
            return runs;
        }
        for &index in files {
            let file = &self.manifest.files[index];
            let chunks = chunk_size.chunks_of(&(file.offset..file.offset + file.stored));
            match runs.last_mut() {
                _ if chunks.is_empty() => {}
                // One file may end in the chunk in which the next begins.
                Some(last) if chunks.start <= last.end => last.end = last.end.max(chunks.end),
                _ => runs.push(chunks),
            }
        }
        runs
    }
}

/// The bytes of `text`, which stands at `at`, that lie within `wanted`.
fn overlap<'t>(at: u64, text: &'t [u8], wanted: &Range<u64>) -> &'t [u8] {
    let within = |place: u64| {
        let place = place.saturating_sub(at).min(text.len() as u64);
        usize::try_from(place).expect("at most the text's length")
    };
    let (start, end) = (within(wanted.start), within(wanted.end));
    &text[start..end.max(start)]
}

/// Gives all plaintext of `fetch` to `take`, with a sink that is lent to a thread that may block.
async fn drain<S: Send + 'static>(
    unfinished: &TaskTracker,
    mut fetch: Fetch,
    mut sink: S,
    progress: &dyn Progress,
    take: impl Fn(&mut S, u64, &[u8]) -> Result<(), GetError> + Send + Sync + 'static,
) -> Result<S, GetError> {
    let take = Arc::new(take);
    while let Some(window) = fetch.next(progress).await? {
        let take = Arc::clone(&take);
        let (back, window) = blocking(unfinished, move || {
            for (at, text) in window.texts() {
                take(&mut sink, at, text)?;
            }
            Ok((sink, window))
        })
        .await?;
        sink = back;
        fetch.recycle(window);
    }
    Ok(sink)
}

/// Runs what reads or writes files on a thread that may block. When the caller is dropped meanwhile, the thread goes on
/// and its outcome, which may hold a file, is dropped there: until then `unfinished` is not empty.
async fn blocking<T: Send + 'static>(
    unfinished: &TaskTracker,
    work: impl FnOnce() -> Result<T, GetError> + Send + 'static,
) -> Result<T, GetError> {
    let token = unfinished.token();
    // A tuple drops its first part first.
    let done = spawn_blocking(move || (work(), token)).await;
    done.map_or(Err(GetError::Cancelled), |(outcome, _)| outcome)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::sleep;
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::*;

    /// Takes its time to go away, as a large file does.
    struct Slow(Arc<AtomicBool>);

    impl Drop for Slow {
        fn drop(&mut self) {
            sleep(Duration::from_millis(100));
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn what_a_dropped_get_leaves_behind_is_waited_for() {
        let (unfinished, gone) = (TaskTracker::new(), Arc::new(AtomicBool::new(false)));
        let slow = Slow(Arc::clone(&gone));
        let (start, started) = oneshot::channel();
        let work = blocking(&unfinished, move || {
            start.send(()).unwrap();
            sleep(Duration::from_millis(100));
            Ok(slow)
        });
        tokio::select! {
            biased;
            _ = work => panic!("it does not end before the other begins"),
            _ = started => {}
        }
        assert!(!gone.load(Ordering::SeqCst));
        unfinished.close();
        unfinished.wait().await;
        assert!(gone.load(Ordering::SeqCst));
    }
}
