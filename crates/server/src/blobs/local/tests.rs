//! What happens after an fsync fails, and to a write whose caller is gone.

use std::future;
use std::sync::atomic::Ordering;
use std::sync::mpsc;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::oneshot;

use super::*;
use crate::blobs::READ_BUFFER;

const LAYOUT: BlobLayout = BlobLayout {
    part_size: 100,
    size: Some(100),
};

const WHOLE: PartPlace = PartPlace {
    number: 0,
    offset: 0,
    length: 100,
};

fn body() -> PartBody {
    stream::iter([Ok(Bytes::from_static(&[7; 100]))]).boxed()
}

fn parts() -> Vec<StoredPart> {
    vec![StoredPart {
        place: WHOLE,
        tag: PartTag::default(),
    }]
}

fn unavailable<T>(result: Result<T, BlobError>) -> bool {
    matches!(result, Err(BlobError::Unavailable(_)))
}

async fn assert_reads_only(store: &LocalBlobs, old: &BlobRef) {
    assert!(unavailable(store.create(LAYOUT).await));
    assert!(unavailable(store.put_part(old, WHOLE, body()).await));
    assert!(unavailable(store.complete(old, &parts(), 100).await));
    let read = store.read(old, 0..100).await.unwrap();
    let read: Vec<_> = read.map(Result::unwrap).collect().await;
    assert_eq!(read.concat(), [7; 100]);
    assert!(unavailable(store.delete(old).await));
}

async fn store_with_a_blob() -> (tempfile::TempDir, LocalBlobs, BlobRef) {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalBlobs::open(folder.path()).unwrap();
    let blob = store.create(LAYOUT).await.unwrap();
    store.put_part(&blob, WHOLE, body()).await.unwrap();
    store.complete(&blob, &parts(), 100).await.unwrap();
    (folder, store, blob)
}

fn fail_next_fsync(store: &LocalBlobs) {
    store.folder.health.fail_next.store(true, Ordering::SeqCst);
}

#[tokio::test]
async fn a_part_whose_fsync_fails_is_not_acknowledged_and_ends_writing() {
    let (_folder, store, old) = store_with_a_blob().await;
    let blob = store.create(LAYOUT).await.unwrap();
    fail_next_fsync(&store);
    assert!(unavailable(store.put_part(&blob, WHOLE, body()).await));
    // The kernel would let the second try succeed without having written the first one's pages.
    assert!(unavailable(store.put_part(&blob, WHOLE, body()).await));
    assert_reads_only(&store, &old).await;
}

#[tokio::test]
async fn a_complete_whose_fsync_fails_publishes_nothing_and_ends_writing() {
    let (_folder, store, old) = store_with_a_blob().await;
    let blob = store.create(LAYOUT).await.unwrap();
    store.put_part(&blob, WHOLE, body()).await.unwrap();
    fail_next_fsync(&store);
    assert!(unavailable(store.complete(&blob, &parts(), 100).await));
    assert!(matches!(
        store.read(&blob, 0..1).await,
        Err(BlobError::NotFound)
    ));
    assert_reads_only(&store, &old).await;
}

#[tokio::test]
async fn a_create_whose_fsync_fails_leaves_nothing_and_ends_writing() {
    let (_folder, store, old) = store_with_a_blob().await;
    fail_next_fsync(&store);
    assert!(unavailable(store.create(LAYOUT).await));
    assert_eq!(store.list(None, 10).await.unwrap().len(), 1);
    assert_reads_only(&store, &old).await;
}

#[tokio::test]
async fn complete_again_after_a_crash_makes_the_name_durable_once_more() {
    let (_folder, store, old) = store_with_a_blob().await;
    // The crash came between rename and fsync of the folder: the name is there, and only an fsync
    // can tell that it stays.
    fail_next_fsync(&store);
    assert!(unavailable(store.complete(&old, &parts(), 100).await));
}

#[tokio::test]
async fn a_restart_begins_anew() {
    let (folder, store, old) = store_with_a_blob().await;
    fail_next_fsync(&store);
    assert!(unavailable(store.create(LAYOUT).await));
    let store = LocalBlobs::open(folder.path()).unwrap();
    store.create(LAYOUT).await.unwrap();
    store.complete(&old, &parts(), 100).await.unwrap();
}

#[test]
fn a_write_that_outlives_its_caller_keeps_the_next_one_waiting() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        let (_folder, store, _) = store_with_a_blob().await;
        let blob = store.create(LAYOUT).await.unwrap();
        let (disk_goes_on, disk_stands) = mpsc::channel::<()>();
        let (write_began, began) = oneshot::channel();
        // The only thread that writes is kept busy before the first buffer reaches it.
        let first = async move {
            tokio::task::spawn_blocking(move || disk_stands.recv());
            Ok(Bytes::from(vec![1; READ_BUFFER]))
        };
        let rest = async move {
            write_began.send(()).unwrap();
            future::pending().await
        };
        let body = stream::once(first).chain(stream::once(rest)).boxed();
        let long = PartPlace {
            length: 2 * READ_BUFFER as u64,
            ..WHOLE
        };
        tokio::select! {
            _ = store.put_part(&blob, long, body) => panic!("the body never ends"),
            _ = began => {}
        }
        let name = BlobName::try_from(&blob).unwrap();
        let mut next = Box::pin(store.claims.part(name, WHOLE.number));
        assert!(next.as_mut().now_or_never().is_none());
        disk_goes_on.send(()).unwrap();
        next.await;
    });
}
