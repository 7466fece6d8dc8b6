//! Blobs that wait for something, and what rows know of blobs.

use onekey_core::keys::ShareId;
use rusqlite::{Connection, params};

use super::fault::Failure;
use super::rows::{self, limit};
use super::writer::Tx;
use super::{sql, uploads};
use crate::blobs::BlobRef;
use crate::meta::{Pepper, Totals, Unfinished, UploadState};

pub(super) fn completing(db: &Connection, most: usize) -> Result<Vec<Unfinished>, Failure> {
    unfinished(db, sql::COMPLETING, most)
}

pub(super) fn blobs_to_delete(db: &Connection, most: usize) -> Result<Vec<Unfinished>, Failure> {
    unfinished(db, sql::BLOBS_TO_DELETE, most)
}

pub(super) fn forget_blob(tx: &mut Tx<'_>, id: ShareId) -> Result<(), Failure> {
    let state = uploads::state(tx.db, id)?;
    let forget = match state {
        Some(UploadState::Aborted) => sql::FORGET_ABORTED,
        Some(UploadState::Deleting) => sql::FORGET_DELETED,
        _ => return Ok(()),
    };
    for statement in [sql::DELETE_PARTS, sql::DELETE_MANIFEST, forget] {
        rows::execute(tx.db, statement, [id.as_bytes()])?;
    }
    Ok(())
}

pub(super) fn known_blobs(db: &Connection, blobs: &[BlobRef]) -> Result<Vec<bool>, Failure> {
    blobs
        .iter()
        .map(|blob| {
            let known = rows::first(db, sql::BLOB_KNOWN, [blob.as_str()], |row| row.get(0))?;
            Ok(known == Some(true))
        })
        .collect()
}

pub(super) fn find_pepper(db: &Connection, day: i64) -> Result<Option<Pepper>, Failure> {
    Ok(rows::first(db, sql::PEPPER, [day], |row| {
        row.get(0).map(Pepper)
    })?)
}

pub(super) fn pepper(tx: &mut Tx<'_>, day: i64, fresh: Pepper) -> Result<Pepper, Failure> {
    rows::execute(tx.db, sql::ADD_PEPPER, params![day, fresh.0])?;
    Ok(find_pepper(tx.db, day)?.unwrap_or(fresh))
}

/// Returns sums over rows; `claimed` bytes are charged by claims beside them.
pub(super) fn totals(db: &Connection, claimed: u64) -> Result<Totals, Failure> {
    let by_state = rows::all(db, sql::TOTALS, [], |row| {
        let state: UploadState = row.get(0)?;
        let sums = (
            rows::number(row, 1)?,
            rows::number(row, 2)?,
            rows::number(row, 3)?,
        );
        Ok((state, sums))
    })?;
    let mut totals = Totals {
        charged: claimed,
        outstanding: claimed,
        ..Totals::default()
    };
    for (state, (rows, charged, received)) in by_state {
        totals.charged = totals.charged.saturating_add(charged);
        match state {
            UploadState::Receiving | UploadState::Completing => {
                totals.open_uploads += rows;
                let missing = charged.saturating_sub(received);
                totals.outstanding = totals.outstanding.saturating_add(missing);
            }
            UploadState::Live => totals.shares = rows,
            UploadState::Aborted | UploadState::Deleting | UploadState::Gone => {}
        }
    }
    Ok(totals)
}

pub(super) fn ping(db: &Connection) -> Result<(), Failure> {
    rows::first(db, sql::ONE, [], |_| Ok(()))?;
    Ok(())
}

fn unfinished(db: &Connection, sql: &str, most: usize) -> Result<Vec<Unfinished>, Failure> {
    Ok(rows::all(db, sql, [limit(most)], |row| {
        Ok(Unfinished {
            id: rows::share_id(row, 0)?,
            blob: rows::blob(row, 1)?,
            size: rows::number(row, 2)?,
        })
    })?)
}
