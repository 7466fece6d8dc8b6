//! Between rows and types.

use onekey_core::keys::{Locator, OwnerVerifier, ShareId};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::blobs::BlobRef;
use crate::clock::UnixTime;
use crate::meta::{Digest, LinkState, MetaError, Upload, UploadState};

/// Runs a statement and returns how many rows it changed.
pub(super) fn execute(db: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
    db.prepare_cached(sql)?.execute(params)
}

/// Returns the first row that a statement gives, if any.
pub(super) fn first<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    // Read to its end: a statement with RETURNING does the rest of its work only then.
    let mut statement = db.prepare_cached(sql)?;
    statement.query_row(params, read).optional()
}

/// Returns all rows that a statement gives.
pub(super) fn all<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    db.prepare_cached(sql)?.query_map(params, read)?.collect()
}

/// A number of a row, never negative. What no row can hold counts as the most that one can: a cap or
/// limit of 2^63 is none.
pub(super) struct Number(pub(super) u64);

impl ToSql for Number {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(i64::try_from(self.0).unwrap_or(i64::MAX).into())
    }
}

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        u64::try_from(number)
            .map(Self)
            .map_err(|_| FromSqlError::OutOfRange(number))
    }
}

/// Returns the column's number.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(|Number(number)| number)
}

/// Returns the column's number, if it has one.
pub(super) fn number_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    let number: Option<Number> = row.get(column)?;
    Ok(number.map(|Number(number)| number))
}

/// Returns a limit on rows as a statement takes it.
pub(super) fn limit(rows: usize) -> Number {
    Number(u64::try_from(rows).unwrap_or(u64::MAX))
}

/// Refuses a length that no row can hold.
pub(super) fn storable(length: u64) -> Result<(), MetaError> {
    i64::try_from(length)
        .map(|_| ())
        .map_err(|_| MetaError::TooLarge)
}

pub(super) fn share_id(row: &Row<'_>, column: usize) -> rusqlite::Result<ShareId> {
    row.get(column).map(ShareId::from_bytes)
}

pub(super) fn locator(row: &Row<'_>, column: usize) -> rusqlite::Result<Locator> {
    row.get(column).map(Locator::from_bytes)
}

pub(super) fn blob(row: &Row<'_>, column: usize) -> rusqlite::Result<BlobRef> {
    row.get::<_, String>(column).map(BlobRef::new)
}

impl FromSql for UploadState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "aborted" => Ok(Self::Aborted),
            "completing" => Ok(Self::Completing),
            "deleting" => Ok(Self::Deleting),
            "gone" => Ok(Self::Gone),
            "live" => Ok(Self::Live),
            "receiving" => Ok(Self::Receiving),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// Returns why a link ended for good, if it did.
pub(super) fn ended(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<LinkState>> {
    struct Ended(LinkState);
    impl FromSql for Ended {
        fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
            match value.as_str()? {
                "expired" => Ok(Self(LinkState::Expired)),
                "revoked" => Ok(Self(LinkState::Revoked)),
                "used_up" => Ok(Self(LinkState::UsedUp)),
                _ => Err(FromSqlError::InvalidType),
            }
        }
    }
    let ended: Option<Ended> = row.get(column)?;
    Ok(ended.map(|Ended(state)| state))
}

/// A row of an upload or share, with what only the store needs of it.
pub(super) struct UploadRow {
    pub(super) upload: Upload,
    pub(super) received: u64,
    pub(super) body_digest: Option<Digest>,
    pub(super) link_expires_at: Option<UnixTime>,
}

impl UploadRow {
    pub(super) fn find(db: &Connection, id: ShareId) -> rusqlite::Result<Option<Self>> {
        first(db, super::sql::UPLOAD, [id.as_bytes()], |row| {
            Ok(Self {
                upload: Upload {
                    id: share_id(row, 0)?,
                    state: row.get(1)?,
                    blob: blob(row, 2)?,
                    header: row.get(3)?,
                    part_size: number(row, 4)?,
                    size: number_or_none(row, 5)?,
                    owner_verifier: row.get(6).map(OwnerVerifier::from_bytes)?,
                    created_at: row.get(7)?,
                    expires_at: row.get(8)?,
                },
                received: number(row, 9)?,
                body_digest: row.get::<_, Option<[u8; 32]>>(10)?.map(Digest),
                link_expires_at: row.get(11)?,
            })
        })
    }
}
