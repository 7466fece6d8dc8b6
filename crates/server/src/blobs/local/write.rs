//! A part on its way to the disk.

use std::fs::File;
use std::io;
use std::mem;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::{Buf, Bytes};
use futures_util::StreamExt;
use tokio::task::JoinHandle;

use crate::blobs::local::claims::Claim;
use crate::blobs::local::error::failed;
use crate::blobs::local::stopped;
use crate::blobs::{BlobError, PartBody, PartPlace, READ_BUFFER};

/// The file of a blob together with the right to write a part of it: whoever writes holds both.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) file: File,
    pub(super) _claim: Claim,
}

/// Writes a body to its place, and nothing outside of it. The bytes are not durable yet.
pub(super) async fn write_body(
    target: &Arc<Target>,
    place: PartPlace,
    mut body: PartBody,
) -> Result<(), BlobError> {
    // No file system has offsets that large.
    if place.offset.checked_add(place.length).is_none() {
        return Err(BlobError::StorageFull);
    }
    let mut writer = Writer::new(Arc::clone(target), place);
    let mut left = place.length;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(BlobError::Body)?;
        // Checked before a byte of the piece is written: what follows belongs to the next part.
        left = u64::try_from(piece.len())
            .ok()
            .and_then(|length| left.checked_sub(length))
            .ok_or(BlobError::BodyLength)?;
        writer.push(piece).await?;
    }
    if left > 0 {
        return Err(BlobError::BodyLength);
    }
    writer.finish().await
}

/// Two buffers: one is filled from the network while the other is written, so a part in flight holds at
/// most twice [`READ_BUFFER`], and a slow sender holds no thread. What is in memory already is written from there.
struct Writer {
    target: Arc<Target>,
    /// Where the buffer that is being filled belongs.
    offset: u64,
    filling: Vec<u8>,
    /// The write in flight; it gives its buffer back.
    writing: Option<JoinHandle<io::Result<Vec<u8>>>>,
}

impl Writer {
    fn new(target: Arc<Target>, place: PartPlace) -> Self {
        Self {
            target,
            offset: place.offset,
            filling: Vec::new(),
            writing: None,
        }
    }

    async fn push(&mut self, mut piece: Bytes) -> Result<(), BlobError> {
        while piece.has_remaining() {
            if self.filling.is_empty() && piece.len() >= READ_BUFFER {
                return self.write_from(piece).await;
            }
            let room = READ_BUFFER - self.filling.len();
            let taken = piece.split_to(room.min(piece.len()));
            self.filling.extend_from_slice(&taken);
            if self.filling.len() == READ_BUFFER {
                self.write().await?;
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<(), BlobError> {
        self.write().await?;
        self.written().await.map(drop)
    }

    /// Starts writing the filled buffer, as soon as the one before it is written.
    async fn write(&mut self) -> Result<(), BlobError> {
        let empty = self.written().await?;
        let filled = mem::replace(&mut self.filling, empty);
        self.start(filled, |buffer| buffer);
        Ok(())
    }

    /// Starts writing a piece that needs no buffer, as soon as the one before it is written.
    async fn write_from(&mut self, piece: Bytes) -> Result<(), BlobError> {
        self.filling = self.written().await?;
        self.start(piece, |_| Vec::new());
        Ok(())
    }

    fn start<B: AsRef<[u8]> + Send + 'static>(&mut self, bytes: B, buffer: fn(B) -> Vec<u8>) {
        let (target, offset) = (Arc::clone(&self.target), self.offset);
        self.offset += bytes.as_ref().len() as u64;
        self.writing = Some(tokio::task::spawn_blocking(move || {
            target.file.write_all_at(bytes.as_ref(), offset)?;
            Ok(buffer(bytes))
        }));
    }

    /// Waits for the write in flight and returns its buffer, empty.
    async fn written(&mut self) -> Result<Vec<u8>, BlobError> {
        let Some(writing) = self.writing.take() else {
            return Ok(Vec::new());
        };
        let mut buffer = writing.await.map_err(stopped)?.map_err(failed)?;
        buffer.clear();
        Ok(buffer)
    }
}
