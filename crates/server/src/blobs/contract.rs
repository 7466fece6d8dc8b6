//! What every blob store must do, as functions that panic where it does not.
//!
//! A store's test calls [`all`], or each function for a test of its own. They may run one after another
//! on one store and leave nothing behind. Parts other than the last are [`PART_SIZE`] long, which every
//! backend accepts.

mod bodies;
mod failures;
mod listing;
mod ranges;

use futures_util::future::{join, join_all};

use crate::blobs::contract::bodies::{Blob, body, layout, payload, place, read_all};
use crate::blobs::{BlobError, BlobStore, READ_BUFFER};

pub use failures::*;
pub use listing::*;
pub use ranges::*;

/// Length of parts in these tests: the least that S3 takes for a part that is not the last.
pub const PART_SIZE: u64 = 5 * 1024 * 1024;

/// Calls every function of this module.
pub async fn all(store: &dyn BlobStore) {
    put_then_read(store).await;
    parts_in_any_order_and_parallel(store).await;
    pieces_of_any_length(store).await;
    unknown_size(store).await;
    part_put_again_counts(store).await;
    complete_twice(store).await;
    complete_twice_at_once(store).await;
    refs_are_short_and_hidden(store).await;
    every_range_is_exact(store).await;
    asked_pieces_are_exact_and_transformed(store).await;
    refused_piece_ends_the_range(store).await;
    read_before_complete_is_not_found(store).await;
    read_past_the_end_is_not_found(store).await;
    short_body_is_refused(store).await;
    long_body_is_refused_and_spills_nowhere(store).await;
    broken_body_then_put_again(store).await;
    dropped_put_then_put_again(store).await;
    longer_try_leaves_no_tail(store).await;
    complete_without_the_last_part_fails(store).await;
    complete_with_a_gap_fails(store).await;
    complete_again_with_another_size_fails(store).await;
    put_after_complete_is_refused(store).await;
    delete_in_any_state_and_twice(store).await;
    t21_foreign_refs_are_refused(store).await;
    list_names_what_is_there(store).await;
    looks_see_what_lies_there(store).await;
    list_pages_meet_every_blob_once(store).await;
    space_is_sane(store).await;
}

/// What was put is what is read.
pub async fn put_then_read(store: &dyn BlobStore) {
    let blob = Blob::completed(store, &payload(1000, 1)).await;
    assert!(
        read_all(store, &blob.blob, 0..1000).await == payload(1000, 1),
        "read gave other bytes than were put"
    );
    blob.delete().await;
}

/// Parts may arrive backwards and at the same moment.
pub async fn parts_in_any_order_and_parallel(store: &dyn BlobStore) {
    let bytes = payload(3 * PART_SIZE + 17, 2);
    let mut blob = Blob::new(store, layout(Some(bytes.len() as u64))).await;
    let places: Vec<_> = blob.places(bytes.len() as u64).into_iter().rev().collect();
    let puts = places.iter().map(|place| blob.put(*place, &bytes));
    let parts = join_all(puts).await;
    blob.parts = parts.into_iter().rev().collect();
    blob.complete(bytes.len() as u64).await;
    assert!(
        read_all(store, &blob.blob, 0..bytes.len() as u64).await == bytes,
        "parts that were put in parallel got mixed up"
    );
    blob.delete().await;
}

/// A body may come in pieces of any length, also empty ones and such that are larger than a buffer.
pub async fn pieces_of_any_length(store: &dyn BlobStore) {
    let buffer = READ_BUFFER as u64;
    for length in [1, buffer - 1, buffer, buffer + 1, 3 * buffer + 5] {
        let bytes = payload(length, 3);
        for piece in [997, READ_BUFFER - 1, READ_BUFFER, 2 * READ_BUFFER + 3] {
            let mut blob = Blob::new(store, layout(Some(length))).await;
            let whole = place(0, 0, length);
            let tag = store
                .put_part(&blob.blob, whole, body(&bytes, piece))
                .await
                .expect("a body of the right length must be taken");
            blob.keep(whole, tag);
            blob.complete(length).await;
            assert!(
                read_all(store, &blob.blob, 0..length).await == bytes,
                "{length} bytes in pieces of {piece} came back changed"
            );
            blob.delete().await;
        }
    }
}

/// The size may be unknown until `complete`.
pub async fn unknown_size(store: &dyn BlobStore) {
    let bytes = payload(PART_SIZE + 1, 4);
    let mut blob = Blob::new(store, layout(None)).await;
    blob.put_all(&bytes).await;
    blob.complete(bytes.len() as u64).await;
    assert!(
        read_all(store, &blob.blob, 0..bytes.len() as u64).await == bytes,
        "a blob of unknown size came back changed"
    );
    blob.delete().await;
}

/// The last returned tag of a part and its bytes are the ones that count.
pub async fn part_put_again_counts(store: &dyn BlobStore) {
    let (first, second) = (payload(5000, 5), payload(5000, 6));
    let mut blob = Blob::new(store, layout(Some(5000))).await;
    blob.put(place(0, 0, 5000), &first).await;
    let part = blob.put(place(0, 0, 5000), &second).await;
    blob.parts = vec![part];
    blob.complete(5000).await;
    assert!(
        read_all(store, &blob.blob, 0..5000).await == second,
        "the first try of a part won over the second"
    );
    blob.delete().await;
}

/// `complete` may be repeated and changes nothing then.
pub async fn complete_twice(store: &dyn BlobStore) {
    let bytes = payload(300, 7);
    let blob = Blob::completed(store, &bytes).await;
    blob.complete(300).await;
    assert!(
        read_all(store, &blob.blob, 0..300).await == bytes,
        "a repeated complete changed the blob"
    );
    blob.delete().await;
}

/// A client that repeats its request may meet the first one still running.
pub async fn complete_twice_at_once(store: &dyn BlobStore) {
    let bytes = payload(300, 8);
    let mut blob = Blob::new(store, layout(Some(300))).await;
    blob.put_all(&bytes).await;
    join(blob.complete(300), blob.complete(300)).await;
    assert!(
        read_all(store, &blob.blob, 0..300).await == bytes,
        "two completes at once damaged the blob"
    );
    blob.delete().await;
}

/// References are printable, at most 1,024 bytes, different each time, and not shown by `Debug`.
pub async fn refs_are_short_and_hidden(store: &dyn BlobStore) {
    let first = Blob::new(store, layout(None)).await;
    let second = Blob::new(store, layout(None)).await;
    let text = first.blob.as_str();
    assert!(
        !text.is_empty() && text.len() <= 1024 && text.bytes().all(|byte| byte.is_ascii_graphic()),
        "a reference must fit a row and a log: {text:?}"
    );
    assert!(text != second.blob.as_str(), "two blobs got one reference");
    assert!(
        !format!("{:?}", first.blob).contains(text),
        "Debug shows the reference"
    );
    first.delete().await;
    second.delete().await;
}

/// Panics unless `result` is the error that the text names.
fn assert_not_found<T>(result: Result<T, BlobError>, what: &str) {
    match result {
        Err(BlobError::NotFound) => {}
        Err(other) => panic!("{what}: expected NotFound, got {other:?}"),
        Ok(_) => panic!("{what}: expected NotFound, but it succeeded"),
    }
}
