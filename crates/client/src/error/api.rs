//! Why a request got no good answer.

use std::time::Duration;

use onekey_core::wire::ErrorCode;

use super::Kind;

/// Why a request got no good answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// Something between here and the server refuses bodies of this size: its 413 is not onekey's.
    #[error("a proxy before the server refuses requests of this size")]
    BodyRefused,
    /// The connection failed or the server did not answer in time.
    #[error("{0}")]
    Network(#[source] NetworkError),
    /// The answer is not what a onekey server says: another service, or a proxy's page.
    #[error("the answer (HTTP status {status}) is not from a onekey server")]
    NotAServer {
        /// The answer's HTTP status.
        status: u16,
    },
    /// The server refused.
    #[error("the server refused: {message} ({})", code.as_str())]
    #[non_exhaustive]
    Refused {
        /// Why, for programs.
        code: ErrorCode,
        /// Why, for people; without control characters.
        message: String,
        /// In how many seconds it may be tried again.
        retry_after: Option<u32>,
    },
}

/// The connection failed or the server did not answer in time. Holds no URL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// No connection: the request was never sent.
    #[error("cannot connect to the server")]
    Connect(#[source] reqwest::Error),
    /// The answer has another length or range than was asked for.
    #[error("the answer does not have the announced length")]
    Length,
    /// The connection ended before the answer did. Whether the server did what was asked is unknown.
    #[error("the connection to the server was lost")]
    Lost(#[source] reqwest::Error),
    /// The server was silent for too long. Whether it did what was asked is unknown.
    #[error("the server did not answer in time")]
    Silent,
}

impl ApiError {
    /// Returns what a program does about it.
    pub const fn exit_kind(&self) -> Kind {
        let Self::Refused { code, .. } = self else {
            return Kind::Failed;
        };
        match code {
            ErrorCode::Expired
            | ErrorCode::LinkGone
            | ErrorCode::NotFound
            | ErrorCode::Revoked
            | ErrorCode::UsedUp => Kind::Gone,
            ErrorCode::OwnerRejected | ErrorCode::ProofRejected => Kind::WrongKey,
            _ => Kind::Failed,
        }
    }

    /// Returns the code of a refusal.
    pub const fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether a request that changes nothing more when repeated is worth repeating.
    pub(crate) const fn is_passing(&self) -> bool {
        match self {
            Self::Network(_) => true,
            // A gateway's own pages; 501 and 505 will not change.
            Self::NotAServer { status } => matches!(status, 408 | 425 | 429 | 500 | 502..=504),
            Self::Refused { code, .. } => matches!(
                code,
                ErrorCode::DigestMismatch
                    | ErrorCode::Internal
                    | ErrorCode::PartBusy
                    | ErrorCode::Unavailable
            ),
            Self::BodyRefused => false,
        }
    }

    /// Whether there was no connection at all.
    pub(crate) const fn is_unreachable(&self) -> bool {
        matches!(self, Self::Network(NetworkError::Connect(_)))
    }

    /// Whether the request certainly had no effect, and may be repeated although a second effect
    /// would do harm.
    pub(crate) const fn had_no_effect(&self) -> bool {
        match self {
            Self::Network(NetworkError::Connect(_)) => true,
            Self::Refused { code, .. } => {
                matches!(code, ErrorCode::Internal | ErrorCode::Unavailable)
            }
            _ => false,
        }
    }

    /// Whether nobody can tell if the server did what was asked.
    pub(crate) const fn outcome_unknown(&self) -> bool {
        match self {
            Self::Network(NetworkError::Connect(_)) | Self::BodyRefused | Self::Refused { .. } => {
                false
            }
            Self::Network(_) | Self::NotAServer { .. } => true,
        }
    }

    /// Returns how long the server asks to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => {
                retry_after.map(|seconds| Duration::from_secs(seconds.into()))
            }
            _ => None,
        }
    }

    /// Takes a transport error without the URL in it, which holds locators.
    pub(crate) fn network(error: reqwest::Error) -> Self {
        let error = error.without_url();
        Self::Network(if error.is_connect() {
            NetworkError::Connect(error)
        } else {
            NetworkError::Lost(error)
        })
    }
}
