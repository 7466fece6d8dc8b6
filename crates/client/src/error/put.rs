//! Why a put failed.

use std::io;

use onekey_core::manifest::ManifestError;
use onekey_core::owner::LabelError;
use onekey_core::size::SizeError;

use super::{ApiError, DirectError, Kind, SourceError};
use crate::new_link::DescribeError;

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// TLS or the resolver cannot be set up on this system.
    #[error("cannot set up the HTTP client")]
    Setup(#[source] reqwest::Error),
    /// A count that must be at least 1 is 0.
    #[error("workers, parts in flight and tries must each be at least 1")]
    Zero,
}

/// Why a put failed. Nothing stays on the server then, as far as it can be reached, unless the put can be continued
/// ([`ResumeState::is_kept`](crate::ResumeState::is_kept)).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PutError {
    /// The conversation with the server failed.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A task of the put panicked or the runtime is shutting down.
    #[error("the upload was cancelled")]
    Cancelled,
    /// The compressor gave up on a file.
    #[error("a file cannot be compressed")]
    Compression,
    /// The first link cannot be direct.
    #[error(transparent)]
    Direct(#[from] DirectError),
    /// Another put continues the same upload just now.
    #[error("another onekey is sending this already")]
    InUse,
    /// The label cannot be sealed.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The list of files breaks a rule: most likely there are too many names for one share.
    #[error("the list of files cannot be sealed: {0}")]
    Manifest(#[from] ManifestError),
    /// The upload to continue was about to be finished with another password, or with none.
    #[error("the upload to continue has another password")]
    OtherPassword,
    /// A limit of the server's contradicts the container's, so there is no size for parts.
    #[error("the server allows no part size that fits this upload")]
    PartSize,
    /// A file cannot be read.
    #[error(transparent)]
    Source(SourceError),
    /// A file changed after it was gathered, so its parts may not belong together.
    #[error("{source}")]
    SourceChanged {
        /// Which.
        source: SourceError,
    },
    /// The resume state cannot be read or written.
    #[error("cannot keep what is needed to continue: {source}")]
    State {
        /// Why.
        source: io::Error,
    },
    /// The payload would be too large.
    #[error("the upload is larger than the {limit} bytes that are allowed")]
    TooLarge {
        /// Most bytes of a payload.
        limit: u64,
    },
}

impl PutError {
    /// Whether the same upload may go on later: nothing refused it, the server was only out of reach.
    pub(crate) const fn is_passing(&self) -> bool {
        matches!(self, Self::Api(error) if error.is_passing())
    }

    /// Returns what a program does about it.
    pub const fn exit_kind(&self) -> Kind {
        // There is no link yet that could be gone, and a refused owner token would be our own mistake.
        Kind::Failed
    }
}

impl From<SourceError> for PutError {
    fn from(source: SourceError) -> Self {
        match source {
            SourceError::Changed(_) => Self::SourceChanged { source },
            _ => Self::Source(source),
        }
    }
}

impl From<DescribeError> for PutError {
    fn from(error: DescribeError) -> Self {
        match error {
            DescribeError::Cancelled => Self::Cancelled,
            DescribeError::Label(error) => Self::Label(error),
        }
    }
}

impl From<SizeError> for PutError {
    fn from(_: SizeError) -> Self {
        Self::TooLarge {
            limit: onekey_core::size::MAX_PAYLOAD_LEN,
        }
    }
}
