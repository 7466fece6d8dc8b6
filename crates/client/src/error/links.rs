//! Why links of a share could not be added, listed or changed.

use onekey_core::header::ParseHeaderError;
use onekey_core::owner::LabelError;

use super::{ApiError, DamageError, DirectError, Kind, OpenError};
use crate::new_link::DescribeError;

/// Why links of a share could not be added, listed or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinksError {
    /// The conversation with the server failed.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A task panicked or the runtime is shutting down.
    #[error("adding the link was cancelled")]
    Cancelled,
    /// What the server sent is not what the share's owner made.
    #[error(transparent)]
    Damaged(#[from] DamageError),
    /// The link cannot be direct.
    #[error(transparent)]
    Direct(#[from] DirectError),
    /// The label cannot be sealed.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The share was made without an envelope for its owner, so nobody can wrap its key again.
    #[error("the share was made without what further links need")]
    NoOwnerEnvelope,
    /// The new link does not open, so nobody knows whether it may be direct. It was taken back.
    #[error("what is in the share cannot be seen: {0}")]
    Open(#[source] OpenError),
    /// The share uses a cipher that shares do not use.
    #[error("the share uses a cipher suite that this version does not open")]
    UnsupportedSuite,
    /// A later version of onekey wrote it.
    #[error("a newer version of onekey made this share")]
    UnsupportedVersion,
}

impl LinksError {
    /// Returns what a program does about it.
    pub const fn exit_kind(&self) -> Kind {
        match self {
            Self::Api(error) => error.exit_kind(),
            Self::Damaged(_) => Kind::Damaged,
            Self::Open(error) => error.exit_kind(),
            _ => Kind::Failed,
        }
    }
}

impl From<ParseHeaderError> for LinksError {
    fn from(error: ParseHeaderError) -> Self {
        match error {
            ParseHeaderError::Suite(_) => Self::UnsupportedSuite,
            ParseHeaderError::Version(_) => Self::UnsupportedVersion,
            _ => DamageError::Header.into(),
        }
    }
}

impl From<DescribeError> for LinksError {
    fn from(error: DescribeError) -> Self {
        match error {
            DescribeError::Cancelled => Self::Cancelled,
            DescribeError::Label(error) => Self::Label(error),
        }
    }
}
