//! The payload's plaintext: what workers read and encrypt.
//!
//! Files lie one behind the other, then zeros up to the padded length. Of known files any place can be read, and each
//! worker does so with one open file at a time. A reader, and files that are compressed, are read from front to back by one
//! worker.

mod pipe;

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::sync::Arc;

use onekey_core::padding::padded_len;

pub(super) use pipe::Pipe;

use super::seal::SealError;
use crate::error::SourceError;
use crate::sources::SourceFile;

/// Most bytes of one read: larger ones are no faster and evict more of the cache.
pub(super) const MAX_READ: usize = 256 << 10;

/// Gives a worker its plaintext.
pub(super) trait Plaintext: Send {
    /// Why there is no more of it.
    type Error: Into<SealError>;

    /// Fills `text`, which is not empty, from byte `at` on. Returns fewer bytes than `text` has only at the plaintext's end.
    fn fill(&mut self, at: u64, text: &mut [u8]) -> Result<usize, Self::Error>;

    /// Ends a part: what was read for it must have been what was gathered.
    fn end_part(&mut self) -> Result<(), Self::Error>;

    /// Bytes of the files that went into what was filled so far, where those are others than what was filled.
    fn source(&self) -> Option<u64> {
        None
    }
}

/// Files, and the places that they have in the plaintext.
pub(super) struct Layout {
    files: Vec<(SourceFile, u64)>,
    total: u64,
    len: u64,
}

impl Layout {
    pub(super) fn new(files: Vec<SourceFile>, pad: bool) -> Self {
        let mut total = 0_u64;
        let files = files
            .into_iter()
            .map(|file| {
                let offset = total;
                // A sum that overflows is beyond every payload, which the caller checks.
                total = total.saturating_add(file.size);
                (file, offset)
            })
            .collect();
        let len = if pad { padded_len(total) } else { total };
        Self { files, total, len }
    }

    /// Returns the files with their offsets.
    pub(super) fn files(&self) -> &[(SourceFile, u64)] {
        &self.files
    }

    /// Returns the length of the plaintext, padding included.
    pub(super) const fn len(&self) -> u64 {
        self.len
    }

    /// Returns the sum of the files' sizes.
    pub(super) const fn total(&self) -> u64 {
        self.total
    }

    /// Checks the files without content, which no worker opens.
    pub(super) fn check_empty(&self) -> Result<(), SourceError> {
        for (file, _) in self.files.iter().filter(|(file, _)| file.size == 0) {
            let found = fs::metadata(&file.path).map_err(|source| failed(file, source))?;
            unchanged(file, &found)?;
        }
        Ok(())
    }

    /// The file that holds byte `at`, and where it lies.
    fn file_at(&self, at: u64) -> Option<(usize, Range<u64>)> {
        let end = |(file, offset): &(SourceFile, u64)| offset + file.size;
        let index = self.files.partition_point(|entry| end(entry) <= at);
        let entry = self.files.get(index)?;
        Some((index, entry.1..end(entry)))
    }
}

/// One worker's view of a [`Layout`].
pub(super) struct Cursor {
    layout: Arc<Layout>,
    open: Option<(usize, File)>,
}

impl Cursor {
    pub(super) const fn new(layout: Arc<Layout>) -> Self {
        Self { layout, open: None }
    }

    /// Opens file `index`, unless it is open.
    fn turn_to(&mut self, index: usize) -> Result<(), SourceError> {
        if self.open.as_ref().is_some_and(|(open, _)| *open == index) {
            return Ok(());
        }
        self.end_part()?;
        let (file, _) = &self.layout.files[index];
        let open = File::open(&file.path).map_err(|source| failed(file, source))?;
        self.open = Some((index, open));
        Ok(())
    }
}

impl Plaintext for Cursor {
    type Error = SourceError;

    fn fill(&mut self, mut at: u64, text: &mut [u8]) -> Result<usize, SourceError> {
        let left = self.layout.len.saturating_sub(at);
        let len = usize::try_from(left).map_or(text.len(), |left| left.min(text.len()));
        let mut rest = &mut text[..len];
        while !rest.is_empty() && at < self.layout.total {
            let Some((index, place)) = self.layout.file_at(at) else {
                break;
            };
            self.turn_to(index)?;
            let (file, _) = &self.layout.files[index];
            let Some((_, open)) = &self.open else { break };
            let left = usize::try_from(place.end - at).unwrap_or(usize::MAX);
            let (piece, behind) = rest.split_at_mut(left.min(MAX_READ).min(rest.len()));
            read_exact_at(open, piece, at - place.start).map_err(|source| is_cut(file, source))?;
            at += piece.len() as u64;
            rest = behind;
        }
        rest.fill(0);
        Ok(len)
    }

    fn end_part(&mut self) -> Result<(), SourceError> {
        let Some((index, open)) = self.open.take() else {
            return Ok(());
        };
        let (file, _) = &self.layout.files[index];
        let found = open.metadata().map_err(|source| failed(file, source))?;
        unchanged(file, &found)
    }
}

/// Compares an open file with what was gathered.
pub(super) fn unchanged(file: &SourceFile, found: &fs::Metadata) -> Result<(), SourceError> {
    if found.len() == file.size && found.modified().ok() == file.modified {
        Ok(())
    } else {
        Err(SourceError::Changed(file.path.clone()))
    }
}

/// Why a file cannot be opened or asked.
pub(super) fn failed(file: &SourceFile, source: io::Error) -> SourceError {
    if source.kind() == io::ErrorKind::NotFound {
        // It was there when it was gathered.
        return SourceError::Changed(file.path.clone());
    }
    SourceError::Io {
        path: file.path.clone(),
        source,
    }
}

/// Why a place that the file had cannot be read.
pub(super) fn is_cut(file: &SourceFile, source: io::Error) -> SourceError {
    if source.kind() == io::ErrorKind::UnexpectedEof {
        return SourceError::Changed(file.path.clone());
    }
    failed(file, source)
}

fn read_exact_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, at)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::sources::{Content, Sources, WalkOptions};

    fn layout(folder: &std::path::Path, pad: bool) -> Arc<Layout> {
        let sources = Sources::from_paths(&[folder.to_owned()], WalkOptions::default()).unwrap();
        let Content::Files(files) = sources.content else {
            panic!("not files")
        };
        Arc::new(Layout::new(files, pad))
    }

    #[test]
    fn any_place_can_be_read_across_files_and_into_the_padding() {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("a", "hello "),
            ("b", ""),
            ("c", "wor"),
            ("d", ""),
            ("e", "ld"),
        ] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let layout = layout(folder.path(), true);
        let mut whole = b"hello world".to_vec();
        whole.resize(1024, 0);
        assert_eq!(layout.len(), 1024);
        for at in 0..=1024_usize {
            for len in [0, 1, 2, 5, 11, 30, 1024] {
                let mut text = vec![0xff; len];
                let mut cursor = Cursor::new(Arc::clone(&layout));
                let filled = cursor.fill(at as u64, &mut text).unwrap();
                cursor.end_part().unwrap();
                assert_eq!(filled, len.min(1024 - at));
                assert_eq!(text[..filled], whole[at..at + filled], "{at} {len}");
            }
        }
    }

    #[test]
    fn every_change_of_a_file_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let read = |layout: &Arc<Layout>| {
            let mut cursor = Cursor::new(Arc::clone(layout));
            cursor.fill(0, &mut [0; 2000])?;
            cursor.end_part()?;
            layout.check_empty()
        };
        for change in [
            (|path| fs::write(path, "shorter")) as fn(&std::path::Path) -> io::Result<()>,
            |path| fs::write(path, "0123456789 longer"),
            |path| fs::remove_file(path),
            |path| {
                let past = SystemTime::UNIX_EPOCH + Duration::from_secs(7);
                File::options().write(true).open(path)?.set_modified(past)
            },
        ] {
            for content in ["0123456789", ""] {
                fs::write(&path, content).unwrap();
                let layout = layout(folder.path(), true);
                read(&layout).unwrap();
                change(&path).unwrap();
                assert!(matches!(read(&layout), Err(SourceError::Changed(_))));
            }
        }
    }
}
