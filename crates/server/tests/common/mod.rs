//! A server in memory with a clock of its own, asked through its router: no sockets, no sleeps.

#![allow(dead_code, reason = "every test file uses another part of it")]
#![allow(clippy::unwrap_used)]

pub(crate) mod process;
pub(crate) mod sender;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use onekey_server::clock::ManualClock;
use onekey_server::config::FreeFloor;
use onekey_server::{Config, Server};
use serde_json::Value;
use tower::ServiceExt;

/// When every test begins.
pub(crate) const START: i64 = 1_800_000_000;

/// A server and its clock.
pub(crate) struct Api {
    pub(crate) server: Server,
    pub(crate) clock: ManualClock,
    pub(crate) router: Router,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Api {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(mut config: Config) -> Self {
        let clock = ManualClock::new(START);
        config.clock = Arc::new(clock.clone());
        // How full the disk of a test machine is does not matter here.
        if config.free_floor == FreeFloor::Share {
            config.free_floor = FreeFloor::Bytes(0);
        }
        let server = Server::new(config).await.unwrap();
        let router = server.router();
        Self {
            server,
            clock,
            router,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    /// Sends a request with a JSON body, or with none for `Value::Null`.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        authorization: &str,
        body: Value,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        self.send(request.body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, authorization: &str) -> Answer {
        self.call("GET", path, authorization, Value::Null).await
    }
}

impl Api {
    /// Asserts that rows and blobs fit, down to the last byte.
    #[track_caller]
    pub(crate) fn fits(&self) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let report = self.server.check(true).await.unwrap();
            assert_eq!(
                report.problems(),
                0,
                "{caller}: {report}\n{:?}",
                report.found
            );
        }
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| {
            panic!(
                "{}: not JSON: {}",
                self.status,
                String::from_utf8_lossy(&self.bytes)
            )
        })
    }

    /// Returns the JSON of a success.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert!(
            self.status.is_success(),
            "{}: {}",
            self.status,
            String::from_utf8_lossy(&self.bytes)
        );
        if self.bytes.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// Asserts a refusal: code, the status that goes with it, and a sentence.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        let body = self.json();
        assert_eq!(
            (self.status.as_u16(), body["error"]["code"].as_str()),
            (status, Some(code)),
            "{body}"
        );
        let message = body["error"]["message"].as_str().unwrap();
        assert!(message.len() > 10, "a sentence for people: {message}");
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}
