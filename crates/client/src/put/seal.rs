//! Threads that read, encrypt and hash parts.
//!
//! A part's buffer goes round: a worker fills it, the sender sends it, the worker gets it back. So there
//! are never more parts in memory than buffers, and no part begins before one is free. They are threads of their own, not
//! the runtime's: a reader may block for ever, and then must not keep the runtime from ending.

mod work;
mod worker;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, mpsc as blocking};
use std::thread;

use bytes::{Bytes, BytesMut};
use onekey_core::cipher::Aes256Gcm;
use onekey_core::payload::PayloadCipher;
use tokio::sync::mpsc;

pub(super) use work::{Cut, Parts, Work};

use self::worker::Worker;
use super::plaintext::Plaintext;
use crate::error::{PutError, SourceError};

/// Why a part is not sealed.
#[derive(Debug)]
pub(super) enum SealError {
    /// Its plaintext is not the one that was recorded for it: it must not leave under this share key.
    Differs,
    /// The file of this index was compressed while it streamed, and does not get smaller.
    NotSmaller(usize),
    /// Anything else.
    Put(PutError),
}

/// What a worker made of a part.
pub(super) enum Made {
    /// It is to be sent.
    Sealed(Part),
    /// The server has it, and its plaintext is the one that was recorded.
    There(There),
}

/// An encrypted part. Repetitions send these very bytes: the plaintext is never read again, so nobody can make
/// two versions of a part from a file that changes.
pub(super) struct Part {
    pub(super) number: u64,
    pub(super) body: Bytes,
    /// `Content-Digest`.
    pub(super) digest: String,
    /// Whether an earlier put may have sent it, with the same plaintext.
    pub(super) repeated: bool,
    /// What it counts for whoever watches.
    pub(super) progress: u64,
    /// The buffer that `body` is the beginning of.
    buffer: Bytes,
}

/// A part that was compared and not encrypted.
pub(super) struct There {
    /// Bytes of it in the payload.
    pub(super) len: u64,
    pub(super) progress: u64,
    buffer: BytesMut,
}

/// The way to the workers and back.
pub(super) struct Workers {
    parts: mpsc::Receiver<Result<Made, SealError>>,
    free: blocking::Sender<BytesMut>,
}

impl Workers {
    /// Starts one worker for each of `plaintexts`, with `buffers` buffers in all. They end when their parts are
    /// done or this is dropped.
    pub(super) fn start<P: Plaintext + 'static>(
        cipher: &Arc<PayloadCipher<Aes256Gcm>>,
        work: Work,
        plaintexts: impl IntoIterator<Item = P>,
        buffers: usize,
    ) -> Result<Self, PutError> {
        let work = Arc::new(work);
        let (free, freed) = blocking::channel();
        let (send, parts) = mpsc::channel(buffers);
        for _ in 0..buffers {
            // The receiver is in scope.
            let _ = free.send(BytesMut::new());
        }
        let freed = Arc::new(Mutex::new(freed));
        let next = Arc::new(AtomicU64::new(0));
        for plaintext in plaintexts {
            let mut worker = Worker {
                cipher: Arc::clone(cipher),
                work: Arc::clone(&work),
                plaintext,
                source: 0,
                next: Arc::clone(&next),
            };
            let (freed, send) = (Arc::clone(&freed), send.clone());
            thread::Builder::new()
                .name("onekey-seal".to_owned())
                .spawn(move || worker.run(&freed, &send))
                .map_err(|_| PutError::Cancelled)?;
        }
        Ok(Self { parts, free })
    }

    /// Returns the next part, or `None` when there are no more.
    pub(super) async fn next(&mut self) -> Option<Result<Made, SealError>> {
        self.parts.recv().await
    }

    /// Gives the buffer of a part that was sent to the next one.
    pub(super) fn recycle(&self, part: Part) {
        let Part { body, buffer, .. } = part;
        drop(body);
        // The connection may still hold a piece; then a new buffer takes the place of this one.
        let buffer = buffer.try_into_mut().unwrap_or_default();
        // Workers that are done need none.
        let _ = self.free.send(buffer);
    }

    /// Gives the buffer of a part that is there to the next one.
    pub(super) fn pass(&self, there: There) {
        let _ = self.free.send(there.buffer);
    }
}

impl From<PutError> for SealError {
    fn from(error: PutError) -> Self {
        Self::Put(error)
    }
}

impl From<SourceError> for SealError {
    fn from(error: SourceError) -> Self {
        Self::Put(error.into())
    }
}

impl From<SealError> for PutError {
    fn from(error: SealError) -> Self {
        match error {
            // Nothing is compared unless something is continued, and then it starts over; as it does with a file that does
            // not get smaller.
            SealError::Differs | SealError::NotSmaller(_) => Self::Cancelled,
            SealError::Put(error) => error,
        }
    }
}

/// RFC 9530: the one place where the protocol has standard base64, with padding.
fn content_digest(sha256: &[u8]) -> String {
    let mut text = onekey_core::base64url::encode(sha256)
        .replace('-', "+")
        .replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    format!("sha-256=:{text}:")
}

#[cfg(test)]
mod tests;
