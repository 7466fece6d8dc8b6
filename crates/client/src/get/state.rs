//! What a caller says and hears about continuing a get.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Lets a get into files be continued after a crash, by keeping what it needs in a folder.
///
/// That is one file for each link, target and choice of files: readable by its user alone, removed when the get is done, and
/// after seven days. It holds the grant and the server's answer to `open`, which is ciphertext, and no key. A get that
/// breaks off then leaves what is verified and durable, and the same get goes on behind it, with the same grant.
#[derive(Clone)]
pub struct GetState {
    folder: PathBuf,
    kept: Arc<AtomicBool>,
}

/// How a get goes on, or that it cannot be continued later.
#[derive(Debug)]
#[non_exhaustive]
pub enum Continued {
    /// It continues an earlier one.
    Continues {
        /// Bytes of the files that are there.
        there: u64,
        /// Bytes of the files in all.
        size: u64,
    },
    /// The earlier grant has ended, and another was taken: one more download is spent.
    NewGrant,
    /// The state cannot be written, so that a crash loses what was fetched.
    NotKept(io::Error),
    /// It could not continue, and begins anew.
    StartedOver(StartedGetOver),
}

/// Why a get could not be continued.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StartedGetOver {
    /// The header, the list of files or the size is not that of the earlier get.
    #[error("the share behind the link is another one")]
    Share,
    /// The state is damaged, or another version's.
    #[error("the notes of it cannot be read")]
    Unreadable,
}

impl GetState {
    /// Keeps states in `folder`, which is made if it is missing.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            kept: Arc::default(),
        }
    }

    /// Returns whether the get that had a clone of this left something to continue.
    pub fn is_kept(&self) -> bool {
        self.kept.load(Ordering::Acquire)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) const fn kept(&self) -> &Arc<AtomicBool> {
        &self.kept
    }
}

impl fmt::Debug for GetState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GetState").finish_non_exhaustive()
    }
}
