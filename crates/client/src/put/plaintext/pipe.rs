//! A reader as plaintext.

use std::io::{self, Read};
use std::sync::{Arc, OnceLock};

use onekey_core::padding::padded_len;

use super::{MAX_READ, Plaintext};
use crate::error::SourceError;

/// A reader of unknown length, then zeros up to the padded length.
pub(in crate::put) struct Pipe<R> {
    reader: R,
    pad: bool,
    read: u64,
    ended: Ended,
    /// The plaintext's length, once the reader ended.
    len: Option<u64>,
}

/// Tells how many bytes a pipe's reader gave, once it ended.
#[derive(Clone, Default)]
pub(in crate::put) struct Ended(Arc<OnceLock<u64>>);

impl Ended {
    pub(in crate::put) fn total(&self) -> Option<u64> {
        self.0.get().copied()
    }
}

impl<R: Read + Send> Pipe<R> {
    pub(in crate::put) fn new(reader: R, pad: bool) -> (Self, Ended) {
        let ended = Ended::default();
        let pipe = Self {
            reader,
            pad,
            read: 0,
            ended: ended.clone(),
            len: None,
        };
        (pipe, ended)
    }

    /// Reads until `text` is full or the reader ends.
    fn read(&mut self, text: &mut [u8]) -> Result<usize, SourceError> {
        let mut filled = 0;
        while self.len.is_none() && filled < text.len() {
            let end = text.len().min(filled + MAX_READ);
            match self.reader.read(&mut text[filled..end]) {
                Ok(0) => {
                    let len = if self.pad {
                        padded_len(self.read)
                    } else {
                        self.read
                    };
                    self.len = Some(len);
                    self.ended.0.get_or_init(|| self.read);
                }
                Ok(read) => {
                    filled += read;
                    self.read += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(SourceError::Reader(error)),
            }
        }
        Ok(filled)
    }
}

impl<R: Read + Send> Plaintext for Pipe<R> {
    type Error = SourceError;

    fn fill(&mut self, at: u64, text: &mut [u8]) -> Result<usize, SourceError> {
        let filled = self.read(text)?;
        let Some(len) = self.len else {
            return Ok(filled);
        };
        let left = usize::try_from(len.saturating_sub(at)).unwrap_or(usize::MAX);
        let end = left.min(text.len());
        text[filled..end].fill(0);
        Ok(end)
    }

    fn end_part(&mut self) -> Result<(), SourceError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_read_to_its_end_and_padded() {
        for (len, pad, padded) in [
            (0, true, 1024),
            (0, false, 0),
            (1500, true, 1536),
            (1500, false, 1500),
            (2048, true, 2048),
        ] {
            let (mut pipe, ended) = Pipe::new(io::repeat(7).take(len), pad);
            let (mut at, mut text) = (0, [0xff; 64]);
            loop {
                let filled = pipe.fill(at, &mut text).unwrap();
                for (index, &byte) in text[..filled].iter().enumerate() {
                    assert_eq!(byte == 7, at + (index as u64) < len);
                }
                at += filled as u64;
                if filled < text.len() {
                    break;
                }
            }
            assert_eq!((at, ended.total()), (padded, Some(len)));
        }
    }
}
