//! Why a link does not open.

use onekey_core::wire::ErrorCode;

use super::{ApiError, DamageError, Kind};

/// Why a link does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The conversation with the server failed.
    #[error(transparent)]
    Api(ApiError),
    /// What the server sent is not what the sender encrypted.
    #[error(transparent)]
    Damaged(#[from] DamageError),
    /// The link's time ended.
    #[error("the link has expired")]
    Expired,
    /// The link is unknown, ended long ago, or ended and why is only for those with the right password.
    #[error("the link does not exist, or no longer")]
    Gone,
    /// The link wants a password and none was given.
    #[error("the link needs a password")]
    PasswordRequired,
    /// Its owner ended it.
    #[error("the link was revoked by its owner")]
    Revoked,
    /// Too many wrong proofs; the server takes no more for a while.
    #[error("too many wrong attempts: try again later")]
    TooManyAttempts {
        /// In how many seconds it may be tried again.
        retry_after: Option<u32>,
    },
    /// The share uses a cipher that shares do not use.
    #[error("the share uses a cipher suite that this version does not open")]
    UnsupportedSuite,
    /// A later version of onekey wrote it.
    #[error("a newer version of onekey made this share")]
    UnsupportedVersion,
    /// Its downloads are spent.
    #[error("all downloads of the link are used up")]
    UsedUp,
    /// The key in the link or the password is not the right one.
    #[error("wrong password or wrong link")]
    WrongPasswordOrKey,
}

impl OpenError {
    /// Returns what a program does about it.
    pub const fn exit_kind(&self) -> Kind {
        match self {
            Self::Api(error) => error.exit_kind(),
            Self::Damaged(_) => Kind::Damaged,
            Self::Expired | Self::Gone | Self::Revoked | Self::UsedUp => Kind::Gone,
            Self::PasswordRequired | Self::WrongPasswordOrKey => Kind::WrongKey,
            Self::TooManyAttempts { .. } | Self::UnsupportedSuite | Self::UnsupportedVersion => {
                Kind::Failed
            }
        }
    }
}

impl From<ApiError> for OpenError {
    fn from(error: ApiError) -> Self {
        let ApiError::Refused {
            code, retry_after, ..
        } = error
        else {
            return Self::Api(error);
        };
        match code {
            ErrorCode::Expired => Self::Expired,
            ErrorCode::LinkGone => Self::Gone,
            ErrorCode::ProofRejected => Self::WrongPasswordOrKey,
            ErrorCode::Revoked => Self::Revoked,
            ErrorCode::TooManyAttempts => Self::TooManyAttempts { retry_after },
            ErrorCode::UsedUp => Self::UsedUp,
            _ => Self::Api(error),
        }
    }
}
