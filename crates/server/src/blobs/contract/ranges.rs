//! Reading.

use futures_util::StreamExt;

use crate::blobs::contract::bodies::{Blob, layout, payload, read_all};
use crate::blobs::contract::{PART_SIZE, assert_not_found};
use crate::blobs::{BlobStore, READ_BUFFER};

/// A range gives exactly its bytes: empty, one byte, at the edges of buffers and parts, everything.
pub async fn every_range_is_exact(store: &dyn BlobStore) {
    let size = PART_SIZE + 2 * READ_BUFFER as u64 + 3;
    let bytes = payload(size, 20);
    let blob = Blob::completed(store, &bytes).await;
    let buffer = READ_BUFFER as u64;
    let edges = [0, 1, buffer - 1, buffer, buffer + 1, PART_SIZE - 1];
    let edges = edges
        .into_iter()
        .chain([PART_SIZE, PART_SIZE + 1, size - buffer, size - 1, size]);
    let edges: Vec<u64> = edges.collect();
    for (nth, &start) in edges.iter().enumerate() {
        for &end in &edges[nth..] {
            let right = &bytes[start as usize..end as usize];
            assert!(
                read_all(store, &blob.blob, start..end).await == right,
                "the range {start}..{end} of {size} bytes is wrong"
            );
        }
    }
    blob.delete().await;
}

/// Whatever length of pieces is asked for, the range is exact, and what a reader does to a piece stays there.
pub async fn asked_pieces_are_exact_and_the_readers_own(store: &dyn BlobStore) {
    let size = READ_BUFFER as u64 + 3;
    let bytes = payload(size, 23);
    let blob = Blob::completed(store, &bytes).await;
    for piece in [1, 5000, 65_564, READ_BUFFER, 4 * READ_BUFFER, usize::MAX] {
        // Pieces of one byte are slow.
        let end = size.min((piece as u64).saturating_mul(1000));
        for start in [0, 1, end - 1, end] {
            let body = store.read_in(&blob.blob, start..end, piece).await;
            let mut body = body.expect("read of a completed blob must succeed");
            let mut read = Vec::new();
            while let Some(piece) = body.next().await {
                let mut piece = piece.expect("a read that began must go on");
                assert!(!piece.is_empty(), "an empty piece");
                read.extend_from_slice(&piece);
                piece.fill(0);
            }
            assert!(
                read == bytes[start as usize..end as usize],
                "the range {start}..{end} in pieces of {piece} bytes is wrong"
            );
        }
    }
    let past = store.read_in(&blob.blob, 0..size + 1, 5000).await;
    assert_not_found(past, "a range past the end, in pieces");
    blob.delete().await;
}

/// Before `complete` nothing can be read, not even what was acknowledged.
pub async fn read_before_complete_is_not_found(store: &dyn BlobStore) {
    let mut blob = Blob::new(store, layout(Some(100))).await;
    assert_not_found(store.read(&blob.blob, 0..0).await, "an empty new blob");
    blob.put_all(&payload(100, 21)).await;
    assert_not_found(store.read(&blob.blob, 0..1).await, "a part");
    blob.delete().await;
}

/// A range that ends after the blob is refused as a whole.
pub async fn read_past_the_end_is_not_found(store: &dyn BlobStore) {
    let blob = Blob::completed(store, &payload(100, 22)).await;
    for range in [0..101, 99..101, 100..101, 101..101, 5000..6000, 0..u64::MAX] {
        let what = format!("the range {range:?} of 100 bytes");
        assert_not_found(store.read(&blob.blob, range).await, &what);
    }
    blob.delete().await;
}
