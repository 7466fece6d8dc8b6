//! The plaintext of files that may be compressed: from front to back, as nobody knows a place before what stands in front of
//! it is there.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, OnceLock};
use std::vec;

use onekey_core::manifest::Codec;
use onekey_core::padding::padded_len;

use super::ahead::{Ahead, Form, Whole};
use super::choice::Choice;
use super::encoder::Encoder;
use crate::error::{PutError, SourceError};
use crate::put::plaintext::{Layout, MAX_READ, Plaintext, failed, is_cut, unchanged};
use crate::put::seal::SealError;
use crate::sources::SourceFile;

/// Where a file's bytes are in the plaintext.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::put) struct Stored {
    pub(in crate::put) offset: u64,
    pub(in crate::put) stored: u64,
    pub(in crate::put) codec: Option<Codec>,
}

/// Tells where the files are, once all are there.
#[derive(Clone, Default)]
pub(in crate::put) struct Made(Arc<OnceLock<Vec<Stored>>>);

impl Made {
    pub(in crate::put) fn files(&self) -> Option<&[Stored]> {
        self.0.get().map(Vec::as_slice)
    }
}

/// The files one behind the other, compressed or not, then zeros up to the padded length.
pub(in crate::put) struct Ordered {
    layout: Arc<Layout>,
    ahead: Ahead,
    pad: bool,
    current: Option<Current>,
    /// The files that are done.
    files: Vec<Stored>,
    /// Bytes of them in the plaintext, and in the source.
    stored: u64,
    source: u64,
    /// Length of the plaintext, once all files are done.
    len: Option<u64>,
    made: Made,
}

/// The file that is being given out.
enum Current {
    Raw {
        file: File,
        at: u64,
    },
    Whole {
        pieces: vec::IntoIter<Box<[u8]>>,
        piece: Box<[u8]>,
        /// Bytes of the piece, and of the file, that were given out.
        used: usize,
        at: u64,
        len: u64,
    },
    Streamed(Box<Streamed>),
}

struct Streamed {
    file: File,
    encoder: Encoder,
    /// Bytes that were read.
    read: u64,
    text: Vec<u8>,
    out: Vec<u8>,
    /// Bytes of `out` that were given out.
    used: usize,
    ended: bool,
}

impl Ordered {
    /// Starts the workers that compress ahead.
    pub(in crate::put) fn start(
        layout: &Arc<Layout>,
        choice: Choice,
        workers: usize,
        pad: bool,
    ) -> Result<(Self, Made), PutError> {
        let made = Made::default();
        let ordered = Self {
            layout: Arc::clone(layout),
            ahead: Ahead::start(layout, choice, workers)?,
            pad,
            current: None,
            files: Vec::new(),
            stored: 0,
            source: 0,
            len: None,
            made: made.clone(),
        };
        Ok((ordered, made))
    }

    /// Gives out bytes of files. Fewer than there is space for only when there are no more.
    fn files(&mut self, text: &mut [u8]) -> Result<usize, SealError> {
        let mut filled = 0;
        while filled < text.len() {
            let index = self.files.len();
            let Some((file, _)) = self.layout.files().get(index) else {
                break;
            };
            let current = match &mut self.current {
                Some(current) => current,
                None => self.current.insert(Current::new(file, self.ahead.take()?)?),
            };
            let given = current.give(index, file, &mut text[filled..])?;
            filled += given;
            if given == 0 {
                self.end_file()?;
            }
        }
        Ok(filled)
    }

    fn end_file(&mut self) -> Result<(), SealError> {
        self.check()?;
        let (file, _) = &self.layout.files()[self.files.len()];
        let (stored, codec) = match self.current.take() {
            Some(Current::Whole { len, .. }) => {
                self.ahead.release(len);
                (len, Some(Codec::Brotli))
            }
            Some(Current::Streamed(stream)) => (stream.encoder.len(), Some(Codec::Brotli)),
            _ => (file.size, None),
        };
        self.files.push(Stored {
            offset: self.stored,
            stored,
            codec,
        });
        self.stored += stored;
        self.source += file.size;
        Ok(())
    }

    /// What was read of the current file must be what was gathered.
    fn check(&self) -> Result<(), SourceError> {
        let open = match &self.current {
            Some(Current::Raw { file, .. }) => file,
            Some(Current::Streamed(stream)) => &stream.file,
            // It was checked when it was compressed.
            Some(Current::Whole { .. }) | None => return Ok(()),
        };
        let (file, _) = &self.layout.files()[self.files.len()];
        let found = open.metadata().map_err(|source| failed(file, source))?;
        unchanged(file, &found)
    }
}

impl Plaintext for Ordered {
    type Error = SealError;

    fn fill(&mut self, at: u64, text: &mut [u8]) -> Result<usize, SealError> {
        let mut filled = 0;
        if self.len.is_none() {
            filled = self.files(text)?;
            if filled == text.len() {
                return Ok(filled);
            }
        }
        let len = *self.len.get_or_insert_with(|| {
            self.made.0.get_or_init(|| std::mem::take(&mut self.files));
            if self.pad {
                padded_len(self.stored)
            } else {
                self.stored
            }
        });
        let left = usize::try_from(len.saturating_sub(at)).unwrap_or(usize::MAX);
        let end = left.min(text.len());
        text[filled..end].fill(0);
        Ok(end)
    }

    fn end_part(&mut self) -> Result<(), SealError> {
        Ok(self.check()?)
    }

    fn source(&self) -> Option<u64> {
        let current = self.current.as_ref();
        Some(
            self.source
                + current.map_or(0, |current| current.source(&self.layout, self.files.len())),
        )
    }
}

impl Current {
    fn new(file: &SourceFile, form: Form) -> Result<Self, SourceError> {
        let open = || File::open(&file.path).map_err(|source| failed(file, source));
        Ok(match form {
            Form::Raw => Self::Raw {
                file: open()?,
                at: 0,
            },
            Form::Whole(Whole { pieces, len }) => Self::Whole {
                pieces: pieces.into_iter(),
                piece: Box::default(),
                used: 0,
                at: 0,
                len,
            },
            Form::Streamed => Self::Streamed(Box::new(Streamed {
                file: open()?,
                encoder: Encoder::new(file.size),
                read: 0,
                text: vec![0; MAX_READ],
                out: Vec::new(),
                used: 0,
                ended: false,
            })),
        })
    }

    /// Gives out some bytes, none only at the file's end.
    fn give(
        &mut self,
        index: usize,
        source: &SourceFile,
        text: &mut [u8],
    ) -> Result<usize, SealError> {
        match self {
            Self::Raw { file, at } => {
                let left = usize::try_from(source.size - *at).unwrap_or(usize::MAX);
                let len = left.min(text.len()).min(MAX_READ);
                file.read_exact_at(&mut text[..len], *at)
                    .map_err(|error| is_cut(source, error))?;
                *at += len as u64;
                Ok(len)
            }
            Self::Whole {
                pieces,
                piece,
                used,
                at,
                ..
            } => {
                while *used == piece.len() {
                    let Some(next) = pieces.next() else {
                        return Ok(0);
                    };
                    (*piece, *used) = (next, 0);
                }
                let len = give(piece, used, text);
                *at += len as u64;
                Ok(len)
            }
            Self::Streamed(stream) => {
                while stream.used == stream.out.len() {
                    if stream.ended {
                        return Ok(0);
                    }
                    stream.next(index, source)?;
                }
                Ok(give(&stream.out, &mut stream.used, text))
            }
        }
    }

    /// Bytes of the source that were given out.
    fn source(&self, layout: &Layout, index: usize) -> u64 {
        match self {
            Self::Raw { at, .. } => *at,
            Self::Streamed(stream) => stream.read,
            Self::Whole { at, len, .. } => {
                let size = layout.files().get(index).map_or(0, |(file, _)| file.size);
                let share = u128::from(size) * u128::from(*at) / u128::from((*len).max(1));
                u64::try_from(share).unwrap_or(size)
            }
        }
    }
}

impl Streamed {
    /// Reads and compresses a piece more.
    fn next(&mut self, index: usize, source: &SourceFile) -> Result<(), SealError> {
        self.out.clear();
        self.used = 0;
        let left = usize::try_from(source.size - self.read).unwrap_or(usize::MAX);
        let len = left.min(self.text.len());
        let text = &mut self.text[..len];
        if text.is_empty() {
            self.encoder.finish(&mut self.out)?;
            self.ended = true;
        } else {
            self.file
                .read_exact_at(text, self.read)
                .map_err(|error| is_cut(source, error))?;
            self.encoder.push(text, &mut self.out)?;
            self.read += len as u64;
        }
        // Never larger: what left before is taken back with its share key.
        if self.encoder.len() >= source.size {
            return Err(SealError::NotSmaller(index));
        }
        Ok(())
    }
}

fn give(from: &[u8], used: &mut usize, text: &mut [u8]) -> usize {
    let len = (from.len() - *used).min(text.len());
    text[..len].copy_from_slice(&from[*used..*used + len]);
    *used += len;
    len
}
