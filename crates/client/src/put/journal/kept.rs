//! What a caller's handle knows of the state file of its put.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Whether a put left something to continue. Of one that is done, also the file, locked, until the link is safe.
#[derive(Default)]
pub(in crate::put) struct Kept {
    exists: AtomicBool,
    done: Mutex<Option<(PathBuf, File)>>,
}

impl Kept {
    pub(in crate::put) fn exists(&self) -> bool {
        self.exists.load(Ordering::Acquire)
    }

    pub(super) fn set(&self, exists: bool) {
        self.exists.store(exists, Ordering::Release);
    }

    /// Takes over the file of a put that is done.
    pub(super) fn hold(&self, path: PathBuf, file: File) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        *done = Some((path, file));
    }

    /// Removes the file of a put that is done.
    pub(in crate::put) fn forget(&self) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        // The lock is held until the file is gone.
        if let Some((path, _locked)) = done.take() {
            // What cannot be removed now is removed when it is old.
            let _ = fs::remove_file(path);
            self.set(false);
        }
    }
}
