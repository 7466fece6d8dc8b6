//! A range of a payload's plaintext, decrypted on its way.
//!
//! The first and the last chunk that are needed are verified before anything is promised; what fails later ends the
//! stream with an error, which breaks the connection. Chunks are decrypted where and when the store read them and moved
//! together there, so that a piece goes out in one run of bytes and its memory is used again.

use std::collections::VecDeque;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, future};
use onekey_core::cipher::{Aes256Gcm, NONCE_LEN};
use onekey_core::payload::{DecryptError, PayloadCipher};

use super::open::{OpenPayload, damaged};
use crate::blobs::{BlobBody, BlobError, BlobRef, BlobStore, Piece, Transform};
use crate::error::ApiError;

/// Bytes of plaintext that are read, decrypted and handed on at once, or a chunk where that is more. Three such pieces
/// are in memory for each answer.
pub(crate) const PIECE: usize = 1024 * 1024;

/// Why a stream of plaintext ends too early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BrokenOff {
    #[error("the blob store gave more or fewer bytes than it was asked for")]
    Length,
    #[error(transparent)]
    Store(#[from] BlobError),
}

impl From<BrokenOff> for ApiError {
    fn from(error: BrokenOff) -> Self {
        match error {
            BrokenOff::Store(error) if !matches!(error, BlobError::Transform(_)) => error.into(),
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
            plaintext.head = source.decrypt(range, at_once).await?.try_collect().await?;
            return Ok(plaintext);
        }
        let last = (chunks.end - 1) << size.exponent();
        let first = async {
            let mut middle = source.decrypt(range.start..last, at_once).await?;
            let head = middle.next().await.transpose()?;
            Ok::<_, BrokenOff>((VecDeque::from_iter(head), middle))
        };
        let tail = async {
            source
                .decrypt(last..range.end, 1)
                .await?
                .try_collect()
                .await
        };
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
    blob: BlobRef,
    size: u64,
    cipher: Arc<PayloadCipher<Aes256Gcm>>,
}

impl Source<'_> {
    /// Begins to read the chunks of `range`, which is not empty, `at_once` in a piece.
    async fn decrypt(&self, range: Range<u64>, at_once: u64) -> Result<Decrypting, BrokenOff> {
        let size = self.cipher.chunk_size();
        let chunks = size.chunks_of(&range);
        let place = size.place_of(&chunks, self.size);
        let length = size.encrypted() * usize::try_from(at_once).unwrap_or(1);
        let before = range.start - (chunks.start << size.exponent());
        let left = range.end - range.start;
        let wanted = Wanted {
            cipher: Arc::clone(&self.cipher),
            first: chunks.start,
            at_once,
            range: before..before + left,
        };
        let decrypt: Transform = Arc::new(move |number, piece| Ok(wanted.decrypt(number, piece)?));
        let body = self.blobs.read_in(&self.blob, place, length, decrypt);
        Ok(Decrypting {
            body: body.await?,
            left,
        })
    }
}

/// Which chunks are decrypted, and what of their plaintext goes out.
struct Wanted {
    cipher: Arc<PayloadCipher<Aes256Gcm>>,
    first: u64,
    /// Chunks of a piece.
    at_once: u64,
    /// Within the plaintext of all these chunks.
    range: Range<u64>,
}

impl Wanted {
    /// Decrypts the chunks of a piece where they are, and moves their plaintext together.
    fn decrypt(&self, number: u64, mut piece: Piece) -> Result<Piece, DecryptError> {
        let size = self.cipher.chunk_size();
        let before = number * self.at_once;
        let bytes: &mut [u8] = &mut piece;
        let mut end = 0;
        for (start, index) in (0..bytes.len())
            .step_by(size.encrypted())
            .zip(self.first + before..)
        {
            let chunk_end = bytes.len().min(start + size.encrypted());
            let chunk = &mut bytes[start..chunk_end];
            let length = self.cipher.decrypt_chunk(index, chunk)?.len();
            let text = start + NONCE_LEN;
            bytes.copy_within(text..text + length, end);
            end += length;
        }
        let within = |place: u64| {
            let place = place.saturating_sub(before << size.exponent());
            usize::try_from(place).map_or(end, |place| place.min(end))
        };
        piece.keep(within(self.range.start)..within(self.range.end));
        Ok(piece)
    }
}

/// Plaintext as it comes.
struct Decrypting {
    body: BlobBody,
    /// Bytes of the range that did not come yet.
    left: u64,
}

impl Stream for Decrypting {
    type Item = Result<Piece, BrokenOff>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = match ready!(self.body.poll_next_unpin(context)).transpose()? {
            Some(piece) => {
                let left = self.left.checked_sub(piece.len() as u64);
                self.left = left.ok_or(BrokenOff::Length)?;
                Some(Ok(piece))
            }
            None if self.left > 0 => Some(Err(BrokenOff::Length)),
            None => None,
        };
        Poll::Ready(next)
    }
}
