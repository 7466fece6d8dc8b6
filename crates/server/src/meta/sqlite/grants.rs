//! Grants: one download each, taken when they are made.

use onekey_core::keys::Locator;
use rusqlite::{Connection, params};

use super::fault::Failure;
use super::links;
use super::writer::Tx;
use super::{rows, sql};
use crate::clock::UnixTime;
use crate::meta::{GrantHash, Granted, GrantedPayload, NewGrant, UNUSED_GRANT_LIFETIME};

/// A live grant.
pub(super) struct GrantRow {
    pub(super) used: bool,
    pub(super) payload: GrantedPayload,
}

impl GrantRow {
    pub(super) fn find(
        db: &Connection,
        grant: GrantHash,
        now: UnixTime,
    ) -> Result<Option<Self>, Failure> {
        Ok(rows::first(db, sql::GRANT, params![grant.0, now], |row| {
            Ok(Self {
                used: row.get(0)?,
                payload: GrantedPayload {
                    locator: Locator::from_bytes(row.get(1)?),
                    blob: rows::blob(row, 2)?,
                    size: rows::number(row, 3)?,
                },
            })
        })?)
    }
}

pub(super) fn add(
    tx: &mut Tx<'_>,
    locator: Locator,
    grant: NewGrant,
    now: UnixTime,
) -> Result<Granted, Failure> {
    let taken = rows::first(
        tx.db,
        sql::TAKE_DOWNLOAD,
        params![now, locator.as_bytes()],
        |row| Ok((rows::number_or_none(row, 0)?, rows::number(row, 1)?)),
    )?;
    let Some((max, downloads)) = taken else {
        return Ok(links::state(tx.db, locator, now)?
            .map_or(Granted::Unknown, |link| Granted::Gone(link.state)));
    };
    let unused_end = now.saturating_add(UNUSED_GRANT_LIFETIME);
    rows::execute(
        tx.db,
        sql::ADD_GRANT,
        params![
            grant.hash.0,
            locator.as_bytes(),
            grant.expires_at,
            unused_end.min(grant.expires_at),
        ],
    )?;
    Ok(Granted::Yes {
        downloads_left: max.map(|max| max.saturating_sub(downloads)),
    })
}

/// Marks a grant used unless it is, and returns its payload if it is live.
pub(super) fn mark_used(
    tx: &mut Tx<'_>,
    grant: GrantHash,
    now: UnixTime,
) -> Result<Option<GrantedPayload>, Failure> {
    let live = GrantRow::find(tx.db, grant, now)?;
    if live.as_ref().is_some_and(|live| !live.used) {
        let marked = rows::execute(tx.db, sql::USE_GRANT, params![grant.0, now])?;
        if marked == 0 {
            return Ok(None);
        }
    }
    Ok(live.map(|live| live.payload))
}
