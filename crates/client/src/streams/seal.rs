//! Sealing: chunks of plaintext are read into their places in the buffer, encrypted there, and written as one piece.

use std::fs::File;
use std::io::{self, Read, Write};

use onekey_core::cipher::{Aes256Gcm, ChaCha20Poly1305, Cipher, NONCE_LEN, OVERHEAD, Suite};
use onekey_core::header::{ContainerKeys, Header};
use onekey_core::keys::ShareKey;
use onekey_core::payload::{EncryptError, PayloadCipher};
use onekey_core::size::ChunkSize;

use super::pipeline::{self, Failure, Work};
use super::source::{Source, fill};
use super::{SUITE_MATCHES, StreamOptions, chunks_of_batch};
use crate::error::SealError;
use crate::progress::Progress;

/// Seals `input` from its current position to its end, and writes the stream to `output`. Returns the bytes that were
/// sealed.
///
/// A file is read at several places at once, anything else in order. What was written when this fails is not whole, and
/// every reader refuses it. Use a share key for one stream only.
///
/// # Errors
/// [`SealError`].
pub fn seal(
    share: &ShareKey,
    input: File,
    output: &mut (dyn Write + Send),
    options: StreamOptions,
    progress: &dyn Progress,
) -> Result<u64, SealError> {
    if options.workers == 0 {
        return Err(SealError::Zero);
    }
    let mut source = Source::new(input).map_err(SealError::Read)?;
    let len = source.remaining();
    if len.is_some_and(|len| ChunkSize::DEFAULT.payload_len(len).is_err()) {
        return Err(SealError::TooLong);
    }
    let header = Header::new(options.suite, ChunkSize::DEFAULT, share, &mut rand::rng());
    let keys = header
        .keys(share)
        .expect("the header commits to the key that it was made with");
    progress.begin(len);
    output
        .write_all(header.as_bytes())
        .map_err(SealError::Write)?;
    let sealed = match options.suite {
        Suite::Aes256Gcm => run::<Aes256Gcm>(&header, &keys, &source, output, options, progress),
        Suite::ChaCha20Poly1305 => {
            run::<ChaCha20Poly1305>(&header, &keys, &source, output, options, progress)
        }
    };
    let sealed = sealed.map_err(SealError::from)?;
    // Of a file that became shorter this would be the beginning. One that grew is sealed as far as it was read.
    if len.is_some_and(|len| sealed < len) {
        return Err(SealError::Changed);
    }
    output.flush().map_err(SealError::Write)?;
    source.pass(sealed);
    progress.finish();
    Ok(sealed)
}

fn run<A: Cipher + Sync>(
    header: &Header,
    keys: &ContainerKeys,
    source: &Source,
    output: &mut (dyn Write + Send),
    options: StreamOptions,
    progress: &dyn Progress,
) -> Result<u64, Failure<EncryptError>> {
    let cipher = PayloadCipher::<A>::new(header, keys).expect(SUITE_MATCHES);
    pipeline::run(&Seal(cipher), source, output, options.workers, progress)
}

struct Seal<A>(PayloadCipher<A>);

impl<A: Cipher + Sync> Work for Seal<A> {
    type Error = EncryptError;

    fn batch_len(&self) -> usize {
        chunks_of_batch(self.0.chunk_size()) * self.0.chunk_size().plaintext()
    }

    fn buffer_len(&self) -> usize {
        chunks_of_batch(self.0.chunk_size()) * self.0.chunk_size().encrypted()
    }

    fn read(&self, reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
        let chunk_size = self.0.chunk_size();
        let mut read = 0;
        for chunk in buffer.chunks_exact_mut(chunk_size.encrypted()) {
            let filled = fill(reader, &mut chunk[NONCE_LEN..][..chunk_size.plaintext()])?;
            read += filled;
            if filled < chunk_size.plaintext() {
                break;
            }
        }
        Ok(read)
    }

    fn transform(
        &self,
        index: u64,
        buffer: &mut [u8],
        read: usize,
    ) -> (usize, Result<(), EncryptError>) {
        let first = index * chunks_of_batch(self.0.chunk_size()) as u64;
        let rng = &mut rand::rng();
        let mut done = 0;
        for chunk in buffer[..self.sealed_len(read)].chunks_mut(self.0.chunk_size().encrypted()) {
            if let Err(error) = self.0.encrypt_chunk(first + done as u64, rng, chunk) {
                return (done, Err(error));
            }
            done += 1;
        }
        (done, Ok(()))
    }

    fn write(
        &self,
        buffer: &[u8],
        read: usize,
        chunks: usize,
        output: &mut dyn Write,
    ) -> io::Result<()> {
        let len = self
            .sealed_len(read)
            .min(chunks * self.0.chunk_size().encrypted());
        output.write_all(&buffer[..len])
    }
}

impl<A: Cipher> Seal<A> {
    /// Returns the length of a batch that holds `read` bytes: one that is not full ends with the last chunk.
    fn sealed_len(&self, read: usize) -> usize {
        let chunk_size = self.0.chunk_size();
        let full = read / chunk_size.plaintext();
        if full == chunks_of_batch(chunk_size) {
            return full * chunk_size.encrypted();
        }
        full * chunk_size.encrypted() + read % chunk_size.plaintext() + OVERHEAD
    }
}

impl From<Failure<EncryptError>> for SealError {
    fn from(failure: Failure<EncryptError>) -> Self {
        match failure {
            Failure::Changed => Self::Changed,
            Failure::Read(error) => Self::Read(error),
            Failure::Work(_) => Self::TooLong,
            Failure::Write(error) => Self::Write(error),
        }
    }
}
