//! `Authorization`: one of four schemes, a credential and nothing ambient.

use axum::extract::FromRequestParts;
use axum::http::{header, request::Parts};
use onekey_core::keys;
use onekey_core::wire::{SCHEME_GRANT, SCHEME_OWNER, SCHEME_PROOF, SCHEME_UPLOAD_SECRET};

use crate::error::ApiError;

/// Returns the credential after `scheme`, if the field has that scheme.
fn credential<'r>(parts: &'r Parts, scheme: &str) -> Option<&'r str> {
    let field = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (given, credential) = field.split_once(' ')?;
    // RFC 9110, section 11.1: a scheme's case does not count.
    given
        .eq_ignore_ascii_case(scheme)
        .then(|| credential.trim())
}

macro_rules! required {
    ($(#[$doc:meta])* $name:ident, $scheme:ident, $refusal:expr) => {
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) keys::$name);

        impl<S: Sync> FromRequestParts<S> for $name {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
                credential(parts, $scheme)
                    .and_then(|text| keys::$name::from_base64url(text).ok())
                    .map(Self)
                    .ok_or_else($refusal)
            }
        }
    };
}

required! {
    /// The grant of a payload.
    Grant, SCHEME_GRANT, ApiError::grant_rejected
}
required! {
    /// The owner token of an upload or share.
    OwnerToken, SCHEME_OWNER, ApiError::owner_rejected
}
required! {
    /// The proof of a link.
    Proof, SCHEME_PROOF, ApiError::proof_rejected
}

/// The upload secret as the client gave it, if it did.
pub(crate) struct UploadSecretGiven(pub(crate) Option<String>);

impl<S: Sync> FromRequestParts<S> for UploadSecretGiven {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(
            credential(parts, SCHEME_UPLOAD_SECRET).map(str::to_owned),
        ))
    }
}
