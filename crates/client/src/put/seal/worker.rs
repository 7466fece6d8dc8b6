//! One thread that reads, encrypts and hashes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc as blocking};

use bytes::{Bytes, BytesMut};
use onekey_core::cipher::{Aes256Gcm, NONCE_LEN, OVERHEAD};
use onekey_core::payload::PayloadCipher;
use onekey_core::size::SizeError;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::super::plaintext::Plaintext;
use super::super::records::Records;
use super::{Made, Part, SealError, There, Work, content_digest};
use crate::error::PutError;

pub(super) struct Worker<P> {
    pub(super) cipher: Arc<PayloadCipher<Aes256Gcm>>,
    pub(super) work: Arc<Work>,
    pub(super) plaintext: P,
    /// What the plaintext told of the files before this part.
    pub(super) source: u64,
    /// The place of the next part that nobody has taken.
    pub(super) next: Arc<AtomicU64>,
}

impl<P: Plaintext> Worker<P> {
    pub(super) fn run(
        &mut self,
        freed: &Mutex<blocking::Receiver<BytesMut>>,
        send: &mpsc::Sender<Result<Made, SealError>>,
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
            let made = self.make(number, buffer);
            let goes_on = matches!(made, Ok((_, false)));
            let closed = send.blocking_send(made.map(|(made, _)| made)).is_err();
            if closed || !goes_on {
                return;
            }
        }
    }

    /// Reads, records, encrypts and hashes part `number`; or reads and compares it. Tells whether it is the last one.
    fn make(&mut self, number: u64, mut buffer: BytesMut) -> Result<(Made, bool), SealError> {
        let chunk_size = self.cipher.chunk_size();
        let (plain, encrypted) = (chunk_size.plaintext(), chunk_size.encrypted());
        let part_size = self.work.cut.part_size;
        let first = number * (part_size / encrypted as u64);
        buffer.resize(self.room(number), 0);

        let is_there = self.work.is_there(number);
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
            let filled = self.plaintext.fill(index * plain as u64, text);
            let filled = filled.map_err(Into::into)?;
            ended = filled < plain;
            if let Some(plaintext) = &mut plaintext {
                plaintext.update(&text[..filled]);
            }
            let chunk = &mut chunk[..filled + OVERHEAD];
            used += chunk.len();
            if is_there {
                continue;
            }
            self.cipher
                .encrypt_chunk(index, rng, chunk)
                .map_err(|_| PutError::from(SizeError::TooLarge))?;
            // Hashed while it is in the cache.
            digest.update(&*chunk);
        }
        self.plaintext.end_part().map_err(Into::into)?;
        // Here and not later: what this function returns may leave at once.
        let repeated = match (&self.work.records, plaintext) {
            (Some(records), Some(plaintext)) => records.admit(number, plaintext, ended)?,
            _ => false,
        };
        let progress = self.progress(used);
        if is_there {
            // It was recorded, else there would be nothing to compare it with.
            let len = used as u64;
            return repeated
                .then_some((
                    Made::There(There {
                        len,
                        progress,
                        buffer,
                    }),
                    ended,
                ))
                .ok_or(SealError::Differs);
        }

        let buffer = buffer.freeze();
        let body: Bytes = buffer.slice(..used);
        let part = Part {
            number,
            body,
            digest: content_digest(&digest.finalize()),
            repeated,
            progress,
            buffer,
        };
        Ok((Made::Sealed(part), ended))
    }

    /// What a part of `used` bytes counts for whoever watches.
    fn progress(&mut self, used: usize) -> u64 {
        let Some(source) = self.plaintext.source() else {
            return used as u64;
        };
        let before = std::mem::replace(&mut self.source, source);
        source - before
    }

    /// A whole part, or what is left of a payload of known length.
    fn room(&self, number: u64) -> usize {
        let chunk = self.cipher.chunk_size().encrypted() as u64;
        usize::try_from(self.work.cut.room(number, chunk)).expect("a part has at most 64 MiB")
    }
}
