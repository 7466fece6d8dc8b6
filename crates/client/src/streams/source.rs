//! Where a stream's bytes come from: a file that is read at several places at once, or a pipe that is read in order.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// An input that workers take batches from.
pub(super) struct Source {
    file: File,
    /// Where the first batch begins, in a file that can be read anywhere.
    start: Option<u64>,
    /// The batch that nobody has taken.
    next: AtomicU64,
    /// Who reads a pipe. Holds whether it ended: a terminal can be read again after its end.
    turn: Mutex<bool>,
}

/// What is read for one batch.
pub(super) struct Taken {
    pub(super) index: u64,
    pub(super) read: io::Result<usize>,
}

impl Source {
    /// Takes a file from its current position, or a pipe.
    pub(super) fn new(mut file: File) -> io::Result<Self> {
        // Files in /proc are regular and say that they are empty: where a file ends is found by reading.
        let start = match file.metadata()?.is_file() {
            true => Some(file.stream_position()?),
            false => None,
        };
        Ok(Self {
            file,
            start,
            next: AtomicU64::new(0),
            turn: Mutex::new(false),
        })
    }

    /// Reads what comes before the first batch. Returns how much there was.
    pub(super) fn read_first(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = fill(&mut self.file, bytes)?;
        self.start = self.start.map(|start| start + read as u64);
        Ok(read)
    }

    /// Returns the bytes from the first batch to the end as the file system tells them, or `None`.
    pub(super) fn remaining(&self) -> Option<u64> {
        let len = self.file.metadata().ok()?.len();
        // Nothing is what /proc says of everything.
        len.checked_sub(self.start?).filter(|&len| len > 0)
    }

    /// Reads at a place behind the first batch's beginning, if the input is a file.
    pub(super) fn read_at(&self, offset: u64, bytes: &mut [u8]) -> Option<io::Result<usize>> {
        let at = self.start?.checked_add(offset)?;
        Some(fill(
            &mut Place {
                file: &self.file,
                at,
            },
            bytes,
        ))
    }

    /// Takes the next batch, of `len` bytes. `read` reads until it has them or the reader ends.
    pub(super) fn take(
        &self,
        len: usize,
        read: impl FnOnce(&mut dyn Read) -> io::Result<usize>,
    ) -> Taken {
        match self.start {
            Some(start) => {
                let index = self.next.fetch_add(1, Ordering::Relaxed);
                let at = start.saturating_add(index.saturating_mul(len as u64));
                let file = &self.file;
                Taken {
                    index,
                    read: read(&mut Place { file, at }),
                }
            }
            None => {
                let mut ended = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
                let index = self.next.fetch_add(1, Ordering::Relaxed);
                let read = match *ended {
                    true => Ok(0),
                    false => read(&mut &self.file),
                };
                *ended |= !matches!(read, Ok(read) if read == len);
                Taken { index, read }
            }
        }
    }

    /// Moves a file's position behind what was read: a program that shares it goes on there.
    pub(super) fn pass(&mut self, len: u64) {
        if let Some(start) = self.start {
            // Nobody may look; the stream itself is done.
            let _ = self.file.seek(SeekFrom::Start(start + len));
        }
    }
}

/// Reads a file from a place of its own.
struct Place<'f> {
    file: &'f File,
    at: u64,
}

impl Read for Place<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(bytes, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// Reads until `bytes` is full or the reader ends.
pub(super) fn fill(reader: &mut (impl Read + ?Sized), bytes: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < bytes.len() {
        match reader.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
