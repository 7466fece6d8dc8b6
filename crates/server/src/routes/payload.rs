//! `GET /api/v1/payload`: ciphertext, whole or a range, for a grant.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, TryStreamExt, stream};
use onekey_core::wire::ErrorCode;

use crate::app::App;
use crate::error::ApiError;
use crate::extract::Grant;
use crate::range::{self, Requested};
use crate::routes::links;

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    grant: Grant,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let hash = links::hash(&grant.0);
    let payload = app
        .meta
        .peek_grant(hash, app.now())
        .await?
        .ok_or_else(ApiError::grant_rejected)?;
    let size = payload.size;
    let (status, range) = match range::requested(&headers, size) {
        Requested::Whole => (StatusCode::OK, 0..size),
        Requested::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Requested::Unsatisfiable => return Ok(unsatisfiable(size)),
    };
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let mut bytes = app.blobs.read(&payload.blob, range.clone()).await?;
        let first = bytes.next().await.transpose()?;
        // Marked used before the first byte is handed on, and only after the store gave it: a storage error
        // gives the download back by not taking it.
        app.meta
            .use_grant(hash, app.now())
            .await?
            .ok_or_else(ApiError::grant_rejected)?;
        let bytes = stream::iter(first.map(Ok)).chain(bytes);
        Body::from_stream(bytes.inspect_err(|error| {
            tracing::error!(%error, "a payload broke off: the blob store failed");
        }))
    };
    let mut response = (status, body).into_response();
    let fields = response.headers_mut();
    if status == StatusCode::PARTIAL_CONTENT {
        fields.insert(header::CONTENT_RANGE, range::content_range(&range, size));
    }
    fields.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    fields.insert(
        header::CONTENT_LENGTH,
        HeaderValue::from(range.end - range.start),
    );
    fields.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    Ok(response)
}

fn unsatisfiable(size: u64) -> Response {
    let mut response = ApiError::new(
        ErrorCode::RangeNotSatisfiable,
        format!("the payload has {size} bytes"),
    )
    .into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_RANGE, range::unsatisfied_range(size));
    response
}
