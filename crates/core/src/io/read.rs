//! Decrypting what is read.

use std::fmt;
use std::io::{self, Read};
use std::ops::Range;

use alloc::vec;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::StreamError;
use super::suites::AnyDecryptor;
use crate::header::{HEADER_LEN, Header};
use crate::keys::ShareKey;
use crate::payload::{DecryptError, text_range};

/// Reads a standalone stream and gives its plaintext.
///
/// Every byte that it gives is authentic and in its place, but only `Ok(0)` says that they are all:
/// WHAT CAME BEFORE AN ERROR IS A PART AND MUST NOT BE PRESENTED AS THE WHOLE.
///
/// ```
/// use std::io::{Read, Write};
///
/// use onekey_core::cipher::Suite;
/// use onekey_core::io::{DecryptReader, StreamError, encrypt_writer};
/// use onekey_core::keys::ShareKey;
/// use onekey_core::payload::DecryptError;
/// use onekey_core::size::ChunkSize;
///
/// # fn main() -> std::io::Result<()> {
/// let mut rng = rand::rng();
/// let share = ShareKey::generate(&mut rng);
/// let mut writer = encrypt_writer(&share, Suite::Aes256Gcm, ChunkSize::MIN, Vec::new(), rng)?;
/// writer.write_all(&[7; 1500])?;
/// let mut sealed = writer.finish()?;
///
/// // A flipped bit in the second chunk: the first one is given, then the error.
/// let last = sealed.len() - 1;
/// sealed[last] ^= 1;
/// let mut plaintext = Vec::new();
/// let error = DecryptReader::new(&share, &sealed[..])?.read_to_end(&mut plaintext).unwrap_err();
/// assert_eq!(StreamError::of(&error), Some(DecryptError::Chunk { index: 1 }.into()));
/// assert_eq!(plaintext, [7; 1024]);
/// # Ok(())
/// # }
/// ```
pub struct DecryptReader<R> {
    reader: R,
    state: State,
    /// One encrypted chunk, decrypted in place.
    chunk: Zeroizing<Vec<u8>>,
    /// Bytes of the next chunk that were read so far; kept when the reader fails, so that a call
    /// after `WouldBlock` goes on.
    filled: usize,
    /// Plaintext in `chunk` that was not given yet.
    ready: Range<usize>,
}

enum State {
    /// The last chunk has not come yet.
    Open(AnyDecryptor),
    /// The last chunk was authentic.
    Ended,
    /// Something was not, and nothing more is given.
    Failed,
}

impl<R: Read> DecryptReader<R> {
    /// Reads the header and checks that it commits to `share`.
    ///
    /// # Errors
    /// Those of `reader`; [`StreamError::Header`] or [`StreamError::WrongKey`]. Nothing was decrypted then.
    pub fn new(share: &ShareKey, mut reader: R) -> io::Result<Self> {
        let mut header = [0; HEADER_LEN];
        let mut filled = 0;
        fill(&mut reader, &mut header, &mut filled)?;
        let header = Header::parse(&header[..filled]).map_err(StreamError::from)?;
        let keys = header.keys(share).map_err(StreamError::from)?;
        Ok(Self {
            reader,
            state: State::Open(AnyDecryptor::new(&header, &keys)),
            chunk: Zeroizing::new(vec![0; header.chunk_size().encrypted()]),
            filled: 0,
            ready: 0..0,
        })
    }

    /// Reads and decrypts the next chunk. A full one is never the last: what is read after it decides.
    fn next_chunk(&mut self) -> io::Result<()> {
        match &self.state {
            State::Open(_) => fill(&mut self.reader, &mut self.chunk, &mut self.filled)?,
            State::Ended => return Ok(()),
            State::Failed => return Err(StreamError::from(DecryptError::Failed).into()),
        }
        let State::Open(mut decryptor) = std::mem::replace(&mut self.state, State::Failed) else {
            unreachable!("the state is open, as matched above");
        };
        let len = std::mem::take(&mut self.filled);
        if len == self.chunk.len() {
            decryptor
                .decrypt_next(&mut self.chunk)
                .map_err(StreamError::from)?;
            self.state = State::Open(decryptor);
        } else {
            decryptor
                .decrypt_last(&mut self.chunk[..len])
                .map_err(StreamError::from)?;
            self.state = State::Ended;
        }
        self.ready = text_range(len);
        Ok(())
    }
}

impl<R: Read> Read for DecryptReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        // One round is enough: only the last chunk can be empty.
        if self.ready.is_empty() {
            self.next_chunk()?;
        }
        let given = buf.len().min(self.ready.len());
        let end = self.ready.start + given;
        buf[..given].copy_from_slice(&self.chunk[self.ready.start..end]);
        self.ready.start = end;
        Ok(given)
    }
}

impl<R> fmt::Debug for DecryptReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptReader").finish_non_exhaustive()
    }
}

/// Reads until `buf` is full or the reader ends, counting in `filled`.
fn fill(reader: &mut impl Read, buf: &mut [u8], filled: &mut usize) -> io::Result<()> {
    while *filled < buf.len() {
        match reader.read(&mut buf[*filled..]) {
            Ok(0) => break,
            Ok(read) => *filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
