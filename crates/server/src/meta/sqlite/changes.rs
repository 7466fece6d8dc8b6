//! More links of a live share, and changes of them.
//!
//! Whatever may end a link or make one live again lets the sweeper look at the share ([`super::sweeps`]).

use onekey_core::keys::{Locator, ShareId};
use rusqlite::{Connection, params};

use super::fault::Failure;
use super::rows::{self, Number, UploadRow};
use super::writer::Tx;
use super::{complete, shares, sql, uploads};
use crate::clock::UnixTime;
use crate::meta::{LinkChange, MAX_LINKS, MetaError, NewLink, ShareLink, Upload, UploadState};

pub(super) fn add_link(
    tx: &mut Tx<'_>,
    id: ShareId,
    link: &NewLink,
    now: UnixTime,
) -> Result<(), Failure> {
    wake(tx.db, id, now)?;
    // The locator first: who repeats a request learns that the link is there, also if it was the last.
    complete::add_link(tx, id, link)?;
    let links = rows::first(tx.db, sql::COUNT_LINKS, [id.as_bytes()], |row| {
        rows::number(row, 0)
    })?;
    if links > Some(MAX_LINKS as u64) {
        return Err(MetaError::TooManyLinks.into());
    }
    Ok(())
}

pub(super) fn link_share(db: &Connection, locator: Locator) -> Result<Option<Upload>, Failure> {
    let Some(id) = share_of(db, locator)? else {
        return Ok(None);
    };
    Ok(UploadRow::find(db, id)?.map(|row| row.upload))
}

pub(super) fn change_link(
    tx: &mut Tx<'_>,
    locator: Locator,
    change: LinkChange,
    now: UnixTime,
) -> Result<ShareLink, Failure> {
    let id = share_of(tx.db, locator)?.ok_or(MetaError::NotFound)?;
    let link = rows::first(
        tx.db,
        sql::CHANGE_LINK,
        params![
            i64::from(change.max_downloads.is_some()),
            change.max_downloads.flatten().map(Number),
            now,
            i64::from(change.expires_at.is_some()),
            change.expires_at.flatten(),
            locator.as_bytes(),
        ],
        |row| shares::link(row, now),
    )?;
    let link = link.ok_or(MetaError::WrongState)?;
    wake(tx.db, id, now)?;
    Ok(link)
}

pub(super) fn revoke_link(tx: &mut Tx<'_>, locator: Locator, now: UnixTime) -> Result<(), Failure> {
    let revoked = rows::execute(tx.db, sql::REVOKE_LINK, params![now, locator.as_bytes()])?;
    if revoked > 0 {
        rows::execute(tx.db, sql::DELETE_LINK_GRANTS, [locator.as_bytes()])?;
        rows::execute(tx.db, sql::LOOK_NOW, params![now, locator.as_bytes()])?;
        return Ok(());
    }
    let id = share_of(tx.db, locator)?.ok_or(MetaError::NotFound)?;
    match uploads::state(tx.db, id)? {
        Some(UploadState::Completing) => Err(MetaError::WrongState.into()),
        _ => Ok(()),
    }
}

pub(super) fn change_share(
    tx: &mut Tx<'_>,
    id: ShareId,
    expires_at: Option<UnixTime>,
    now: UnixTime,
) -> Result<(), Failure> {
    wake(tx.db, id, now)?;
    rows::execute(tx.db, sql::CHANGE_ENDS, params![expires_at, id.as_bytes()])?;
    Ok(())
}

fn wake(db: &Connection, id: ShareId, now: UnixTime) -> Result<(), Failure> {
    if rows::execute(db, sql::WAKE_SHARE, params![now, id.as_bytes()])? > 0 {
        return Ok(());
    }
    match uploads::state(db, id)? {
        None => Err(MetaError::NotFound.into()),
        Some(_) => Err(MetaError::WrongState.into()),
    }
}

/// Returns the share of a link, unless it is unknown or a tombstone.
fn share_of(db: &Connection, locator: Locator) -> Result<Option<ShareId>, Failure> {
    let share = rows::first(db, sql::LINK_SHARE, [locator.as_bytes()], |row| {
        row.get::<_, Option<[u8; 16]>>(0)
    })?;
    Ok(share.flatten().map(ShareId::from_bytes))
}
