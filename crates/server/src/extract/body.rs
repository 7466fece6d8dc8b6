//! Bodies: bounded before they are read, and again while.

use std::time::Duration;

use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use onekey_core::wire::ErrorCode;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::error::ApiError;

pub(crate) use axum::body::Body;

/// Longest time between two pieces of a body that is read.
pub(crate) const BODY_IDLE: Duration = Duration::from_secs(30);

/// Longest time for a whole JSON body: 12 MiB over a line of half a megabit. Only so many are read at once.
const JSON_BODY_TIME: Duration = Duration::from_secs(200);

/// Reads a JSON body of at most `limit` bytes, and returns the bytes as well.
pub(crate) async fn json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<(T, Bytes), ApiError> {
    let bytes = timeout(JSON_BODY_TIME, read(headers, body, limit))
        .await
        .map_err(|_| ApiError::body_too_slow())??;
    // serde would also take an array of the fields' values in order.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(ApiError::bad_request("the body is not a JSON object"));
    }
    let value = serde_json::from_slice(&bytes).map_err(|error| {
        ApiError::bad_request(format!("the body is not as expected: {}", reason(&error)))
    })?;
    Ok((value, bytes))
}

/// Says what is wrong with a JSON text and where, without repeating any of it: a body may hold what
/// only its sender should see.
fn reason(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Data => "a field is missing, unknown or out of range",
        Category::Eof => "it ends too early",
        Category::Io | Category::Syntax => "it is not JSON",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

/// Reads a body of at most `limit` bytes.
async fn read(headers: &HeaderMap, mut body: Body, limit: usize) -> Result<Bytes, ApiError> {
    let too_large = || ApiError::too_large(limit as u64);
    let announced = content_length(headers)?;
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut bytes = BytesMut::new();
    while let Some(data) = next_piece(&mut body).await? {
        if bytes.len() + data.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.freeze())
}

/// Returns the next piece of a body, or `None` at its end. Trailers carry nothing that we use.
pub(crate) async fn next_piece(body: &mut Body) -> Result<Option<Bytes>, ApiError> {
    loop {
        let frame = timeout(BODY_IDLE, body.frame())
            .await
            .map_err(|_| ApiError::body_too_slow())?;
        let Some(frame) = frame else { return Ok(None) };
        let frame = frame.map_err(|_| ApiError::body_broke_off())?;
        if let Ok(data) = frame.into_data() {
            return Ok(Some(data));
        }
    }
}

/// Returns `Content-Length`, if the request has one.
pub(crate) fn content_length(headers: &HeaderMap) -> Result<Option<u64>, ApiError> {
    let Some(field) = headers.get(header::CONTENT_LENGTH) else {
        return Ok(None);
    };
    field
        .to_str()
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .map(Some)
        .ok_or_else(|| ApiError::bad_request("Content-Length is not a number"))
}

/// Returns `Content-Length` or refuses with 411.
pub(crate) fn required_content_length(headers: &HeaderMap) -> Result<u64, ApiError> {
    content_length(headers)?.ok_or_else(|| {
        ApiError::new(
            ErrorCode::LengthRequired,
            "send the part with Content-Length",
        )
    })
}
