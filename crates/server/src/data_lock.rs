//! The data folder belongs to one server at a time.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

/// The file in the data folder that is locked. It stays there; only the lock counts.
const LOCK_FILE: &str = "lock";

/// Why the data folder cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum DataLockError {
    /// Another server has it.
    #[error(
        "another onekey-server is using this data folder; stop it, or choose another with --data"
    )]
    Taken,
    /// It cannot be made or opened.
    #[error("the data folder cannot be used (--data)")]
    Unusable(#[source] io::Error),
}

/// An exclusive lock on a data folder; the system ends it with the process, however that dies.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
}

impl DataLock {
    /// Makes the folder if it is missing, and locks it.
    pub(crate) fn take(folder: &Path) -> Result<Self, DataLockError> {
        let file = Self::open(folder).map_err(DataLockError::Unusable)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(DataLockError::Taken),
            Err(error) => Err(DataLockError::Unusable(error.into())),
        }
    }

    fn open(folder: &Path) -> io::Result<File> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(folder.join(LOCK_FILE))
    }
}
