//! Why a standalone stream is not written or not read.

use std::io;

use onekey_core::header::ParseHeaderError;
use onekey_core::payload::DecryptError;

use super::Kind;

/// Why a stream was not sealed. What was written is not whole, and no reader takes it for whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The input became shorter while it was read: half of one version and half of another are none.
    #[error("the input changed while it was read")]
    Changed,
    /// The input cannot be read.
    #[error("cannot read the input: {0}")]
    Read(#[source] io::Error),
    /// The input is longer than a stream may be.
    #[error("the input is too long for one stream")]
    TooLong,
    /// The output cannot be written.
    #[error("cannot write the output: {0}")]
    Write(#[source] io::Error),
    /// No workers were asked for.
    #[error("at least one worker is needed")]
    Zero,
}

/// Why a stream was not unsealed. What was written before is authentic and in its place, but not the whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnsealError {
    /// The input became shorter while it was read.
    #[error("the input changed while it was read")]
    Changed,
    /// It begins like a stream and is cut, damaged, lengthened or put together from several.
    #[error("the stream is damaged: {0}")]
    Damaged(#[from] DecryptError),
    /// Its header has no form that this version reads.
    #[error(transparent)]
    Header(#[from] ParseHeaderError),
    /// The input cannot be read.
    #[error("cannot read the input: {0}")]
    Read(#[source] io::Error),
    /// The output cannot be written.
    #[error("cannot write the output: {0}")]
    Write(#[source] io::Error),
    /// The share key is not the one that the header commits to. Nothing was decrypted.
    #[error("wrong key, or the stream's header is damaged")]
    WrongKey,
    /// No workers were asked for.
    #[error("at least one worker is needed")]
    Zero,
}

impl SealError {
    /// Returns what a program does about it.
    pub const fn exit_kind(&self) -> Kind {
        Kind::Failed
    }
}

impl UnsealError {
    /// Returns what a program does about it.
    pub const fn exit_kind(&self) -> Kind {
        match self {
            // A later version wrote it: it may be sound.
            Self::Header(ParseHeaderError::Version(_)) => Kind::Failed,
            Self::Damaged(_) | Self::Header(_) => Kind::Damaged,
            Self::WrongKey => Kind::WrongKey,
            _ => Kind::Failed,
        }
    }
}
