//! What a server changes between two looks is no problem.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use onekey_server::blobs::{BlobRef, MemoryBlobs};
use onekey_server::check::{Check, Kind};
use onekey_server::clock::ManualClock;
use onekey_server::meta::{MemoryMeta, MetaError, RowId, StoredLook, StoredRows};
use onekey_server::{Config, Server};

use crate::common::sender::Sender;
use crate::common::{self, Api};
use crate::stopped::LEN;

/// Rows as they were when a server changed them between a look at the row and one at the blob.
#[derive(Debug)]
struct Stale {
    rows: Arc<MemoryMeta>,
    row: StoredLook,
    /// How often the old row is given.
    looks: AtomicUsize,
}

#[async_trait]
impl StoredRows for Stale {
    async fn row_ids(&self, after: Option<&RowId>, limit: usize) -> Result<Vec<RowId>, MetaError> {
        self.rows.row_ids(after, limit).await
    }

    async fn row(&self, id: &RowId) -> Result<StoredLook, MetaError> {
        let left = |looks: usize| looks.checked_sub(1);
        match self
            .looks
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left)
        {
            Ok(_) => Ok(self.row.clone()),
            Err(_) => self.rows.row(id).await,
        }
    }

    async fn stray_rows(&self) -> Result<u64, MetaError> {
        self.rows.stray_rows().await
    }

    async fn is_whole(&self) -> Result<bool, MetaError> {
        self.rows.is_whole().await
    }

    async fn refers_to(&self, blobs: &[BlobRef]) -> Result<Vec<bool>, MetaError> {
        let left = |looks: usize| looks.checked_sub(1);
        match self
            .looks
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left)
        {
            Ok(_) => Ok(vec![false; blobs.len()]),
            Err(_) => self.rows.refers_to(blobs).await,
        }
    }
}

/// A live server under load meets these moments seldom; here each is met.
#[tokio::test]
async fn what_a_server_changes_between_two_looks_is_no_problem() {
    let (rows, blobs) = (
        Arc::new(MemoryMeta::default()),
        Arc::new(MemoryBlobs::default()),
    );
    let mut config = Config::default();
    let clock = ManualClock::new(common::START);
    config.clock = Arc::new(clock.clone());
    let server = Server::with_stores(
        config,
        Arc::<MemoryBlobs>::clone(&blobs),
        Arc::<MemoryMeta>::clone(&rows),
    );
    let server = server.await.unwrap();
    let router = server.router();
    let api = Api {
        server,
        clock,
        router,
    };
    let checked = async |row: &StoredLook, looks| {
        let stale = Stale {
            rows: Arc::clone(&rows),
            row: row.clone(),
            looks: AtomicUsize::new(looks),
        };
        let check = Check {
            rows: &stale,
            blobs: &*blobs,
            now: common::START,
            digests: true,
        };
        check.run().await.unwrap()
    };
    // Its row was read, then the share was deleted.
    let shared = Sender::share(LEN, &api).await;
    let id = rows.row_ids(None, 1).await.unwrap().remove(0);
    let live = rows.row(&id).await.unwrap();
    shared.delete(&api).await.ok();
    assert_eq!(checked(&live, 1).await.problems(), 0);
    assert_eq!(
        checked(&live, 2).await.count(Kind::BlobMissing),
        1,
        "the test tests something"
    );
    // The blob was listed, and its row came between the question and the next.
    let other = Sender::share(LEN, &api).await;
    let gone = StoredLook::Gone;
    let looks = rows.row_ids(None, 9).await.unwrap().len();
    assert_eq!(checked(&gone, looks + 1).await.problems(), 0);
    assert_eq!(
        checked(&gone, looks + 2).await.count(Kind::Leftover),
        1,
        "this one, too"
    );
    other.delete(&api).await.ok();
}
