//! Threads that read, encrypt and hash parts.
//!
//! A part's buffer goes round: a worker fills it, the sender sends it, the worker gets it back. So there
//! are never more parts in memory than buffers, and no part begins before one is free. They are threads of their own, not
//! the runtime's: a reader may block for ever, and then must not keep the runtime from ending.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc as blocking};
use std::thread;

use bytes::{Bytes, BytesMut};
use onekey_core::cipher::{Aes256Gcm, NONCE_LEN, OVERHEAD};
use onekey_core::payload::PayloadCipher;
use onekey_core::size::SizeError;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::plaintext::Plaintext;
use super::records::Records;
use crate::error::{PutError, SourceError};

/// How a payload is cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    /// Bytes of every part but the last.
    pub(super) part_size: u64,
    /// Parts, or `None` until the plaintext ends.
    pub(super) parts: Option<u64>,
    /// Length of the payload, where it is known.
    pub(super) len: Option<u64>,
}

/// What workers do: all parts, or those that are missing.
pub(super) struct Work {
    pub(super) cut: Cut,
    /// The parts to send, ascending, or `None` for all.
    pub(super) missing: Option<Vec<u64>>,
    /// Where every part's plaintext is recorded before the part leaves, if the put can be continued.
    pub(super) records: Option<Records>,
}

/// Why a part is not sealed.
#[derive(Debug)]
pub(super) enum SealError {
    /// Its plaintext is not the one that was recorded for it: it must not leave under this share key.
    Differs,
    /// Anything else.
    Put(PutError),
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
    /// The buffer that `body` is the beginning of.
    buffer: Bytes,
}

/// The way to the workers and back.
pub(super) struct Workers {
    parts: mpsc::Receiver<Result<Part, SealError>>,
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
    pub(super) async fn next(&mut self) -> Option<Result<Part, SealError>> {
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
}

struct Worker<P> {
    cipher: Arc<PayloadCipher<Aes256Gcm>>,
    work: Arc<Work>,
    plaintext: P,
    /// The place of the next part that nobody has taken.
    next: Arc<AtomicU64>,
}

impl<P: Plaintext> Worker<P> {
    fn run(
        &mut self,
        freed: &Mutex<blocking::Receiver<BytesMut>>,
        send: &mpsc::Sender<Result<Part, SealError>>,
    ) {
        loop {
            if self
                .work
                .number(self.next.load(Ordering::Relaxed))
                .is_none()
            {
                return;
            }
            // One worker waits in here, the others for the lock; the order does not matter.
            let buffer = freed.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(buffer) = buffer else { return };
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(number) = self.work.number(place) else {
                return;
            };
            let sealed = self.seal(number, buffer);
            let goes_on = matches!(sealed, Ok((_, false)));
            let closed = send.blocking_send(sealed.map(|(part, _)| part)).is_err();
            if closed || !goes_on {
                return;
            }
        }
    }

    /// Reads, records, encrypts and hashes part `number`. Tells whether it is the last one.
    fn seal(&mut self, number: u64, mut buffer: BytesMut) -> Result<(Part, bool), SealError> {
        let chunk_size = self.cipher.chunk_size();
        let (plain, encrypted) = (chunk_size.plaintext(), chunk_size.encrypted());
        let part_size = self.work.cut.part_size;
        let first = number * (part_size / encrypted as u64);
        buffer.resize(self.buffer_len(number), 0);

        let rng = &mut rand::rng();
        let mut digest = Sha256::new();
        let mut plaintext = self.work.records.as_ref().map(Records::start);
        let (mut used, mut ended) = (0, false);
        for index in first.. {
            if ended || used as u64 == part_size {
                break;
            }
            let space = (used + encrypted).min(buffer.len());
            let chunk = &mut buffer[used..space];
            let text = chunk.len() - OVERHEAD;
            let text = &mut chunk[NONCE_LEN..][..text];
            let filled = self.plaintext.fill(index * plain as u64, text)?;
            ended = filled < plain;
            if let Some(plaintext) = &mut plaintext {
                plaintext.update(&text[..filled]);
            }
            let chunk = &mut chunk[..filled + OVERHEAD];
            self.cipher
                .encrypt_chunk(index, rng, chunk)
                .map_err(|_| PutError::from(SizeError::TooLarge))?;
            // Hashed while it is in the cache.
            digest.update(&*chunk);
            used += chunk.len();
        }
        self.plaintext.end_part()?;
        // Here and not later: what this function returns may leave at once.
        let repeated = match (&self.work.records, plaintext) {
            (Some(records), Some(plaintext)) => records.admit(number, plaintext)?,
            _ => false,
        };

        let buffer = buffer.freeze();
        let part = Part {
            number,
            body: buffer.slice(..used),
            digest: content_digest(&digest.finalize()),
            repeated,
            buffer,
        };
        Ok((part, ended))
    }

    /// A whole part, or what is left of a payload of known length.
    fn buffer_len(&self, number: u64) -> usize {
        usize::try_from(self.work.cut.part_len(number)).expect("a part has at most 64 MiB")
    }
}

impl Cut {
    /// Bytes of a part: of the last one, what is left of a known length.
    pub(super) fn part_len(&self, number: u64) -> u64 {
        let left = self
            .len
            .map_or(u64::MAX, |len| len.saturating_sub(number * self.part_size));
        left.min(self.part_size)
    }
}

impl Work {
    /// Number and length together of the parts to send. Of a known length only.
    pub(super) fn all(&self) -> (u64, u64) {
        let Some(missing) = &self.missing else {
            let Cut { parts, len, .. } = self.cut;
            return (parts.unwrap_or_default(), len.unwrap_or_default());
        };
        let lens = missing.iter().map(|number| self.cut.part_len(*number));
        (missing.len() as u64, lens.sum())
    }

    /// The part at a place of the list.
    fn number(&self, place: u64) -> Option<u64> {
        match (&self.missing, self.cut.parts) {
            (Some(missing), _) => missing.get(usize::try_from(place).ok()?).copied(),
            (None, Some(parts)) => (place < parts).then_some(place),
            (None, None) => Some(place),
        }
    }
}

impl From<Cut> for Work {
    fn from(cut: Cut) -> Self {
        Self {
            cut,
            missing: None,
            records: None,
        }
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
            // Nothing is compared unless something is continued, and then it starts over.
            SealError::Differs => Self::Cancelled,
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
mod tests {
    use onekey_core::cipher::Suite;
    use onekey_core::header::Header;
    use onekey_core::keys::ShareKey;
    use onekey_core::payload::Decryptor;
    use onekey_core::size::ChunkSize;

    use super::super::plaintext::Pipe;
    use super::*;

    #[test]
    fn digests_are_standard_base64() {
        let digest = content_digest(&[0xfb, 0xff, 0xfe, 0]);
        assert_eq!(digest, "sha-256=:+//+AA==:");
    }

    /// Seals `len` bytes of 7 without padding as parts of two chunks, and returns the parts.
    async fn seal(len: u64, known: bool) -> Vec<usize> {
        let rng = &mut rand::rng();
        let share = ShareKey::generate(rng);
        let header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, rng);
        let keys = header.keys(&share).unwrap();
        let cipher = Arc::new(PayloadCipher::new(&header, &keys).unwrap());
        let part_size = 2 * ChunkSize::MIN.encrypted() as u64;
        let payload = ChunkSize::MIN.payload_len(len).unwrap();
        let cut = Cut {
            part_size,
            parts: known.then_some(payload.div_ceil(part_size)),
            len: known.then_some(payload),
        };
        let reader = std::io::Read::take(std::io::repeat(7), len);
        let (pipe, _) = Pipe::new(reader, false);
        let mut workers = Workers::start(&cipher, cut.into(), [pipe], 2).unwrap();
        let (mut all, mut lens) = (Vec::new(), Vec::new());
        while let Some(part) = workers.next().await {
            let part = part.unwrap();
            assert_eq!(part.number, lens.len() as u64);
            assert_eq!(part.digest, content_digest(&Sha256::digest(&part.body)));
            lens.push(part.body.len());
            all.extend_from_slice(&part.body);
            workers.recycle(part);
        }
        assert_eq!(all.len() as u64, payload);
        let mut decryptor = Decryptor::<Aes256Gcm>::new(&header, &keys).unwrap();
        let full = all.len() / ChunkSize::MIN.encrypted() * ChunkSize::MIN.encrypted();
        for chunk in all[..full].chunks_mut(ChunkSize::MIN.encrypted()) {
            assert!(
                decryptor
                    .decrypt_next(chunk)
                    .unwrap()
                    .iter()
                    .all(|&byte| byte == 7)
            );
        }
        let last = decryptor.decrypt_last(&mut all[full..]).unwrap();
        assert_eq!(last.len() as u64, len % 1024);
        lens
    }

    #[tokio::test]
    async fn parts_are_whole_chunks_and_end_with_the_last_one() {
        const E: usize = 1024 + 28;
        for known in [true, false] {
            assert_eq!(seal(0, known).await, [28]);
            assert_eq!(seal(1023, known).await, [1051]);
            assert_eq!(seal(1024, known).await, [E + 28]);
            assert_eq!(seal(2047, known).await, [2 * E - 1]);
            assert_eq!(seal(2048, known).await, [2 * E, 28]);
            assert_eq!(seal(10_000, known).await.len(), 5);
        }
    }
}
