//! Live shares, as their owner sees and deletes them.

use onekey_core::keys::ShareId;
use rusqlite::{Connection, Row, params};

use super::fault::Failure;
use super::writer::Tx;
use super::{rows, sql, uploads};
use crate::clock::UnixTime;
use crate::meta::rules::{self, LinkFacts};
use crate::meta::{MetaError, Share, ShareLink, UploadState};

pub(super) fn find(db: &Connection, id: ShareId, now: UnixTime) -> Result<Option<Share>, Failure> {
    let share = rows::first(db, sql::SHARE, [id.as_bytes()], |row| {
        Ok(Share {
            header: row.get(0)?,
            owner_envelope: row.get(1)?,
            size: rows::number(row, 2)?,
            created_at: row.get(3)?,
            manifest_size: rows::number(row, 4)?,
            expires_at: None,
            links: Vec::new(),
        })
    })?;
    let Some(mut share) = share else {
        return Ok(None);
    };
    share.links = rows::all(db, sql::SHARE_LINKS, [id.as_bytes()], |row| link(row, now))?;
    share.expires_at = rules::latest_end(share.links.iter().map(|link| link.expires_at));
    Ok(Some(share))
}

/// Reads a row of [`sql::SHARE_LINKS`].
pub(super) fn link(row: &Row<'_>, now: UnixTime) -> rusqlite::Result<ShareLink> {
    let facts = LinkFacts {
        max_downloads: rows::number_or_none(row, 4)?,
        downloads: rows::number(row, 5)?,
        expires_at: row.get(6)?,
        ended: rows::ended(row, 7)?,
    };
    Ok(ShareLink {
        locator: rows::locator(row, 0)?,
        label: row.get(1)?,
        password: row.get(2)?,
        direct: row.get(3)?,
        max_downloads: facts.max_downloads,
        downloads: facts.downloads,
        expires_at: facts.expires_at,
        state: facts.state(now),
        last_used_at: row.get(8)?,
    })
}

pub(super) fn delete(tx: &mut Tx<'_>, id: ShareId, now: UnixTime) -> Result<(), Failure> {
    if rows::execute(tx.db, sql::DELETE_SHARE, params![now, id.as_bytes()])? > 0 {
        rows::execute(tx.db, sql::REVOKE_LINKS, params![now, id.as_bytes()])?;
        rows::execute(tx.db, sql::DELETE_GRANTS, [id.as_bytes()])?;
        return Ok(());
    }
    match uploads::state(tx.db, id)? {
        None => Err(MetaError::NotFound.into()),
        Some(UploadState::Deleting | UploadState::Gone) => Ok(()),
        Some(_) => Err(MetaError::WrongState.into()),
    }
}
