//! Names in paths. One that is not well-formed names nothing: 404, never 400, and never a path on disk.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use onekey_core::{keys, wire};

use crate::error::ApiError;

/// The share id at `{id}`.
pub(crate) struct ShareId(pub(crate) keys::ShareId);

/// The locator at `{locator}`.
pub(crate) struct Locator(pub(crate) keys::Locator);

/// The share id at `{id}` and the part number at `{n}`.
pub(crate) struct PartNumber(pub(crate) keys::ShareId, pub(crate) u32);

impl<S: Send + Sync> FromRequestParts<S> for ShareId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(id) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::not_found())?;
        keys::ShareId::from_base64url(&id)
            .map(Self)
            .map_err(|_| ApiError::not_found())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Locator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(locator) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::link_gone())?;
        keys::Locator::from_base64url(&locator)
            .map(Self)
            .map_err(|_| ApiError::link_gone())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PartNumber {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path((id, number)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::not_found())?;
        let id = keys::ShareId::from_base64url(&id).map_err(|_| ApiError::not_found())?;
        let number = canonical(&number).ok_or_else(ApiError::not_found)?;
        if number >= wire::MAX_PARTS {
            return Err(ApiError::bad_request(format!(
                "parts are numbered from 0 to {}",
                wire::MAX_PARTS - 1
            )));
        }
        Ok(Self(id, number))
    }
}

/// Reads a number in its one form: `parse` alone would take `+1` and `01` for the same part.
fn canonical(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}
