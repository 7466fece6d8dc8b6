//! The one error type of the HTTP side: a stable code and a sentence go out, the cause goes to the log.

use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use onekey_core::wire::{ErrorBody, ErrorCode, ErrorDetail};

use crate::blobs::BlobError;
use crate::meta::{LinkState, MAX_LINKS, MetaError};

/// Longest cause that is logged, in characters.
const MAX_LOGGED_CAUSE: usize = 1024;

/// Seconds that a client is told to wait when the server cannot say better.
const RETRY_AFTER_UNAVAILABLE: u32 = 5;

/// A refusal or failure, ready to be answered.
#[derive(Debug)]
pub(crate) struct ApiError {
    code: ErrorCode,
    message: String,
    retry_after: Option<u32>,
    cause: Option<String>,
}

/// What the log says of a failure: rides on the response to the log layer.
#[derive(Clone)]
pub(crate) struct LoggedCause(pub(crate) Arc<str>);

impl ApiError {
    /// A refusal with a sentence of its own.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retry_after: None,
            cause: None,
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "there is nothing here")
    }

    pub(crate) fn link_gone() -> Self {
        Self::new(
            ErrorCode::LinkGone,
            "this link does not exist, or no longer",
        )
    }

    pub(crate) fn owner_rejected() -> Self {
        Self::new(
            ErrorCode::OwnerRejected,
            "send the owner token of this upload or share as Authorization: Onekey-Owner",
        )
    }

    pub(crate) fn proof_rejected() -> Self {
        Self::new(ErrorCode::ProofRejected, "wrong key or password")
    }

    pub(crate) fn grant_rejected() -> Self {
        Self::new(
            ErrorCode::NotFound,
            "this grant has ended, or never was; ask for a new one",
        )
    }

    pub(crate) fn storage_full() -> Self {
        Self::new(
            ErrorCode::StorageFull,
            "the server has no room for this; try again later",
        )
    }

    pub(crate) fn too_large(limit: u64) -> Self {
        Self::new(ErrorCode::TooLarge, format!("the limit is {limit} bytes"))
    }

    pub(crate) fn wrong_state() -> Self {
        Self::new(
            ErrorCode::WrongState,
            "the upload, share or link is in a state that does not allow this",
        )
    }

    /// What the holder of a right proof learns about a link that is not live.
    pub(crate) fn gone(state: LinkState) -> Self {
        match state {
            LinkState::Expired => Self::new(ErrorCode::Expired, "this link has expired"),
            LinkState::UsedUp => {
                Self::new(ErrorCode::UsedUp, "all downloads of this link are used up")
            }
            LinkState::Revoked => Self::new(ErrorCode::Revoked, "the sender has revoked this link"),
            // It became live between two looks (a download was given back): trying again works.
            LinkState::Live => Self::unavailable(),
        }
    }

    pub(crate) fn too_many_attempts(retry_after: u32) -> Self {
        Self::new(
            ErrorCode::TooManyAttempts,
            format!("too many wrong keys or passwords; try again in {retry_after} seconds"),
        )
        .retry_after(retry_after)
    }

    pub(crate) fn unavailable() -> Self {
        Self::new(
            ErrorCode::Unavailable,
            "the server cannot answer now; try again",
        )
        .retry_after(RETRY_AFTER_UNAVAILABLE)
    }

    /// For whoever guesses the upload secret, and for whoever shares an address with them.
    pub(crate) fn too_many_secrets(retry_after: u32) -> Self {
        Self::new(
            ErrorCode::TooManyAttempts,
            format!("too many wrong upload secrets; try again in {retry_after} seconds"),
        )
        .retry_after(retry_after)
    }

    pub(crate) fn busy() -> Self {
        Self::new(
            ErrorCode::Unavailable,
            "the server is receiving as much as it can; try again",
        )
        .retry_after(RETRY_AFTER_UNAVAILABLE)
    }

    /// What a proxy on the way may have done: sending again can work.
    pub(crate) fn body_broke_off() -> Self {
        Self::new(ErrorCode::Unavailable, "the body broke off; send it again")
    }

    pub(crate) fn body_too_slow() -> Self {
        Self::new(
            ErrorCode::Unavailable,
            "the body came too slowly; send it again",
        )
    }

    fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Keeps the cause for the log. Causes hold no path, id, key or value of a row.
    fn because(mut self, error: &(dyn Error + 'static)) -> Self {
        let mut cause = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            // Writing to a `String` cannot fail.
            let _ = write!(cause, ": {error}");
            source = error.source();
        }
        self.cause = Some(cause.chars().take(MAX_LOGGED_CAUSE).collect());
        self
    }
}

impl From<BlobError> for ApiError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Body(_) => Self::body_broke_off(),
            BlobError::BodyLength => {
                Self::bad_request("the body does not have the length of Content-Length")
            }
            BlobError::StorageFull => Self::storage_full().because(&error),
            BlobError::NotFound => {
                Self::new(ErrorCode::Internal, "the server has lost these bytes").because(&error)
            }
            _ => Self::unavailable().because(&error),
        }
    }
}

impl From<MetaError> for ApiError {
    fn from(error: MetaError) -> Self {
        match error {
            MetaError::CompleteDiffers => Self::new(
                ErrorCode::CompleteDiffers,
                "this upload is being completed with another body; repeat that one",
            ),
            MetaError::LocatorTaken => Self::new(
                ErrorCode::LocatorTaken,
                "a link with this locator exists or existed; make a new key",
            ),
            MetaError::NotFound => Self::not_found(),
            MetaError::PartsMissing => Self::new(
                ErrorCode::PartsMissing,
                "parts are missing, have the wrong length or do not add up to the size",
            ),
            MetaError::TooLarge => Self::new(
                ErrorCode::TooLarge,
                "the payload is larger than this server allows",
            ),
            MetaError::TooManyLinks => Self::new(
                ErrorCode::TooManyLinks,
                format!(
                    "a share has at most {MAX_LINKS} links; those that ended count for thirty days"
                ),
            ),
            MetaError::StorageFull | MetaError::TotalExceeded => {
                Self::storage_full().because(&error)
            }
            MetaError::WrongState => Self::wrong_state(),
            _ => Self::unavailable().because(&error),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Json(ErrorBody {
            error: ErrorDetail {
                code: self.code,
                message: self.message.clone(),
            },
        });
        self.around(body.into_response())
    }
}

impl ApiError {
    /// The same with one line of text, for those who did not ask for JSON.
    pub(crate) fn into_text(self) -> Response {
        let line = format!("{}\n", self.message);
        self.around(line.into_response())
    }

    /// Gives `response` the status, the fields and the logged cause that go with this.
    fn around(self, mut response: Response) -> Response {
        *response.status_mut() =
            StatusCode::from_u16(self.code.status()).expect("every code's status is one of HTTP's");
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(LoggedCause(cause.into()));
        }
        response
    }
}
