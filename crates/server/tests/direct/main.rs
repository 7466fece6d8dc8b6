//! Direct downloads: what a key in a path opens, how it breaks off, what it never tells. Numbers in names are those of
//! docs/mistakes.md.

#![allow(clippy::unwrap_used)]

mod answers;
mod caps;
#[path = "../common/mod.rs"]
mod common;
mod damage;
mod keys;
mod log;
mod owner;
mod programs;
mod proxy;
mod ranges;
mod rows;
mod several;
mod share;
mod types;
mod zip;
mod zip64;

use std::io::Write;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::common::Api;

/// What browsers send when a person goes somewhere.
pub(crate) const BROWSER: (&str, &str) = (
    "accept",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
);

/// An answer as far as it came.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// It ended with an error.
    pub(crate) broken: bool,
}

impl Fetched {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    /// Asserts the one answer where nothing is, to the last field.
    #[track_caller]
    pub(crate) fn is_nothing(&self) {
        assert_eq!(
            (self.status, self.text()),
            (StatusCode::NOT_FOUND, "There is nothing here.\n")
        );
        let mut fields: Vec<_> = self.headers.iter().collect();
        fields.sort_by_key(|(name, _)| name.as_str());
        let fields: Vec<_> = fields
            .into_iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .collect();
        let right = [
            ("cache-control", "no-store"),
            ("content-length", "23"),
            ("content-type", "text/plain; charset=utf-8"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ];
        assert_eq!(fields, right);
    }
}

pub(crate) async fn ask(api: &Api, method: &str, path: &str, fields: &[(&str, &str)]) -> Fetched {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = api.router.clone().oneshot(request).await.unwrap();
    let (parts, mut body) = response.into_parts();
    let (mut bytes, mut broken) = (Vec::new(), false);
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes.extend_from_slice(frame.data_ref().unwrap()),
            Err(_) => broken = true,
        }
    }
    Fetched {
        status: parts.status,
        headers: parts.headers,
        bytes,
        broken,
    }
}

pub(crate) async fn get(api: &Api, path: &str, fields: &[(&str, &str)]) -> Fetched {
    ask(api, "GET", path, fields).await
}

/// Writes the skip of a test where `./test` looks for it, and where people do.
pub(crate) fn skip(name: &str, reason: &str) {
    let line = format!("{name}: {reason}\n");
    // Not `eprintln!`, which a passing test hides.
    let _ = write!(std::io::stderr(), "SKIPPED {line}");
    if let Some(path) = std::env::var_os("ONEKEY_SKIPPED") {
        let file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(path);
        file.unwrap().write_all(line.as_bytes()).unwrap();
    }
}
