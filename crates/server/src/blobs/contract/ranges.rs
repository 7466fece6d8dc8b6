//! Reading.

use std::sync::Arc;

use futures_util::StreamExt;

use crate::blobs::contract::bodies::{Blob, layout, payload, read_all};
use crate::blobs::contract::{PART_SIZE, assert_not_found};
use crate::blobs::{BlobError, BlobStore, READ_BUFFER, Transform};

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

/// Pieces have the length that is asked for, and are what was made of them, in their order.
pub async fn asked_pieces_are_exact_and_transformed(store: &dyn BlobStore) {
    let size = READ_BUFFER as u64 + 3;
    let bytes = payload(size, 23);
    let blob = Blob::completed(store, &bytes).await;
    for length in [1, 5000, 65_564, READ_BUFFER, 4 * READ_BUFFER, usize::MAX] {
        // Pieces of one byte are slow.
        let end = size.min((length as u64).saturating_mul(1000));
        for start in [0, 1, end - 1, end] {
            let body = store.read_in(&blob.blob, start..end, length, numbered());
            let mut body = body.await.expect("read of a completed blob must succeed");
            let mut right = bytes[start as usize..end as usize].chunks(length);
            let mut number = 0_u8;
            while let Some(piece) = body.next().await {
                let piece = piece.expect("a read that began must go on");
                let mut expected = right.next().expect("no piece behind the range").to_vec();
                expected[0] ^= number;
                assert!(
                    *piece == *expected,
                    "piece {number} of {start}..{end} in pieces of {length} bytes is wrong"
                );
                number = number.wrapping_add(1);
            }
            assert!(right.next().is_none(), "{start}..{end} ends too early");
        }
    }
    let past = store.read_in(&blob.blob, 0..size + 1, 5000, numbered());
    assert_not_found(past.await, "a range past the end, in pieces");
    blob.delete().await;
}

/// Marks a piece with its number.
fn numbered() -> Transform {
    Arc::new(|number, mut piece| {
        piece[0] ^= number.to_le_bytes()[0];
        Ok(piece)
    })
}

/// A piece that is refused is an error, and the last that comes.
pub async fn refused_piece_ends_the_range(store: &dyn BlobStore) {
    let bytes = payload(100, 24);
    let blob = Blob::completed(store, &bytes).await;
    let refuse: Transform = Arc::new(|number, piece| match number {
        2 => Err("refused".into()),
        _ => Ok(piece),
    });
    let body = store.read_in(&blob.blob, 0..100, 10, refuse).await;
    let body = body.expect("read of a completed blob must succeed");
    let pieces: Vec<_> = body.collect().await;
    assert_eq!(pieces.len(), 3, "pieces up to the refused one");
    assert!(
        matches!(&pieces[2], Err(BlobError::Transform(error)) if error.to_string() == "refused")
    );
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
