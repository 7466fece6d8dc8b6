//! Unsealing: a batch of chunks is read as one piece, decrypted in place, and its plaintext written.

use std::fs::File;
use std::io::{self, Read, Write};

use onekey_core::cipher::{Aes256Gcm, ChaCha20Poly1305, Cipher, Suite};
use onekey_core::header::{ContainerKeys, HEADER_LEN, Header, MAGIC, ParseHeaderError};
use onekey_core::keys::ShareKey;
use onekey_core::payload::{DecryptError, PayloadCipher, text_range};
use zeroize::Zeroizing;

use super::pipeline::{self, Failure, Work};
use super::source::{Source, fill};
use super::{SUITE_MATCHES, StreamOptions, chunks_of_batch};
use crate::error::UnsealError;
use crate::progress::Progress;

/// Reads a stream from the current position of `input` to its end, and writes its plaintext to `output`. Returns the
/// bytes of input that were read.
///
/// Every byte that is written is authentic and in its place, but only `Ok` says that they are all: WHAT WAS WRITTEN
/// BEFORE AN ERROR IS A PART AND MUST NOT BE PRESENTED AS THE WHOLE. Of a file the length and the last chunk are
/// checked before anything is written, so that one which was cut is refused at once.
///
/// # Errors
/// [`UnsealError`].
pub fn unseal(
    share: &ShareKey,
    input: File,
    output: &mut (dyn Write + Send),
    options: StreamOptions,
    progress: &dyn Progress,
) -> Result<u64, UnsealError> {
    if options.workers == 0 {
        return Err(UnsealError::Zero);
    }
    let mut source = Source::new(input).map_err(UnsealError::Read)?;
    let total = source.remaining();
    let header = read_header(&mut source)?;
    let keys = header.keys(share).map_err(|_| UnsealError::WrongKey)?;
    progress.begin(total);
    progress.advance(HEADER_LEN as u64);
    let unsealed = match header.suite() {
        Suite::Aes256Gcm => run::<Aes256Gcm>(&header, &keys, &source, output, options, progress),
        Suite::ChaCha20Poly1305 => {
            run::<ChaCha20Poly1305>(&header, &keys, &source, output, options, progress)
        }
    }?;
    output.flush().map_err(UnsealError::Write)?;
    source.pass(unsealed);
    progress.finish();
    Ok(HEADER_LEN as u64 + unsealed)
}

fn read_header(source: &mut Source) -> Result<Header, UnsealError> {
    let mut bytes = [0; HEADER_LEN];
    let read = source.read_first(&mut bytes).map_err(UnsealError::Read)?;
    Header::parse(&bytes[..read]).map_err(|error| match error {
        // Too short for a header, and not the beginning of one either.
        ParseHeaderError::Truncated if !bytes.starts_with(&MAGIC[..read.min(MAGIC.len())]) => {
            ParseHeaderError::Magic.into()
        }
        error => error.into(),
    })
}

fn run<A: Cipher + Sync>(
    header: &Header,
    keys: &ContainerKeys,
    source: &Source,
    output: &mut (dyn Write + Send),
    options: StreamOptions,
    progress: &dyn Progress,
) -> Result<u64, UnsealError> {
    let cipher = PayloadCipher::<A>::new(header, keys).expect(SUITE_MATCHES);
    let unseal = Unseal(cipher);
    unseal.check_end(source)?;
    Ok(pipeline::run(
        &unseal,
        source,
        output,
        options.workers,
        progress,
    )?)
}

struct Unseal<A>(PayloadCipher<A>);

impl<A: Cipher> Unseal<A> {
    /// Checks length and last chunk of a file.
    fn check_end(&self, source: &Source) -> Result<(), UnsealError> {
        let Some(len) = source.remaining() else {
            return Ok(());
        };
        let chunk_size = self.0.chunk_size();
        if chunk_size.plaintext_len(len).is_err() {
            return Err(DecryptError::Truncated.into());
        }
        let index = len / chunk_size.encrypted() as u64;
        let at = index * chunk_size.encrypted() as u64;
        let mut chunk = Zeroizing::new(vec![0; (len - at) as usize]);
        match source.read_at(at, &mut chunk) {
            Some(Ok(read)) if read == chunk.len() => {}
            Some(Err(error)) => return Err(UnsealError::Read(error)),
            _ => return Err(UnsealError::Changed),
        }
        self.0.decrypt_chunk(index, &mut chunk)?;
        Ok(())
    }
}

impl<A: Cipher + Sync> Work for Unseal<A> {
    type Error = DecryptError;

    fn batch_len(&self) -> usize {
        chunks_of_batch(self.0.chunk_size()) * self.0.chunk_size().encrypted()
    }

    fn buffer_len(&self) -> usize {
        self.batch_len()
    }

    fn read(&self, reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
        fill(reader, buffer)
    }

    fn transform(
        &self,
        index: u64,
        buffer: &mut [u8],
        read: usize,
    ) -> (usize, Result<(), DecryptError>) {
        let first = index * chunks_of_batch(self.0.chunk_size()) as u64;
        let encrypted = self.0.chunk_size().encrypted();
        let mut done = 0;
        for chunk in buffer[..read].chunks_mut(encrypted) {
            if let Err(error) = self.0.decrypt_chunk(first + done as u64, chunk) {
                return (done, Err(error));
            }
            done += 1;
        }
        // A full chunk is never last.
        let ended = read < buffer.len() && read.is_multiple_of(encrypted);
        (
            done,
            if ended {
                Err(DecryptError::Truncated)
            } else {
                Ok(())
            },
        )
    }

    fn write(
        &self,
        buffer: &[u8],
        read: usize,
        chunks: usize,
        output: &mut dyn Write,
    ) -> io::Result<()> {
        let pieces = buffer[..read].chunks(self.0.chunk_size().encrypted());
        for chunk in pieces.take(chunks) {
            output.write_all(&chunk[text_range(chunk.len())])?;
        }
        Ok(())
    }
}

impl From<Failure<DecryptError>> for UnsealError {
    fn from(failure: Failure<DecryptError>) -> Self {
        match failure {
            Failure::Changed => Self::Changed,
            Failure::Read(error) => Self::Read(error),
            Failure::Work(error) => Self::Damaged(error),
            Failure::Write(error) => Self::Write(error),
        }
    }
}
