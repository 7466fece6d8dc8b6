//! Encrypting what is written.

use std::fmt;
use std::io::{self, Write};

use alloc::vec;
use alloc::vec::Vec;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::StreamError;
use super::suites::AnyEncryptor;
use crate::cipher::{NONCE_LEN, OVERHEAD, Suite};
use crate::header::Header;
use crate::keys::ShareKey;
use crate::size::ChunkSize;

/// Encrypts what is written to it and writes a standalone stream. Made by [`encrypt_writer`].
///
/// CALL [`finish`](Self::finish) AT THE END. A STREAM THAT IS DROPPED WITHOUT IT LACKS ITS LAST CHUNK, AND EVERY
/// READER REFUSES IT AS TRUNCATED. Dropping does not do it, because a program that failed half-way must
/// not leave a stream that looks whole.
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
///
/// let (suite, chunk_size) = (Suite::ChaCha20Poly1305, ChunkSize::DEFAULT);
/// let mut writer = encrypt_writer(&share, suite, chunk_size, Vec::new(), rng)?;
/// writer.write_all(b"hello")?;
/// let sealed = writer.finish()?;
///
/// let mut text = String::new();
/// DecryptReader::new(&share, &sealed[..])?.read_to_string(&mut text)?;
/// assert_eq!(text, "hello");
///
/// // Without its end the stream is refused.
/// let mut cut = DecryptReader::new(&share, &sealed[..72])?;
/// let error = cut.read_to_string(&mut text).unwrap_err();
/// assert_eq!(StreamError::of(&error), Some(DecryptError::Truncated.into()));
/// # Ok(())
/// # }
/// ```
#[must_use = "the stream is truncated unless `finish` is called"]
pub struct EncryptWriter<W, R> {
    writer: W,
    rng: R,
    encryptor: AnyEncryptor,
    /// One encrypted chunk. Its plaintext is collected in place, behind the nonce.
    chunk: Zeroizing<Vec<u8>>,
    /// Bytes of plaintext in `chunk`: fewer than C between calls.
    filled: usize,
    failed: bool,
}

/// Begins a standalone stream: writes its header to `writer`, then encrypts what comes.
///
/// Use a share key for one stream only. [`EncryptWriter`] shows it at work.
///
/// # Errors
/// Those of `writer`.
pub fn encrypt_writer<W: Write, R: CryptoRng>(
    share: &ShareKey,
    suite: Suite,
    chunk_size: ChunkSize,
    mut writer: W,
    mut rng: R,
) -> io::Result<EncryptWriter<W, R>> {
    let header = Header::new(suite, chunk_size, share, &mut rng);
    let keys = header
        .keys(share)
        .expect("the header commits to the key that it was made with");
    writer.write_all(header.as_bytes())?;
    Ok(EncryptWriter {
        writer,
        rng,
        encryptor: AnyEncryptor::new(&header, &keys),
        chunk: Zeroizing::new(vec![0; chunk_size.encrypted()]),
        filled: 0,
        failed: false,
    })
}

impl<W: Write, R: CryptoRng> EncryptWriter<W, R> {
    /// Writes the last chunk, flushes, and returns the writer.
    ///
    /// WITHOUT THIS CALL THE STREAM IS TRUNCATED AND NO READER ACCEPTS IT.
    ///
    /// # Errors
    /// Those of the writer; [`StreamError`] for a stream that failed before or is too long. The stream
    /// is then not whole.
    pub fn finish(mut self) -> io::Result<W> {
        if self.failed {
            return Err(StreamError::Failed.into());
        }
        let chunk = &mut self.chunk[..self.filled + OVERHEAD];
        self.encryptor
            .encrypt_last(&mut self.rng, chunk)
            .map_err(StreamError::from)?;
        self.writer.write_all(chunk)?;
        self.writer.flush()?;
        Ok(self.writer)
    }

    fn write_chunk(&mut self) -> io::Result<()> {
        self.encryptor
            .encrypt_next(&mut self.rng, &mut self.chunk)
            .map_err(StreamError::from)?;
        self.writer.write_all(&self.chunk)?;
        self.filled = 0;
        Ok(())
    }
}

impl<W: Write, R: CryptoRng> Write for EncryptWriter<W, R> {
    /// Takes what fits into the chunk, and writes the chunk once it is full.
    ///
    /// After an error the stream has a gap: every later call fails.
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.failed {
            return Err(StreamError::Failed.into());
        }
        let free = self.chunk.len() - OVERHEAD - self.filled;
        let taken = buf.len().min(free);
        let at = NONCE_LEN + self.filled;
        self.chunk[at..at + taken].copy_from_slice(&buf[..taken]);
        self.filled += taken;
        if taken == free {
            // Nobody can tell how much of the chunk went out.
            self.failed = true;
            self.write_chunk()?;
            self.failed = false;
        }
        Ok(taken)
    }

    /// Flushes the writer underneath. A chunk that is not full stays here until `finish`: a short one
    /// would be the last.
    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl<W, R> fmt::Debug for EncryptWriter<W, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptWriter").finish_non_exhaustive()
    }
}
