//! What a failing store does to an answer: an error, never wrong bytes, and nothing spent.

#![allow(clippy::unwrap_used)]

mod common;

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use async_trait::async_trait;
use axum::body::Body;
use axum::http::Request;
use common::sender::Sender;
use common::{Api, START};
use futures_util::{StreamExt, stream};
use http_body_util::BodyExt;
use onekey_server::blobs::{
    BlobBody, BlobError, BlobLayout, BlobLook, BlobRef, BlobStore, ListedBlob, MemoryBlobs,
    PartBody, PartPlace, PartTag, Space, StoredPart,
};
use onekey_server::clock::ManualClock;
use onekey_server::meta::MemoryMeta;
use onekey_server::{Config, Server};
use serde_json::json;
use tower::ServiceExt;

const SOUND: u8 = 0;
const READ_FAILS: u8 = 1;
const READ_BREAKS_OFF: u8 = 2;
const BYTES_LOST: u8 = 3;
const COMPLETE_FAILS: u8 = 4;
const PUT_FAILS: u8 = 5;
const FULL: u8 = 6;
const FIRST_PIECE_FAILS: u8 = 7;

/// A store in memory that fails on command.
#[derive(Debug, Default)]
struct FaultyBlobs {
    inner: MemoryBlobs,
    fault: AtomicU8,
}

impl FaultyBlobs {
    fn set(&self, fault: u8) {
        self.fault.store(fault, Ordering::SeqCst);
    }

    fn is(&self, fault: u8) -> bool {
        self.fault.load(Ordering::SeqCst) == fault
    }
}

fn broken() -> BlobError {
    BlobError::Unavailable(io::Error::other("injected"))
}

#[async_trait]
impl BlobStore for FaultyBlobs {
    async fn create(&self, layout: BlobLayout) -> Result<BlobRef, BlobError> {
        self.inner.create(layout).await
    }

    async fn put_part(
        &self,
        blob: &BlobRef,
        place: PartPlace,
        body: PartBody,
    ) -> Result<PartTag, BlobError> {
        if self.is(FULL) {
            return Err(BlobError::StorageFull);
        }
        if self.is(PUT_FAILS) {
            return Err(broken());
        }
        self.inner.put_part(blob, place, body).await
    }

    async fn complete(
        &self,
        blob: &BlobRef,
        parts: &[StoredPart],
        size: u64,
    ) -> Result<(), BlobError> {
        if self.is(COMPLETE_FAILS) {
            return Err(broken());
        }
        self.inner.complete(blob, parts, size).await
    }

    async fn read(&self, blob: &BlobRef, range: Range<u64>) -> Result<BlobBody, BlobError> {
        if self.is(READ_FAILS) {
            return Err(broken());
        }
        if self.is(BYTES_LOST) {
            return Err(BlobError::NotFound);
        }
        let body = self.inner.read(blob, range).await?;
        if self.is(FIRST_PIECE_FAILS) {
            return Ok(stream::once(async { Err(broken()) }).boxed());
        }
        if self.is(READ_BREAKS_OFF) {
            return Ok(body
                .take(1)
                .chain(stream::once(async { Err(broken()) }))
                .boxed());
        }
        Ok(body)
    }

    async fn delete(&self, blob: &BlobRef) -> Result<(), BlobError> {
        self.inner.delete(blob).await
    }

    async fn list(
        &self,
        after: Option<&BlobRef>,
        limit: usize,
    ) -> Result<Vec<ListedBlob>, BlobError> {
        self.inner.list(after, limit).await
    }

    async fn look(&self, blob: &BlobRef) -> Result<Option<BlobLook>, BlobError> {
        self.inner.look(blob).await
    }

    async fn read_part(
        &self,
        blob: &BlobRef,
        part: &StoredPart,
    ) -> Result<Option<BlobBody>, BlobError> {
        self.inner.read_part(blob, part).await
    }

    async fn space(&self) -> Result<Option<Space>, BlobError> {
        self.inner.space().await
    }
}

struct Faulty {
    api: Api,
    blobs: Arc<FaultyBlobs>,
}

async fn faulty() -> Faulty {
    let clock = ManualClock::new(START);
    let mut config = Config::default();
    config.clock = Arc::new(clock.clone());
    let blobs = Arc::new(FaultyBlobs::default());
    let store: Arc<dyn BlobStore> = Arc::<FaultyBlobs>::clone(&blobs);
    let server = Server::with_stores(config, store, Arc::new(MemoryMeta::default()))
        .await
        .unwrap();
    let router = server.router();
    Faulty {
        api: Api {
            server,
            clock,
            router,
        },
        blobs,
    }
}

#[tokio::test]
async fn t35_unavailable_before_the_first_byte_gives_the_download_back() {
    let Faulty { api, blobs } = faulty().await;
    let shared =
        Sender::share_with(5_000, &api, |body| body["link"]["max_downloads"] = json!(1)).await;
    let grant = shared.granted(&api).await;
    for fault in [READ_FAILS, FIRST_PIECE_FAILS] {
        blobs.set(fault);
        let answer = api.get("/api/v1/payload", &grant).await;
        answer.refused(503, "unavailable");
        assert_ne!(answer.header("retry-after"), "");
    }
    blobs.set(SOUND);
    api.clock.advance(601);
    api.server.sweep().await.unwrap();
    let again = shared.granted(&api).await;
    assert_eq!(
        api.get("/api/v1/payload", &again).await.bytes,
        shared.payload
    );
    api.fits().await;
}

#[tokio::test]
async fn internal_when_bytes_are_lost() {
    let Faulty { api, blobs } = faulty().await;
    let shared = Sender::share(5_000, &api).await;
    let grant = shared.granted(&api).await;
    blobs.set(BYTES_LOST);
    api.get("/api/v1/payload", &grant)
        .await
        .refused(500, "internal");
    api.fits().await;
}

#[tokio::test]
async fn c6_a_payload_that_breaks_off_is_an_error_and_not_an_end() {
    let Faulty { api, blobs } = faulty().await;
    let shared = Sender::share(600_000, &api).await;
    let grant = shared.granted(&api).await;
    blobs.set(READ_BREAKS_OFF);
    let request = Request::get("/api/v1/payload").header("authorization", grant);
    let response = api
        .router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(
        response.headers()["content-length"],
        shared.size().to_string()
    );
    assert!(response.into_body().collect().await.is_err());
    api.fits().await;
}

#[tokio::test]
async fn unavailable_parts_are_not_recorded() {
    let Faulty { api, blobs } = faulty().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await;
    let parts: Vec<Vec<u8>> = sender.parts().map(|(_, part)| part.to_vec()).collect();
    blobs.set(PUT_FAILS);
    sender
        .put_part(&api, 0, &parts[0])
        .await
        .refused(503, "unavailable");
    blobs.set(FULL);
    sender
        .put_part(&api, 0, &parts[0])
        .await
        .refused(507, "storage_full");
    assert_eq!(sender.status(&api).await["received"], json!([]));
    blobs.set(SOUND);
    sender.put_parts(&api).await;
    sender.complete(&api).await;
    api.fits().await;
}

/// The blob store fails in the middle of `complete`: a repetition, or the sweep, finishes it.
#[tokio::test]
async fn t2_a_complete_that_failed_is_finished_by_repeating_or_by_the_sweep() {
    let Faulty { api, blobs } = faulty().await;
    for by_sweep in [false, true] {
        let sender = Sender::ready(5_000, &api).await;
        let body = sender.complete_body();
        blobs.set(COMPLETE_FAILS);
        sender
            .complete_with(&api, body.clone())
            .await
            .refused(503, "unavailable");
        assert_eq!(sender.status(&api).await["state"], "completing");
        sender.open(&api).await.refused(404, "link_gone");
        blobs.set(SOUND);
        if by_sweep {
            api.server.sweep().await.unwrap();
        }
        sender.complete_with(&api, body).await.ok();
        let grant = sender.granted(&api).await;
        assert_eq!(
            api.get("/api/v1/payload", &grant).await.bytes,
            sender.payload
        );
    }
    api.fits().await;
}

#[tokio::test]
async fn overlapping_completes_give_one_share() {
    let Faulty { api, .. } = faulty().await;
    let sender = Sender::ready(5_000, &api).await;
    let body = sender.complete_body();
    let all = (0..8).map(|_| sender.complete_with(&api, body.clone()));
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(answer.ok()["share"], sender.id);
    }
    assert_eq!(
        sender.described(&api).await["links"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    api.fits().await;
}
