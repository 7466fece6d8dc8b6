//! Data folder, database and blobs belong to one server at a time, also when they lie apart.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::config::{BlobsAt, Config, MetaAt};

/// The file in a folder that is locked. It stays there; only the lock counts.
const LOCK_FILE: &str = "lock";

/// What is added to a database's name for its lock, where it lies outside the data folder.
const DATABASE_LOCK: &str = ".lock";

/// Why the data cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum DataLockError {
    /// Another server has it.
    #[error(
        "another onekey-server is using this data; stop it, or choose other places with --data, --db \
         and --blobs"
    )]
    Taken,
    /// It cannot be made or opened.
    #[error("the data folder cannot be used (--data, --db, --blobs)")]
    Unusable(#[source] io::Error),
}

/// Exclusive locks on all that a server writes; the system ends them with the process, however that dies.
#[derive(Debug)]
pub(crate) struct DataLock {
    _files: Vec<File>,
}

impl DataLock {
    /// Makes the folders that are missing, and locks data folder, database and blobs.
    pub(crate) fn take(config: &Config) -> Result<Self, DataLockError> {
        let files = lock_files(config)
            .iter()
            .map(|path| lock(path))
            .collect::<Result<_, _>>()?;
        Ok(Self { _files: files })
    }
}

/// Returns one lock file for the data folder, and one for each store that lies outside it.
fn lock_files(config: &Config) -> Vec<PathBuf> {
    let inside = |path: &Path| {
        config
            .data
            .as_deref()
            .is_some_and(|data| path.starts_with(data))
    };
    let mut files: Vec<PathBuf> = config
        .data
        .iter()
        .map(|data| data.join(LOCK_FILE))
        .collect();
    if let MetaAt::Sqlite(path) = &config.meta
        && !inside(path)
    {
        let mut name = path.clone().into_os_string();
        name.push(DATABASE_LOCK);
        files.push(name.into());
    }
    if let BlobsAt::Folder(path) = &config.blobs
        && !inside(path)
    {
        files.push(path.join(LOCK_FILE));
    }
    files
}

fn lock(path: &Path) -> Result<File, DataLockError> {
    let file = open(path).map_err(DataLockError::Unusable)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(DataLockError::Taken),
        Err(error) => Err(DataLockError::Unusable(error.into())),
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
}
