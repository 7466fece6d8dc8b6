//! `/payload`

use std::ops::Range;

use bytes::Bytes;
use onekey_core::keys::Grant;
use onekey_core::wire::SCHEME_GRANT;
use reqwest::header::{CONTENT_RANGE, RANGE};
use reqwest::{Method, Response};

use super::{Api, answer, authorize};
use crate::error::{ApiError, NetworkError};

/// The bytes of a range, as they arrive: never more than were asked for.
#[derive(Debug)]
pub(crate) struct Body {
    response: Response,
    left: u64,
}

impl Api {
    /// `GET /payload` for a range that is not empty, of a payload of `size` bytes.
    pub(crate) async fn payload(
        &self,
        grant: &Grant,
        range: Range<u64>,
        size: u64,
    ) -> Result<Body, ApiError> {
        let request = self
            .request(Method::GET, "/payload")
            .header(RANGE, format!("bytes={}-{}", range.start, range.end - 1));
        let response = self
            .send(authorize(request, SCHEME_GRANT, &grant.to_base64url()))
            .await?;
        let status = response.status().as_u16();
        match status {
            206 if content_range(&response) == Some((range.start, range.end - 1, size)) => {}
            // A server may answer a range that is the whole with the whole.
            200 if range == (0..size) => {}
            200 | 206 => return Err(ApiError::NotAServer { status }),
            _ => return Err(answer::refusal(response).await),
        }
        let left = range.end - range.start;
        if response.content_length() != Some(left) {
            return Err(ApiError::Network(NetworkError::Length));
        }
        Ok(Body { response, left })
    }
}

impl Body {
    /// Returns the next bytes, or `None` after the last one. Ends early only with an error.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        let bytes = answer::next(&mut self.response).await?;
        let taken = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        match self.left.checked_sub(taken) {
            Some(left) if bytes.is_some() || left == 0 => self.left = left,
            _ => return Err(ApiError::Network(NetworkError::Length)),
        }
        Ok(bytes)
    }
}

/// Reads `bytes FIRST-LAST/SIZE`.
fn content_range(response: &Response) -> Option<(u64, u64, u64)> {
    let field = response.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, size) = field.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, size.parse().ok()?))
}
