//! Files and ranges of them to a writer.

use std::io::Write;
use std::ops::Range;

use onekey_core::manifest::File;

use super::decode::Decoder;
use super::runs::overlap;
use crate::error::GetError;
use crate::open::OpenedShare;
use crate::progress::Progress;

impl OpenedShare {
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
        let runs = self.runs_of_file(index);
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
}
