//! The blob contract, on every store.

use onekey_server::blobs::{BlobError, BlobLayout, BlobStore, LocalBlobs, MemoryBlobs, contract};

macro_rules! on_every_store {
    ($($name:ident)*) => {
        mod local {
            $(#[tokio::test]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let store = super::LocalBlobs::open(folder.path()).unwrap();
                super::contract::$name(&store).await;
            })*
        }
        mod memory {
            $(#[tokio::test]
            async fn $name() {
                super::contract::$name(&super::MemoryBlobs::default()).await;
            })*
        }
        /// A function of the contract that is not in the list above would run in no test of its own.
        #[test]
        fn every_function_has_a_test() {
            let called = include_str!("../src/blobs/contract.rs")
                .lines()
                .filter_map(|line| line.trim().strip_suffix("(store).await;"));
            let tested = [$(stringify!($name)),*];
            assert!(called.eq(tested.into_iter().filter(|name| *name != "all")));
        }
    };
}

on_every_store! {
    put_then_read
    parts_in_any_order_and_parallel
    pieces_of_any_length
    unknown_size
    part_put_again_counts
    complete_twice
    complete_twice_at_once
    refs_are_short_and_hidden
    every_range_is_exact
    asked_pieces_are_exact_and_transformed
    refused_piece_ends_the_range
    read_before_complete_is_not_found
    read_past_the_end_is_not_found
    short_body_is_refused
    long_body_is_refused_and_spills_nowhere
    broken_body_then_put_again
    dropped_put_then_put_again
    longer_try_leaves_no_tail
    complete_without_the_last_part_fails
    complete_with_a_gap_fails
    complete_again_with_another_size_fails
    put_after_complete_is_refused
    delete_in_any_state_and_twice
    t21_foreign_refs_are_refused
    list_names_what_is_there
    looks_see_what_lies_there
    list_pages_meet_every_blob_once
    space_is_sane
    all
}

#[tokio::test]
async fn memory_is_full_at_its_capacity() {
    let store = MemoryBlobs::with_capacity(1000);
    let sized = |size| BlobLayout {
        part_size: 1000,
        size,
    };
    let first = store.create(sized(Some(600))).await.unwrap();
    assert_eq!(store.space().await.unwrap().unwrap().free, 400);
    let full = store.create(sized(Some(401))).await;
    assert!(matches!(full, Err(BlobError::StorageFull)));
    store.create(sized(Some(400))).await.unwrap();
    store.delete(&first).await.unwrap();
    assert_eq!(store.space().await.unwrap().unwrap().free, 600);
}

#[tokio::test]
async fn a_folder_that_is_only_read_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert!(LocalBlobs::open_read_only(folder.path().join("missing")).is_err());
    let layout = BlobLayout {
        part_size: 1000,
        size: None,
    };
    let writable = LocalBlobs::open(folder.path()).unwrap();
    let blob = writable.create(layout).await.unwrap();
    let store = LocalBlobs::open_read_only(folder.path()).unwrap();
    assert!(store.create(layout).await.is_err());
    assert!(store.complete(&blob, &[], 0).await.is_err());
    assert!(store.delete(&blob).await.is_err());
    assert!(
        store
            .look(&blob)
            .await
            .unwrap()
            .is_some_and(|look| !look.completed)
    );
}
