//! A file or a zip as an answer: bytes, and everything that is said about them.

use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};
use onekey_core::manifest::File;

use super::{Refusal, conditions};
use crate::app::App;
use crate::direct::disposition::content_disposition;
use crate::direct::media_type::{self, ServedType};
use crate::direct::open::{OpenPayload, OpenShare};
use crate::direct::plaintext::{BrokenOff, Plaintext};
use crate::direct::zip::Zip;
use crate::layers::Keep;
use crate::meta::GrantHash;
use crate::range::{self, Requested};
use crate::routes::fields::{self, Field, NOT_INDEXED};

/// Longest time that a reader's own cache keeps a file, in seconds: a link that is revoked is soon gone there, too.
const MAX_KEPT: u32 = 300;

/// Nothing in a file runs, and nothing is fetched but what a file opens of itself: its own pixels and sound. `sandbox` takes
/// the origin from it, too, so that it could reach nothing here if it ran.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; sandbox";

/// Name of the zip of a share without a title.
const UNTITLED: &str = "onekey";

/// What goes with every file, also with a range that cannot be and with one that the reader has.
const FIXED: [Field; 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    // The origin that `sandbox` took is another one even for a player in the same window. The key is in the address, and
    // there are no cookies: whoever can ask may read.
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    // Files are made to be shown on other sites.
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "cross-origin",
    ),
    NOT_INDEXED,
    // nginx would write what it cannot send at once to its disk.
    (HeaderName::from_static("x-accel-buffering"), "no"),
];

/// A request whose key and grant were looked at.
pub(super) struct Request<'r> {
    pub(super) app: &'r App,
    pub(super) headers: &'r HeaderMap,
    pub(super) head: bool,
    pub(super) grant: Option<GrantHash>,
    pub(super) download: bool,
}

impl Request<'_> {
    pub(super) async fn file(self, share: OpenShare, file: &File) -> Result<Response, Refusal> {
        let etag = format!("\"{}\"", share.key.etag(&file.path));
        let keep = self.keep(&share);
        let tagged = |mut response: Response| {
            let fields = response.headers_mut();
            fields.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
            if let Ok(etag) = HeaderValue::try_from(&etag) {
                fields.insert(header::ETAG, etag);
            }
            response
        };
        if conditions::is_known(self.headers, &etag) {
            return Ok(finish(
                tagged(StatusCode::NOT_MODIFIED.into_response()),
                keep,
            ));
        }
        let requested = if conditions::range_counts(self.headers, &etag) {
            range::requested(self.headers, file.size)
        } else {
            Requested::Whole
        };
        let (status, range) = match requested {
            Requested::Whole => (StatusCode::OK, 0..file.size),
            Requested::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
            Requested::Unsatisfiable => {
                let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
                response
                    .headers_mut()
                    .insert(header::CONTENT_RANGE, range::unsatisfied_range(file.size));
                return Ok(finish(tagged(response), None));
            }
        };
        let ServedType {
            content_type,
            inline,
        } = media_type::served(&file.media_type);
        let place = file.offset + range.start..file.offset + range.end;
        let body = self
            .body(share.payload, place, |plaintext| plaintext)
            .await?;
        let mut response = tagged((status, body).into_response());
        let fields = response.headers_mut();
        if status == StatusCode::PARTIAL_CONTENT {
            fields.insert(
                header::CONTENT_RANGE,
                range::content_range(&range, file.size),
            );
        }
        describe(
            fields,
            range.end - range.start,
            content_type,
            content_disposition(&file.path, inline && !self.download),
        );
        Ok(finish(response, keep))
    }

    pub(super) async fn zip(self, share: OpenShare) -> Result<Response, Refusal> {
        let keep = self.keep(&share);
        let zip = Zip::of(&share.manifest);
        let length = zip.length();
        // A title is no path.
        let name = format!(
            "{}.zip",
            share.title().unwrap_or(UNTITLED).replace('/', "_")
        );
        let files = share.manifest.files.iter();
        let end = files.map(|file| file.offset + file.stored).max();
        let body = self
            .body(share.payload, 0..end.unwrap_or(0), |plaintext| {
                zip.stream(plaintext)
            })
            .await?;
        let mut response = body.into_response();
        let fields = response.headers_mut();
        fields.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
        let disposition = content_disposition(&name, false);
        describe(fields, length, "application/zip", disposition);
        Ok(finish(response, keep))
    }

    /// Opens the bytes of `range`, and marks the grant as used once they are known to be sound and before one is handed on.
    async fn body<S>(
        &self,
        payload: OpenPayload,
        range: Range<u64>,
        shaped: impl FnOnce(Plaintext) -> S,
    ) -> Result<Body, Refusal>
    where
        S: Stream<Item = Result<Bytes, BrokenOff>> + Send + 'static,
    {
        let plaintext = Plaintext::open(&*self.app.blobs, payload, range).await?;
        if self.head {
            return Ok(Body::empty());
        }
        if let Some(grant) = self.grant {
            let used = self.app.meta.use_grant(grant, self.app.now()).await?;
            used.ok_or(Refusal::Nothing)?;
        }
        Ok(Body::from_stream(shaped(plaintext).inspect_err(|error| {
            tracing::error!(%error, "a direct answer broke off");
        })))
    }

    fn keep(&self, share: &OpenShare) -> Option<Keep> {
        if self.grant.is_some() || share.is_capped() {
            return None;
        }
        let left = share.expires_at.map_or(MAX_KEPT, |end| {
            u32::try_from(end - self.app.now()).unwrap_or(0)
        });
        Some(Keep::Private(left.min(MAX_KEPT)))
    }
}

fn describe(
    fields: &mut HeaderMap,
    length: u64,
    content_type: &'static str,
    disposition: HeaderValue,
) {
    fields.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    fields.insert(header::CONTENT_DISPOSITION, disposition);
}

fn finish(mut response: Response, keep: Option<Keep>) -> Response {
    fields::set(&mut response, FIXED);
    if let Some(keep) = keep {
        response.extensions_mut().insert(keep);
    }
    response
}
