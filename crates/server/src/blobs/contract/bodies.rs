//! Payloads and blobs to test with.

use std::io;
use std::ops::Range;

use bytes::Bytes;
use futures_util::{StreamExt, stream};

use crate::blobs::contract::PART_SIZE;
use crate::blobs::{
    BlobLayout, BlobRef, BlobStore, PartBody, PartPlace, PartTag, READ_BUFFER, StoredPart,
};

/// A blob in the making. Panics where its store fails.
pub(super) struct Blob<'a> {
    store: &'a dyn BlobStore,
    pub(super) blob: BlobRef,
    pub(super) parts: Vec<StoredPart>,
}

impl<'a> Blob<'a> {
    pub(super) async fn new(store: &'a dyn BlobStore, layout: BlobLayout) -> Self {
        let blob = store.create(layout).await.expect("create must succeed");
        Self {
            store,
            blob,
            parts: Vec::new(),
        }
    }

    pub(super) async fn completed(store: &'a dyn BlobStore, bytes: &Bytes) -> Self {
        let mut blob = Self::new(store, layout(Some(bytes.len() as u64))).await;
        blob.put_all(bytes).await;
        blob.complete(bytes.len() as u64).await;
        blob
    }

    /// Returns where the parts of a payload lie.
    pub(super) fn places(&self, size: u64) -> Vec<PartPlace> {
        (0..)
            .map(|number| (number, u64::from(number) * PART_SIZE))
            .take_while(|(_, offset)| *offset < size)
            .map(|(number, offset)| place(number, offset, PART_SIZE.min(size - offset)))
            .collect()
    }

    /// Puts the part of a payload that lies at `place`.
    pub(super) async fn put(&self, place: PartPlace, payload: &Bytes) -> StoredPart {
        let start = usize::try_from(place.offset).expect("test payloads fit in memory");
        let length = usize::try_from(place.length).expect("test payloads fit in memory");
        let part = payload.slice(start..start + length);
        let put = self
            .store
            .put_part(&self.blob, place, body(&part, 16 * 1024));
        let tag = put.await.expect("put_part must succeed");
        assert!(
            tag.as_str().len() <= 1024 && tag.as_str().is_ascii(),
            "a tag must fit a row"
        );
        StoredPart { place, tag }
    }

    pub(super) async fn put_all(&mut self, payload: &Bytes) {
        for place in self.places(payload.len() as u64) {
            let part = self.put(place, payload).await;
            self.parts.push(part);
        }
    }

    pub(super) fn keep(&mut self, place: PartPlace, tag: PartTag) {
        self.parts.push(StoredPart { place, tag });
    }

    pub(super) async fn complete(&self, size: u64) {
        let complete = self.store.complete(&self.blob, &self.parts, size);
        complete.await.expect("complete must succeed");
    }

    pub(super) async fn delete(self) {
        let delete = self.store.delete(&self.blob);
        delete.await.expect("delete must succeed");
    }
}

/// Bytes that differ at every place and between seeds: their period is prime, so no shift by a
/// multiple of a buffer or part goes unnoticed.
pub(super) fn payload(length: u64, seed: u8) -> Bytes {
    let length = usize::try_from(length).expect("test payloads fit in memory");
    let mut state = u32::from(seed) + 1;
    let block: Vec<u8> = (0..PERIOD.min(length))
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect();
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        bytes.extend_from_slice(&block[..block.len().min(length - bytes.len())]);
    }
    Bytes::from(bytes)
}

/// Returns a body that gives `bytes` in pieces of `piece`, with an empty one after the first.
pub(super) fn body(bytes: &Bytes, piece: usize) -> PartBody {
    stream::iter(pieces(bytes, piece)).boxed()
}

/// Returns a body that gives `bytes` and then fails.
pub(super) fn broken_body(bytes: &Bytes) -> PartBody {
    let broken = Err(io::Error::from(io::ErrorKind::ConnectionReset));
    stream::iter(pieces(bytes, 16 * 1024).chain([broken])).boxed()
}

fn pieces(bytes: &Bytes, piece: usize) -> impl Iterator<Item = io::Result<Bytes>> + use<> {
    let bytes = bytes.clone();
    (0..bytes.len()).step_by(piece).flat_map(move |start| {
        let part = bytes.slice(start..bytes.len().min(start + piece));
        let empty = (start == 0).then(Bytes::new);
        [Some(part), empty].into_iter().flatten().map(Ok)
    })
}

pub(super) fn layout(size: Option<u64>) -> BlobLayout {
    BlobLayout {
        part_size: PART_SIZE,
        size,
    }
}

pub(super) fn place(number: u32, offset: u64, length: u64) -> PartPlace {
    PartPlace {
        number,
        offset,
        length,
    }
}

/// Reads a range to its end and checks its pieces.
pub(super) async fn read_all(store: &dyn BlobStore, blob: &BlobRef, range: Range<u64>) -> Vec<u8> {
    let mut body = store
        .read(blob, range)
        .await
        .expect("read of a completed blob must succeed");
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        let piece = piece.expect("a read that began must go on");
        assert!(
            !piece.is_empty() && piece.len() <= READ_BUFFER,
            "a piece of {} bytes",
            piece.len()
        );
        bytes.extend_from_slice(&piece);
    }
    bytes
}

const PERIOD: usize = 65_521;
