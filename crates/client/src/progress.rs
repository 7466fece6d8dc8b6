//! How a caller watches a transfer.

use std::time::Duration;

use crate::get::Continued;
use crate::put::Resumed;

/// Watches one transfer. Every call is cheap for the transfer to make: do not block in it.
pub trait Progress: Send + Sync {
    /// The transfer moves `total` bytes, or an unknown number: of payload, or of files if they are compressed on the way.
    /// Called again with the new number when an upload has to start again.
    fn begin(&self, total: Option<u64>) {
        let _ = total;
    }

    /// `bytes` more of them were acknowledged by the server (put) or verified (get).
    fn advance(&self, bytes: u64) {
        let _ = bytes;
    }

    /// A request failed with `cause` and is tried again in `after`.
    fn retrying(&self, after: Duration, cause: &str) {
        let _ = (after, cause);
    }

    /// A put that keeps [`ResumeState`](crate::ResumeState) continues another one, or cannot.
    fn resumed(&self, how: &Resumed) {
        let _ = how;
    }

    /// The file of this path in the share was being compressed and does not get smaller: the upload starts again with new
    /// keys, and large files are stored as they are.
    fn not_smaller(&self, path: &str) {
        let _ = path;
    }

    /// A get that keeps [`GetState`](crate::GetState) continues another one, or cannot.
    fn continued(&self, how: &Continued) {
        let _ = how;
    }

    /// The transfer is done. Not called when it fails.
    fn finish(&self) {}
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {}

/// What a transfer's tasks tell the caller's task, which alone holds the [`Progress`].
#[derive(Debug)]
pub(crate) enum Event {
    /// [`Progress::advance`].
    Advance(u64),
    /// [`Progress::retrying`].
    Retrying {
        /// The wait.
        after: Duration,
        /// The error's sentence.
        cause: String,
    },
}

impl Event {
    /// Passes it on.
    pub(crate) fn tell(self, progress: &dyn Progress) {
        match self {
            Self::Advance(bytes) => progress.advance(bytes),
            Self::Retrying { after, cause } => progress.retrying(after, &cause),
        }
    }
}
