//! A range of a payload's plaintext, decrypted on its way.
//!
//! The first and the last chunk that are needed are verified before anything is promised; what fails later ends the
//! stream with an error, which breaks the connection. Chunks are decrypted where the store put them and moved together
//! there, so that a piece goes out in one run of bytes and its memory is used again.

use std::collections::VecDeque;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, future};
use onekey_core::cipher::{Aes256Gcm, NONCE_LEN};
use onekey_core::payload::{DecryptError, PayloadCipher};

use super::open::{OpenPayload, damaged};
use crate::blobs::{BlobBody, BlobError, BlobStore, Piece};
use crate::error::ApiError;

/// Bytes of plaintext that are read, decrypted and handed on at once, or a chunk where that is more. Three such pieces
/// are in memory for each answer.
pub(crate) const PIECE: usize = 512 * 1024;

/// Why a stream of plaintext ends too early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BrokenOff {
    #[error(transparent)]
    Damaged(#[from] DecryptError),
    #[error("the blob store gave more or fewer bytes than it was asked for")]
    Length,
    #[error(transparent)]
    Store(#[from] BlobError),
}

impl From<BrokenOff> for ApiError {
    fn from(error: BrokenOff) -> Self {
        match error {
            BrokenOff::Store(error) => error.into(),
            error => {
                tracing::error!(%error, "a payload is damaged and was not sent");
                damaged()
            }
        }
    }
}

/// The bytes of a range. An error is the last item.
pub(crate) struct Plaintext {
    /// Verified, and not sent yet.
    head: VecDeque<Piece>,
    middle: Option<Decrypting>,
    /// Verified, and not sent yet.
    tail: VecDeque<Piece>,
}

impl Plaintext {
    /// Reads `range` of the payload's plaintext, and of the payload only the chunks that hold it.
    pub(crate) async fn open(
        blobs: &dyn BlobStore,
        payload: OpenPayload,
        range: Range<u64>,
    ) -> Result<Self, BrokenOff> {
        let mut plaintext = Self {
            head: VecDeque::new(),
            middle: None,
            tail: VecDeque::new(),
        };
        let size = payload.cipher.chunk_size();
        let chunks = size.chunks_of(&range);
        if chunks.is_empty() {
            return Ok(plaintext);
        }
        let source = Source {
            blobs,
            blob: payload.blob,
            size: payload.size,
            cipher: Arc::new(payload.cipher),
        };
        let at_once = (PIECE >> size.exponent()).max(1) as u64;
        if chunks.end - chunks.start <= at_once {
            plaintext.head = source.decrypt(range, at_once).await?.collect().await?;
            return Ok(plaintext);
        }
        let last = (chunks.end - 1) << size.exponent();
        let first = async {
            let mut middle = source.decrypt(range.start..last, at_once).await?;
            let head = middle.next().await.transpose()?;
            Ok::<_, BrokenOff>((VecDeque::from_iter(head), middle))
        };
        let tail = async { source.decrypt(last..range.end, 1).await?.collect().await };
        let (first, tail) = future::try_join(first, tail).await?;
        (plaintext.head, plaintext.middle) = (first.0, Some(first.1));
        plaintext.tail = tail;
        Ok(plaintext)
    }
}

impl Stream for Plaintext {
    type Item = Result<Bytes, BrokenOff>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(piece) = self.head.pop_front() {
            return Poll::Ready(Some(Ok(piece.into())));
        }
        if let Some(middle) = &mut self.middle {
            let next = ready!(middle.poll_next_unpin(context));
            match &next {
                Some(Ok(_)) => {}
                Some(Err(_)) => {
                    self.middle = None;
                    self.tail.clear();
                }
                None => self.middle = None,
            }
            if let Some(next) = next {
                return Poll::Ready(Some(next.map(Bytes::from)));
            }
        }
        Poll::Ready(self.tail.pop_front().map(|piece| Ok(piece.into())))
    }
}

/// Where chunks come from.
struct Source<'s> {
    blobs: &'s dyn BlobStore,
    blob: crate::blobs::BlobRef,
    size: u64,
    cipher: Arc<PayloadCipher<Aes256Gcm>>,
}

impl Source<'_> {
    /// Begins to read the chunks of `range`, which is not empty, `at_once` in a piece.
    async fn decrypt(&self, range: Range<u64>, at_once: u64) -> Result<Decrypting, BrokenOff> {
        let size = self.cipher.chunk_size();
        let chunks = size.chunks_of(&range);
        let place = size.place_of(&chunks, self.size);
        let piece = size.encrypted() * usize::try_from(at_once).unwrap_or(1);
        let body = self.blobs.read_in(&self.blob, place.clone(), piece).await?;
        Ok(Decrypting {
            body,
            cipher: Arc::clone(&self.cipher),
            index: chunks.start,
            to_come: place.end - place.start,
            before: (range.start - (chunks.start << size.exponent())) as usize,
            left: range.end - range.start,
            broken: Vec::new(),
        })
    }
}

/// Chunks in a row, decrypted as they come.
struct Decrypting {
    body: BlobBody,
    cipher: Arc<PayloadCipher<Aes256Gcm>>,
    /// The next chunk.
    index: u64,
    /// Bytes that the store has still to give.
    to_come: u64,
    /// Bytes of plaintext before the range, in the first chunk.
    before: usize,
    /// Bytes of the range that were not given yet.
    left: u64,
    /// The beginning of a chunk, from a store whose pieces do not end where chunks do.
    broken: Vec<u8>,
}

impl Decrypting {
    /// Reads to the end.
    async fn collect(self) -> Result<VecDeque<Piece>, BrokenOff> {
        let mut pieces = VecDeque::new();
        let mut rest = self;
        while let Some(piece) = rest.next().await {
            pieces.push_back(piece?);
        }
        Ok(pieces)
    }

    /// Takes what the store gave, and returns the plaintext of the chunks that are whole with it.
    fn whole_chunks(&mut self, piece: Piece) -> Result<Option<Piece>, BrokenOff> {
        let length = piece.len() as u64;
        self.to_come = self.to_come.checked_sub(length).ok_or(BrokenOff::Length)?;
        let encrypted = self.cipher.chunk_size().encrypted();
        if self.broken.is_empty() && (self.to_come == 0 || piece.len().is_multiple_of(encrypted)) {
            return self.decrypt(piece).map(Some);
        }
        self.broken.extend_from_slice(&piece);
        let whole = match self.to_come {
            0 => self.broken.len(),
            _ => self.broken.len() / encrypted * encrypted,
        };
        if whole == 0 {
            return Ok(None);
        }
        let rest = self.broken.split_off(whole);
        let whole = std::mem::replace(&mut self.broken, rest);
        self.decrypt(whole.into()).map(Some)
    }

    /// Decrypts whole chunks where they are, and moves their plaintext together.
    fn decrypt(&mut self, mut piece: Piece) -> Result<Piece, BrokenOff> {
        let bytes: &mut [u8] = &mut piece;
        let encrypted = self.cipher.chunk_size().encrypted();
        let mut end = 0;
        for start in (0..bytes.len()).step_by(encrypted) {
            let chunk_end = bytes.len().min(start + encrypted);
            let chunk = &mut bytes[start..chunk_end];
            let length = self.cipher.decrypt_chunk(self.index, chunk)?.len();
            let text = start + NONCE_LEN;
            bytes.copy_within(text..text + length, end);
            end += length;
            self.index += 1;
        }
        let start = self.before.min(end);
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let end = end.min(start.saturating_add(most));
        self.before = 0;
        self.left -= (end - start) as u64;
        piece.keep(start..end);
        Ok(piece)
    }
}

impl Stream for Decrypting {
    type Item = Result<Piece, BrokenOff>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let next = match ready!(self.body.poll_next_unpin(context)) {
                Some(Ok(piece)) => self.whole_chunks(piece).transpose(),
                Some(Err(error)) => Some(Err(error.into())),
                None if self.left > 0 => Some(Err(BrokenOff::Length)),
                None => return Poll::Ready(None),
            };
            if next.is_some() {
                return Poll::Ready(next);
            }
        }
    }
}
