//! The routes of protocol v1: one typed function each, one request each.
//!
//! Nothing here tries again; [`crate::retry`] does. Every wait and every answer is bounded. URLs hold
//! locators, so no error keeps one.

mod answer;
mod body;
mod links;
mod payload;
mod shares;
mod uploads;

use std::fmt;
use std::time::Duration;

use onekey_core::url::ServerUrl;
use onekey_core::wire::{API_PREFIX, MAX_JSON_BODY, ServerDescription};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, RequestBuilder, Response, redirect};
use tokio::time::timeout;

pub(crate) use payload::Body;

use crate::error::{ApiError, NetworkError};

/// Longest wait for a connection.
const CONNECT_WAIT: Duration = Duration::from_secs(10);

/// Longest silence while bytes should flow. Bodies have no other limit: they are as slow as the line.
const IDLE_WAIT: Duration = Duration::from_secs(60);

/// Longest wait for an answer once the request is sent: a busy part waits 30 seconds on the
/// server, and durable writes may queue behind others.
const ANSWER_WAIT: Duration = Duration::from_secs(120);

/// Longest life of a connection that nobody uses. A onekey server closes one after 10 seconds, as if it waited for a
/// header; half of that keeps requests that must not be repeated away from a connection that is just being closed.
const POOL_IDLE: Duration = Duration::from_secs(5);

/// HTTP/2 windows: the default of 64 KiB would hold a fast line with a long way back.
const STREAM_WINDOW: u32 = 4 << 20;
const CONNECTION_WINDOW: u32 = 16 << 20;

/// A connection pool to one server.
pub(crate) struct Api {
    http: reqwest::Client,
    base: String,
}

impl Api {
    pub(crate) fn new(server: &ServerUrl) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("onekey/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_WAIT)
            .pool_idle_timeout(POOL_IDLE)
            // A redirect would carry proofs and payloads to somebody else.
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .http2_initial_stream_window_size(STREAM_WINDOW)
            .http2_initial_connection_window_size(CONNECTION_WINDOW)
            .tcp_nodelay(true)
            .build()
            .map_err(reqwest::Error::without_url)?;
        Ok(Self {
            http,
            base: format!("{server}{API_PREFIX}"),
        })
    }

    /// `GET /server`
    pub(crate) async fn server(&self) -> Result<ServerDescription, ApiError> {
        let response = self.send(self.request(Method::GET, "/server")).await?;
        answer::json(response, 200, MAX_JSON_BODY).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// Sends a request whose body is small or missing.
    async fn send(&self, request: RequestBuilder) -> Result<Response, ApiError> {
        match timeout(ANSWER_WAIT, request.send()).await {
            Ok(response) => response.map_err(ApiError::network),
            Err(_) => Err(ApiError::Network(NetworkError::Silent)),
        }
    }
}

/// Adds `Authorization: SCHEME VALUE`, marked so that no layer below prints or indexes it.
fn authorize(request: RequestBuilder, scheme: &str, value: &str) -> RequestBuilder {
    let field = zeroize::Zeroizing::new(format!("{scheme} {value}"));
    let mut field = HeaderValue::from_str(&field).expect("schemes and base64url are visible ASCII");
    field.set_sensitive(true);
    request.header(AUTHORIZATION, field)
}

/// Adds a JSON body.
fn json(request: RequestBuilder, body: &impl serde::Serialize) -> RequestBuilder {
    let body = serde_json::to_vec(body).expect("wire types have string keys and no failing parts");
    request.header(CONTENT_TYPE, JSON).body(body)
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api(..)")
    }
}
