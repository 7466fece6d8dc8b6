//! What went wrong inside the store, without values of rows, SQL or paths: it ends up in logs.

use std::io;

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::meta::MetaError;

/// The source of [`MetaError::Unavailable`].
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("the database file is damaged (PRAGMA quick_check failed); restore it from a copy")]
    Damaged,
    #[error("the database file cannot be used: {0}")]
    File(io::ErrorKind),
    #[error("the file system under the database has no shared memory for a write-ahead log")]
    Journal,
    #[error(
        "the write-ahead log has lost its index (-shm); start the server once, which makes a new one"
    )]
    LogWithoutIndex,
    #[error(
        "a newer onekey wrote this database (version {found}, this one knows up to {known}); run that onekey"
    )]
    Newer { found: i64, known: i64 },
    #[error(
        "an older onekey wrote this database (version {found}, this one writes {known}); start the server once"
    )]
    Older { found: i64, known: i64 },
    #[error("the database does not hold what this version writes")]
    Shape,
    #[error("SQLite failed: {code:?} ({extended})")]
    Sqlite { code: ErrorCode, extended: i32 },
    #[error("the thread that writes the database has ended")]
    WriterEnded,
}

impl Fault {
    /// Whether the disk may have lost what it was told to keep: then nothing may be written any more.
    pub(super) fn is_sync_failure(self) -> bool {
        matches!(
            self,
            Self::Sqlite { extended, .. }
                if extended == ffi::SQLITE_IOERR_FSYNC || extended == ffi::SQLITE_IOERR_DIR_FSYNC
        )
    }
}

impl From<&rusqlite::Error> for Fault {
    fn from(error: &rusqlite::Error) -> Self {
        error
            .sqlite_error()
            .map_or(Self::Shape, |error| Self::Sqlite {
                code: error.code,
                extended: error.extended_code,
            })
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::from(&error)
    }
}

impl From<Fault> for MetaError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Sqlite {
                code: ErrorCode::DiskFull,
                ..
            } => Self::StorageFull,
            fault => Self::Unavailable(Box::new(fault)),
        }
    }
}

/// Why a verb did nothing: refused by the rules, or failed.
#[derive(Debug)]
pub(super) enum Failure {
    Failed(Fault),
    Refused(MetaError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl From<MetaError> for Failure {
    fn from(error: MetaError) -> Self {
        Self::Refused(error)
    }
}

impl From<Failure> for MetaError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Failed(fault) => fault.into(),
            Failure::Refused(error) => error,
        }
    }
}
