//! Rows as they are, for `check`; and the database opened so that nothing of it changes.

use std::fmt;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use onekey_core::keys::ShareId;
use rusqlite::Connection;

use super::fault::{Failure, Fault};
use super::rows::{self, limit};
use super::{connection, recovery, sql, uploads};
use crate::blobs::BlobRef;
use crate::meta::{MetaError, RowId, StoredLink, StoredLook, StoredRow, StoredRows};

/// The rows of a SQLite file, which is neither made, migrated nor written.
///
/// Each read opens the file anew: a server may start or stop in between, and then it must be opened in
/// another way. Do not open the same file with [`SqliteMeta`](super::SqliteMeta) in this process meanwhile:
/// SQLite keeps one index of the log for each process, and this one may only be read.
pub struct SqliteRows {
    path: PathBuf,
}

impl SqliteRows {
    /// Opens the file.
    ///
    /// # Errors
    /// [`MetaError::Unavailable`], with a source that says why: there is none, it is damaged, or another
    /// version wrote it.
    pub fn open(path: &Path) -> Result<Self, MetaError> {
        connection::open_untouched(path)?;
        Ok(Self { path: path.into() })
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, MetaError> {
        let path = self.path.clone();
        let answer = tokio::task::spawn_blocking(move || {
            let mut db = connection::open_untouched(&path)?;
            let snapshot = db.transaction().map_err(Failure::from)?;
            work(&snapshot)
        });
        match answer.await {
            Ok(answer) => Ok(answer?),
            Err(error) => Err(MetaError::Unavailable(Box::new(error))),
        }
    }
}

impl fmt::Debug for SqliteRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqliteRows(..)")
    }
}

#[async_trait]
impl StoredRows for SqliteRows {
    async fn row_ids(&self, after: Option<&RowId>, limit: usize) -> Result<Vec<RowId>, MetaError> {
        let after = after.cloned();
        self.read(move |db| row_ids(db, after.as_ref(), limit))
            .await
    }

    async fn row(&self, id: &RowId) -> Result<StoredLook, MetaError> {
        let id = id.clone();
        self.read(move |db| row(db, &id)).await
    }

    async fn stray_rows(&self) -> Result<u64, MetaError> {
        self.read(stray_rows).await
    }

    async fn is_whole(&self) -> Result<bool, MetaError> {
        self.read(is_whole).await
    }

    async fn refers_to(&self, blobs: &[BlobRef]) -> Result<Vec<bool>, MetaError> {
        let blobs = blobs.to_vec();
        self.read(move |db| recovery::known_blobs(db, &blobs)).await
    }
}

pub(super) fn row_ids(
    db: &Connection,
    after: Option<&RowId>,
    most: usize,
) -> Result<Vec<RowId>, Failure> {
    // Nothing sorts before the empty name, and no row has it.
    let after = after.map_or(&[][..], |RowId(id)| id);
    Ok(rows::all(
        db,
        sql::ROW_IDS,
        rusqlite::params![after, limit(most)],
        |row| row.get(0).map(RowId),
    )?)
}

pub(super) fn row(db: &Connection, id: &RowId) -> Result<StoredLook, Failure> {
    match read_row(db, id) {
        Ok(Some(row)) => Ok(StoredLook::Row(Box::new(row))),
        Ok(None) => Ok(StoredLook::Gone),
        Err(Failure::Failed(Fault::Shape)) => Ok(StoredLook::Unreadable),
        Err(failure) => Err(failure),
    }
}

fn read_row(db: &Connection, RowId(id): &RowId) -> Result<Option<StoredRow>, Failure> {
    let row = rows::first(db, sql::STORED_ROW, [id], |row| {
        Ok(StoredRow {
            state: row.get(0)?,
            blob: rows::blob(row, 1)?,
            part_size: rows::number(row, 2)?,
            size: rows::number_or_none(row, 3)?,
            charged: rows::number(row, 4)?,
            received: rows::number(row, 5)?,
            has_manifest: row.get(6)?,
            parts: Vec::new(),
            links: Vec::new(),
        })
    })?;
    let Some(row) = row else { return Ok(None) };
    let id = <[u8; 16]>::try_from(id.as_slice()).map_err(|_| Fault::Shape)?;
    let links = rows::all(db, sql::STORED_LINKS, [&id], |row| {
        Ok(StoredLink {
            max_downloads: rows::number_or_none(row, 0)?,
            downloads: rows::number(row, 1)?,
            grants: rows::number(row, 2)?,
            ended: row.get(3)?,
        })
    })?;
    let parts = uploads::parts(db, ShareId::from_bytes(id))?;
    Ok(Some(StoredRow {
        parts,
        links,
        ..row
    }))
}

pub(super) fn stray_rows(db: &Connection) -> Result<u64, Failure> {
    let stray = rows::first(db, sql::STRAY_ROWS, [], |row| rows::number(row, 0))?;
    Ok(stray.unwrap_or(0))
}

pub(super) fn is_whole(db: &Connection) -> Result<bool, Failure> {
    match connection::quick_check(db) {
        Ok(()) => Ok(true),
        Err(Fault::Damaged) => Ok(false),
        Err(fault) => Err(fault.into()),
    }
}
