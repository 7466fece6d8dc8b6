//! A server whose stores the test can look into, asked through its router or through a socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use http_body_util::BodyExt;
use onekey_server::blobs::{BlobStore, MemoryBlobs};
use onekey_server::clock::ManualClock;
use onekey_server::config::{FreeFloor, UploadSecret};
use onekey_server::meta::{MemoryMeta, MetaStore, Totals};
use onekey_server::{Config, Server};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::common::{Answer, START};
use crate::opened::Opened;

pub(crate) const SECRET: &str = "open-sesame";

pub(crate) struct Direct {
    pub(crate) server: Server,
    pub(crate) router: Router,
    pub(crate) clock: ManualClock,
    pub(crate) meta: Arc<MemoryMeta>,
    pub(crate) blobs: Arc<MemoryBlobs>,
}

impl Direct {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with_secret() -> Self {
        Self::with(wanting_secret()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        Self::with_blobs(config, MemoryBlobs::default()).await
    }

    pub(crate) async fn with_blobs(mut config: Config, blobs: MemoryBlobs) -> Self {
        let clock = ManualClock::new(START);
        config.clock = Arc::new(clock.clone());
        if config.free_floor == FreeFloor::Share {
            config.free_floor = FreeFloor::Bytes(0);
        }
        let (meta, blobs) = (Arc::new(MemoryMeta::default()), Arc::new(blobs));
        let stores: (Arc<dyn BlobStore>, Arc<dyn MetaStore>) = (
            Arc::<MemoryBlobs>::clone(&blobs),
            Arc::<MemoryMeta>::clone(&meta),
        );
        let server = Server::with_stores(config, stores.0, stores.1)
            .await
            .unwrap();
        Self {
            router: server.router(),
            server,
            clock,
            meta,
            blobs,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request).await
    }

    /// Sends a request whose answer holds the link as text, and opens it.
    pub(crate) async fn stored(&self, request: Request<Body>) -> Opened {
        let answer = self.send(request).await;
        assert!(
            answer.status.is_success() || answer.status == 302,
            "{answer:?}"
        );
        Opened::of(&self.router, &text(&answer)).await
    }

    pub(crate) async fn totals(&self) -> Totals {
        self.meta.totals().await.unwrap()
    }

    /// Asserts that, soon, there is neither an upload nor a blob nor a byte charged.
    #[track_caller]
    pub(crate) fn nothing_left(&self) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            for _ in 0..500 {
                let blobs = self.blobs.list(None, 10).await.unwrap().len();
                if (self.totals().await, blobs) == (Totals::default(), 0) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            panic!("{caller}: {:?} and a blob are left", self.totals().await);
        }
    }
}

pub(crate) fn wanting_secret() -> Config {
    let mut config = Config::default();
    config.upload_secret = Some(UploadSecret::new(SECRET).unwrap());
    config
}

pub(crate) async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        bytes: body.collect().await.unwrap().to_bytes().to_vec(),
    }
}

/// Returns the text of an answer.
pub(crate) fn text(answer: &Answer) -> String {
    String::from_utf8(answer.bytes.clone()).unwrap()
}

pub(crate) fn post(path: &str) -> Builder {
    Request::post(path).header("host", "files.example")
}

pub(crate) fn put(path: &str) -> Builder {
    Request::put(path).header("host", "files.example")
}

/// A body with its length.
pub(crate) fn with_body(request: Builder, body: &[u8]) -> Request<Body> {
    let request = request.header("content-length", body.len());
    request.body(Body::from(body.to_vec())).unwrap()
}

/// A part of a form: what stands behind `form-data; `, the type, the content.
pub(crate) type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

pub(crate) const BOUNDARY: &str = "------------------------d74496d66958873e";

/// A form's body.
pub(crate) fn form_body(parts: &[Part]) -> Vec<u8> {
    let mut body = Vec::new();
    for (disposition, media_type, content) in parts {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n").bytes(),
        );
        if let Some(media_type) = media_type {
            body.extend(format!("Content-Type: {media_type}\r\n").bytes());
        }
        body.extend(b"\r\n");
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

pub(crate) fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

pub(crate) fn form(parts: &[Part]) -> Request<Body> {
    with_body(
        post("/").header("content-type", form_type()),
        &form_body(parts),
    )
}

/// The same server behind a socket.
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    pub(crate) router: Router,
    pub(crate) folder: tempfile::TempDir,
}

impl Listening {
    /// Keeps everything in a folder, as a real one does.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::in_folder(folder.path().join("data"));
        config.free_floor = FreeFloor::Bytes(0);
        change(&mut config);
        let server = Server::new(config).await.unwrap();
        let router = server.router();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(server.run(listener, std::future::pending()));
        Self {
            address,
            router,
            folder,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}
