//! `check`: whether rows and blobs fit, and whether each follows the rules. It reads, and changes nothing.
//!
//! It may run beside a live server. A row is read before its blob, and whatever looks wrong is looked at
//! again, row first: a row passes each state once and never goes back, so a change that a server makes
//! meanwhile can mislead one look and not both. What is wrong in both is wrong.

mod blobs;
mod report;
mod rules;
mod shares;

use std::path::Path;

pub use report::{Found, Kind, Place, Report};

use crate::blobs::{BlobError, BlobStore, LocalBlobs};
use crate::clock::{Clock, SystemClock, UnixTime};
use crate::meta::{MetaError, SqliteRows, StoredRows};

/// Rows or blobs that are read at once.
const BATCH: usize = 100;

/// Why a check could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The blob store failed.
    #[error("the blobs cannot be read (--blobs)")]
    Blobs(#[from] BlobError),
    /// The meta store failed.
    #[error("the database cannot be read (--db)")]
    Meta(#[from] MetaError),
}

/// Checks a SQLite file and a folder of blobs. Nothing is made, migrated, written or locked but for the read
/// locks that any reader of SQLite takes; a server may be running.
///
/// Not for a process that has the same file open as a server: use [`Server::check`](crate::Server::check).
///
/// # Errors
/// [`CheckError`].
pub async fn check_files(db: &Path, blobs: &Path, digests: bool) -> Result<Report, CheckError> {
    let check = Check {
        rows: &SqliteRows::open(db)?,
        blobs: &LocalBlobs::open_read_only(blobs)?,
        now: SystemClock.now(),
        digests,
    };
    check.run().await
}

/// What is checked.
#[derive(Debug)]
pub struct Check<'a> {
    /// The rows.
    pub rows: &'a dyn StoredRows,
    /// The blobs.
    pub blobs: &'a dyn BlobStore,
    /// The time, by which an unfinished blob that no row knows is young or not.
    pub now: UnixTime,
    /// Whether the bytes of every part are read and compared with the part's SHA-256.
    pub digests: bool,
}

impl Check<'_> {
    /// Checks everything.
    ///
    /// # Errors
    /// [`CheckError`]: a store failed, and the check is not complete.
    pub async fn run(&self) -> Result<Report, CheckError> {
        let mut report = Report::new(self.digests);
        if self.is_damaged().await? && self.is_damaged().await? {
            report.add(Kind::Database, Place::Database);
            // Rows of a damaged file would only say the same in other words, or end the check.
            return Ok(report);
        }
        let stray = self.rows.stray_rows().await?;
        for _ in 0..stray.min(self.rows.stray_rows().await?) {
            report.add(Kind::BadRow, Place::Database);
        }
        self.check_shares(&mut report).await?;
        self.check_blobs(&mut report).await?;
        Ok(report)
    }

    async fn is_damaged(&self) -> Result<bool, CheckError> {
        Ok(!self.rows.is_whole().await?)
    }
}
