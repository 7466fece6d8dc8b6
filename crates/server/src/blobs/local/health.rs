//! Every fsync, and what follows from one that fails.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::blobs::BlobError;
use crate::blobs::local::error::failed;

/// Whether the disk still keeps what it takes.
///
/// After a failed fsync the kernel may call the lost pages clean, and the next fsync succeeds without
/// having written them. So after one failure the store stops writing until the process is started anew;
/// reads go on.
#[derive(Debug, Default)]
pub(super) struct Health {
    stopped: AtomicBool,
    read_only: bool,
    #[cfg(test)]
    pub(super) fail_next: AtomicBool,
}

impl Health {
    /// That of a folder that is only read.
    pub(super) fn read_only() -> Self {
        Self {
            read_only: true,
            ..Self::default()
        }
    }

    /// Refuses when the folder is only read. A failed fsync is no reason to keep what should go.
    pub(super) fn may_remove(&self) -> Result<(), BlobError> {
        if self.read_only {
            return Err(failed(rustix::io::Errno::ROFS));
        }
        Ok(())
    }

    /// Refuses when an fsync has failed before, or nothing may be written at all.
    pub(super) fn check(&self) -> Result<(), BlobError> {
        self.may_remove()?;
        if self.stopped.load(Ordering::SeqCst) {
            return Err(BlobError::Unavailable(io::Error::other(
                "an fsync failed before, nothing is written until a restart",
            )));
        }
        Ok(())
    }

    /// Runs one fsync; if it fails, it was the last.
    pub(super) fn sync(&self, sync: impl FnOnce() -> io::Result<()>) -> Result<(), BlobError> {
        self.check()?;
        #[cfg(test)]
        let sync = || match self.fail_next.swap(false, Ordering::SeqCst) {
            true => Err(io::Error::from(rustix::io::Errno::IO)),
            false => sync(),
        };
        sync().map_err(|error| {
            self.stopped.store(true, Ordering::SeqCst);
            failed(error)
        })
    }
}
