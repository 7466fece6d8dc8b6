//! Senders that fail, and calls in the wrong state.

use std::future;
use std::io;

use futures_util::{FutureExt, StreamExt, stream};

use crate::blobs::contract::bodies::{Blob, body, broken_body, layout, payload, place, read_all};
use crate::blobs::contract::{PART_SIZE, assert_not_found};
use crate::blobs::{BlobError, BlobStore, PartTag, READ_BUFFER};

/// A body that ends early is the sender's error.
pub async fn short_body_is_refused(store: &dyn BlobStore) {
    let blob = Blob::new(store, layout(Some(1000))).await;
    for length in [0, 1, 999] {
        let short = body(&payload(length, 30), 100);
        let put = store.put_part(&blob.blob, place(0, 0, 1000), short).await;
        assert!(
            matches!(put, Err(BlobError::BodyLength)),
            "{length} bytes for a part of 1000 gave {put:?}"
        );
    }
    blob.delete().await;
}

/// A body that goes on too long is the sender's error and leaves the next part as it is.
pub async fn long_body_is_refused_and_spills_nowhere(store: &dyn BlobStore) {
    let bytes = payload(PART_SIZE + 1000, 31);
    let mut blob = Blob::new(store, layout(Some(bytes.len() as u64))).await;
    blob.put_all(&bytes).await;
    for more in [1, 500, 2 * READ_BUFFER as u64] {
        let long = body(&payload(PART_SIZE + more, 32), 60_000);
        let put = store
            .put_part(&blob.blob, place(0, 0, PART_SIZE), long)
            .await;
        assert!(
            matches!(put, Err(BlobError::BodyLength)),
            "{more} bytes too many gave {put:?}"
        );
    }
    let again = blob.put(place(0, 0, PART_SIZE), &bytes).await;
    blob.parts[0] = again;
    blob.complete(bytes.len() as u64).await;
    assert!(
        read_all(store, &blob.blob, 0..bytes.len() as u64).await == bytes,
        "a body that was too long wrote into the next part"
    );
    blob.delete().await;
}

/// A connection that breaks is told as such, and the part can be put again.
pub async fn broken_body_then_put_again(store: &dyn BlobStore) {
    let bytes = payload(3 * READ_BUFFER as u64, 33);
    let mut blob = Blob::new(store, layout(Some(bytes.len() as u64))).await;
    let whole = place(0, 0, bytes.len() as u64);
    let half = payload(2 * READ_BUFFER as u64 + 9, 34);
    let put = store.put_part(&blob.blob, whole, broken_body(&half)).await;
    assert!(
        matches!(&put, Err(BlobError::Body(error)) if error.kind() == io::ErrorKind::ConnectionReset),
        "a broken body gave {put:?}"
    );
    blob.put_all(&bytes).await;
    blob.complete(bytes.len() as u64).await;
    assert!(
        read_all(store, &blob.blob, 0..bytes.len() as u64).await == bytes,
        "bytes of the broken body were left"
    );
    blob.delete().await;
}

/// A `put_part` that is dropped in the middle writes nothing into the one that follows.
pub async fn dropped_put_then_put_again(store: &dyn BlobStore) {
    let bytes = payload(2 * READ_BUFFER as u64, 35);
    let old = payload(2 * READ_BUFFER as u64, 36);
    let mut blob = Blob::new(store, layout(Some(bytes.len() as u64))).await;
    let whole = place(0, 0, bytes.len() as u64);
    for _ in 0..DROPPED_TRIES {
        let first = old.slice(..READ_BUFFER + 1);
        let stalled = body(&first, READ_BUFFER).chain(stream::once(future::pending()));
        let mut put = Box::pin(store.put_part(&blob.blob, whole, stalled.boxed()));
        for _ in 0..DROPPED_POLLS {
            assert!(
                put.as_mut().now_or_never().is_none(),
                "a stalled body cannot succeed"
            );
            tokio::task::yield_now().await;
        }
    }
    blob.put_all(&bytes).await;
    blob.complete(bytes.len() as u64).await;
    assert!(
        read_all(store, &blob.blob, 0..bytes.len() as u64).await == bytes,
        "a dropped write landed in the part that followed"
    );
    blob.delete().await;
}

/// What a broken, longer try left behind the end is not part of the blob.
pub async fn longer_try_leaves_no_tail(store: &dyn BlobStore) {
    let mut blob = Blob::new(store, layout(None)).await;
    let long = payload(3 * READ_BUFFER as u64, 37);
    let put = store
        .put_part(&blob.blob, place(0, 0, PART_SIZE), broken_body(&long))
        .await;
    assert!(put.is_err(), "a broken body cannot succeed");
    blob.put_all(&payload(10, 38)).await;
    blob.complete(10).await;
    assert_not_found(store.read(&blob.blob, 0..11).await, "the tail");
    assert!(
        read_all(store, &blob.blob, 0..10).await == payload(10, 38),
        "the shorter try is not what is read"
    );
    blob.delete().await;
}

/// A part that is claimed but was never put is found before anything is published.
pub async fn complete_without_the_last_part_fails(store: &dyn BlobStore) {
    let bytes = payload(PART_SIZE + 50, 39);
    let mut blob = Blob::new(store, layout(Some(bytes.len() as u64))).await;
    let first = blob.put(place(0, 0, PART_SIZE), &bytes).await;
    blob.parts.push(first);
    blob.keep(place(1, PART_SIZE, 50), PartTag::default());
    let complete = store
        .complete(&blob.blob, &blob.parts, bytes.len() as u64)
        .await;
    assert!(complete.is_err(), "a missing part was published");
    assert_not_found(
        store.read(&blob.blob, 0..1).await,
        "after a failed complete",
    );
    blob.delete().await;
}

/// Parts that do not make up the size are never published.
pub async fn complete_with_a_gap_fails(store: &dyn BlobStore) {
    let bytes = payload(2 * PART_SIZE + 50, 40);
    let mut blob = Blob::new(store, layout(Some(bytes.len() as u64))).await;
    blob.put_all(&bytes).await;
    blob.parts.remove(1);
    for size in [PART_SIZE + 50, 2 * PART_SIZE + 50] {
        let complete = store.complete(&blob.blob, &blob.parts, size).await;
        assert!(complete.is_err(), "a gap was published");
    }
    assert_not_found(
        store.read(&blob.blob, 0..1).await,
        "after a failed complete",
    );
    blob.delete().await;
}

/// A completed blob does not change its length.
pub async fn complete_again_with_another_size_fails(store: &dyn BlobStore) {
    let blob = Blob::completed(store, &payload(100, 41)).await;
    let mut shorter = blob.parts.clone();
    shorter[0].place.length = 60;
    let complete = store.complete(&blob.blob, &shorter, 60).await;
    assert!(complete.is_err(), "a completed blob took another size");
    assert!(
        read_all(store, &blob.blob, 0..100).await == payload(100, 41),
        "a refused complete changed the blob"
    );
    blob.delete().await;
}

/// A completed blob takes no more parts.
pub async fn put_after_complete_is_refused(store: &dyn BlobStore) {
    let blob = Blob::completed(store, &payload(100, 42)).await;
    let late = body(&payload(100, 43), 10);
    let put = store.put_part(&blob.blob, place(0, 0, 100), late).await;
    assert_not_found(put, "a part for a completed blob");
    assert!(
        read_all(store, &blob.blob, 0..100).await == payload(100, 42),
        "a completed blob was written to"
    );
    blob.delete().await;
}

/// A blob can be deleted in any state; afterwards it is gone, and deleting it again succeeds.
pub async fn delete_in_any_state_and_twice(store: &dyn BlobStore) {
    let created = Blob::new(store, layout(Some(100))).await;
    let mut partial = Blob::new(store, layout(Some(100))).await;
    partial.put_all(&payload(100, 44)).await;
    let completed = Blob::completed(store, &payload(100, 45)).await;
    for (mut gone, state) in [
        (created, "created"),
        (partial, "with a part"),
        (completed, "completed"),
    ] {
        for _ in 0..2 {
            let delete = store.delete(&gone.blob).await;
            assert!(delete.is_ok(), "delete when {state}: {delete:?}");
        }
        assert_not_found(store.read(&gone.blob, 0..0).await, "read after delete");
        let late = body(&payload(100, 46), 10);
        let put = store.put_part(&gone.blob, place(0, 0, 100), late).await;
        assert_not_found(put, "put_part after delete");
        gone.parts.clear();
        gone.keep(place(0, 0, 100), PartTag::default());
        let complete = store.complete(&gone.blob, &gone.parts, 100).await;
        assert_not_found(complete, "complete after delete");
    }
}

/// How often a put is dropped: each time another step of it may be running.
const DROPPED_TRIES: usize = 20;

/// How far a put gets before it is dropped.
const DROPPED_POLLS: usize = 20;
