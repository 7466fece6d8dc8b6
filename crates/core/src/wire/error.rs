//! Errors: a stable code for programs, a sentence for people.

use alloc::string::String;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal;)*) => {
        /// What went wrong. The text never changes; the sentence beside it may.
        #[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
            /// A code that this version does not know.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl ErrorCode {
            /// Every code of this version.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the code's text.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Unknown => "unknown",
                }
            }

            /// Returns the HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)*
                    Self::Unknown => 500,
                }
            }
        }
    };
}

codes! {
    /// The request is malformed or a value is out of range.
    BadRequest = "bad_request", 400;
    /// `complete` was repeated with another body.
    CompleteDiffers = "complete_differs", 409;
    /// A page of another site tried to create something.
    CrossSite = "cross_site", 403;
    /// The bytes of a part have another digest than announced.
    DigestMismatch = "digest_mismatch", 422;
    /// The link's time ended; said to a right proof only.
    Expired = "expired", 410;
    /// The server failed; nothing was changed.
    Internal = "internal", 500;
    /// The request has no `Content-Length`.
    LengthRequired = "length_required", 411;
    /// The link is unknown, expired, used up or revoked.
    LinkGone = "link_gone", 404;
    /// A link with that locator exists or existed.
    LocatorTaken = "locator_taken", 409;
    /// The route does not take this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// No such route, upload, share or grant.
    NotFound = "not_found", 404;
    /// The owner token is missing or wrong.
    OwnerRejected = "owner_rejected", 403;
    /// Another request is writing the same part; try again.
    PartBusy = "part_busy", 409;
    /// The part is there with another digest.
    PartExists = "part_exists", 409;
    /// Parts are missing, have the wrong length or do not add up.
    PartsMissing = "parts_missing", 409;
    /// The proof is missing or wrong.
    ProofRejected = "proof_rejected", 403;
    /// The client's daily quota is used; try again later.
    Quota = "quota", 429;
    /// The range begins after the payload's end.
    RangeNotSatisfiable = "range_not_satisfiable", 416;
    /// The link was revoked; said to a right proof only.
    Revoked = "revoked", 410;
    /// The server's disk or total is full.
    StorageFull = "storage_full", 507;
    /// The payload or body is larger than allowed.
    TooLarge = "too_large", 413;
    /// Too many wrong proofs; try again later.
    TooManyAttempts = "too_many_attempts", 429;
    /// The share has as many links as it may have.
    TooManyLinks = "too_many_links", 409;
    /// The server cannot answer at the moment; try again.
    Unavailable = "unavailable", 503;
    /// The server wants an upload secret.
    UploadSecretRequired = "upload_secret_required", 401;
    /// The upload secret is wrong.
    UploadSecretRejected = "upload_secret_rejected", 403;
    /// The link's downloads are spent; said to a right proof only.
    UsedUp = "used_up", 410;
    /// The upload or share is in a state that does not allow this.
    WrongState = "wrong_state", 409;
}

/// Not derived: the derive does not see names that a macro gave.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for ErrorCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("What went wrong."))
            .enum_values(Some(Self::ALL.iter().map(|code| code.as_str())))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for ErrorCode {}

/// The body of every error.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

/// An error.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorDetail {
    /// The code, for programs.
    pub code: ErrorCode,
    /// The sentence, for people.
    pub message: String,
}
