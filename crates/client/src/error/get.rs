//! Why files did not arrive.

use std::io;
use std::path::PathBuf;

use onekey_core::manifest::ManifestError;
use onekey_core::payload::DecryptError;

use super::{ApiError, Kind, OpenError};

/// Why files did not arrive. What is on disk under its own name is whole and verified all the same.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GetError {
    /// The conversation with the server failed.
    #[error(transparent)]
    Api(ApiError),
    /// A task of the get panicked or the runtime is shutting down.
    #[error("the download was cancelled")]
    Cancelled,
    /// What the server sent is not what the sender encrypted.
    #[error(transparent)]
    Damaged(#[from] DamageError),
    /// Something stands where a file or one of its folders would go.
    #[error("{} is in the way", .0.display())]
    Exists(PathBuf),
    /// The link's time ended.
    #[error("the link has expired")]
    Expired,
    /// The link, or the right to fetch that it gave, does not exist any more.
    #[error("the link does not exist, or no longer")]
    Gone,
    /// The answer to the request for a download was lost: it may be spent, and asking again
    /// may spend another.
    #[error("the server's answer was lost, and one download may be spent")]
    GrantLost(#[source] ApiError),
    /// Another get of the same files into the same place is under way.
    #[error("another download of these files to this place is under way")]
    InUse,
    /// A file or folder cannot be written.
    #[error("cannot write{}: {source}", of(*.index))]
    Io {
        /// Which file of the manifest, if one.
        index: Option<usize>,
        /// Why.
        source: io::Error,
    },
    /// The disk has less room than the files need.
    #[error("{needed} bytes are needed, and {free} bytes are free")]
    NoSpace {
        /// Bytes of all files.
        needed: u64,
        /// Bytes that this user may still write.
        free: u64,
    },
    /// The share has fewer files, or the file fewer bytes.
    #[error("the share does not have that file, or the file does not have that range")]
    NoSuchRange,
    /// Its owner ended it.
    #[error("the link was revoked by its owner")]
    Revoked,
    /// Too many wrong proofs; the server takes no more for a while.
    #[error("too many wrong attempts: try again later")]
    TooManyAttempts {
        /// In how many seconds it may be tried again.
        retry_after: Option<u32>,
    },
    /// This system cannot hold a file of that name.
    #[error("the name of entry {index} is not possible here: {cause}")]
    UnsafeName {
        /// Which file of the manifest; folders count on behind the files.
        index: usize,
        /// Why.
        cause: NameError,
    },
    /// The link's downloads are spent.
    #[error("all downloads of the link are used up")]
    UsedUp,
    /// The key in the link or the password is not the right one.
    #[error("wrong password or wrong link")]
    WrongPasswordOrKey,
}

/// What of a share is damaged.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DamageError {
    /// A compressed file is no valid stream, or does not end where its stored bytes end.
    #[error("file {index} of the share does not decompress")]
    Codec {
        /// Which file of the manifest.
        index: usize,
    },
    /// A file decompresses to more or fewer bytes than the manifest says.
    #[error("file {index} of the share decompresses to another size than the manifest says")]
    DecodedSize {
        /// Which file of the manifest.
        index: usize,
    },
    /// The header has no form that any version gives it.
    #[error("the share's header is damaged")]
    Header,
    /// The share key in the envelope is not the one that the header commits to.
    #[error("the share's envelope or header is damaged")]
    Key,
    /// The manifest does not open.
    #[error("the share's list of files is damaged")]
    Manifest,
    /// The manifest opens and breaks a rule.
    #[error("the share's list of files is not valid: {0}")]
    ManifestRule(ManifestError),
    /// The payload does not decrypt.
    #[error("the share is damaged: {0}")]
    Payload(#[from] DecryptError),
    /// No payload has the size that the server names.
    #[error("the share's size is damaged")]
    Size,
}

/// Why a system cannot hold a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// It holds a character that names cannot hold here.
    #[error("it holds a character that is not allowed")]
    Character,
    /// It differs from another one only in ways that this system does not tell apart.
    #[error("it is the same as another one here")]
    Same,
    /// A component is longer than file systems take.
    #[error("it is too long")]
    TooLong,
}

impl GetError {
    /// Whether the grant, or the link, has ended.
    pub(crate) const fn is_end(&self) -> bool {
        matches!(
            self,
            Self::Expired | Self::Gone | Self::Revoked | Self::UsedUp
        )
    }

    /// Returns what a program does about it.
    pub const fn exit_kind(&self) -> Kind {
        match self {
            Self::Api(error) | Self::GrantLost(error) => error.exit_kind(),
            Self::Damaged(_) => Kind::Damaged,
            Self::Expired | Self::Gone | Self::Revoked | Self::UsedUp => Kind::Gone,
            Self::WrongPasswordOrKey => Kind::WrongKey,
            _ => Kind::Failed,
        }
    }
}

impl From<ApiError> for GetError {
    fn from(error: ApiError) -> Self {
        // A payload is asked for by a grant alone; its `not_found` is the end of that grant.
        if error.code() == Some(onekey_core::wire::ErrorCode::NotFound) {
            return Self::Gone;
        }
        match OpenError::from(error) {
            OpenError::Expired => Self::Expired,
            OpenError::Gone => Self::Gone,
            OpenError::Revoked => Self::Revoked,
            OpenError::TooManyAttempts { retry_after } => Self::TooManyAttempts { retry_after },
            OpenError::UsedUp => Self::UsedUp,
            OpenError::WrongPasswordOrKey => Self::WrongPasswordOrKey,
            OpenError::Api(error) => Self::Api(error),
            // `OpenError::from` makes no others.
            _ => Self::Cancelled,
        }
    }
}

fn of(index: Option<usize>) -> String {
    index.map_or_else(String::new, |index| format!(" file {index} of the share"))
}
