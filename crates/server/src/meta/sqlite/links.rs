//! Links: their state, and what a right proof opens.

use onekey_core::keys::{Locator, Verifier};
use rusqlite::{Connection, params};

use super::fault::Failure;
use super::{rows, sql};
use crate::clock::UnixTime;
use crate::meta::rules::LinkFacts;
use crate::meta::{LinkState, LinkSummary, Opened};

/// A link as its state and its proof need it.
pub(super) struct LinkRow {
    pub(super) facts: LinkFacts,
    pub(super) password: bool,
    /// `None` once only the tombstone is left.
    pub(super) verifier: Option<Verifier>,
}

impl LinkRow {
    pub(super) fn find(db: &Connection, locator: Locator) -> rusqlite::Result<Option<Self>> {
        rows::first(db, sql::LINK, [locator.as_bytes()], |row| {
            let tombstone: bool = row.get(1)?;
            let ended = if tombstone {
                Some(LinkState::Revoked)
            } else {
                rows::ended(row, 0)?
            };
            Ok(Self {
                facts: LinkFacts {
                    ended,
                    expires_at: row.get(2)?,
                    max_downloads: rows::number_or_none(row, 3)?,
                    downloads: rows::number(row, 4)?,
                },
                password: row.get(5)?,
                verifier: row.get::<_, Option<[u8; 32]>>(6)?.map(Verifier::from_bytes),
            })
        })
    }
}

pub(super) fn state(
    db: &Connection,
    locator: Locator,
    now: UnixTime,
) -> Result<Option<LinkSummary>, Failure> {
    Ok(LinkRow::find(db, locator)?.map(|link| LinkSummary {
        state: link.facts.state(now),
        password: link.password,
    }))
}

pub(super) fn open(
    db: &Connection,
    locator: Locator,
    now: UnixTime,
) -> Result<Option<Opened>, Failure> {
    Ok(rows::first(
        db,
        sql::OPEN,
        params![locator.as_bytes(), now],
        |row| {
            let downloads = rows::number(row, 6)?;
            Ok(Opened {
                header: row.get(0)?,
                envelope: row.get(1)?,
                manifest: row.get(2)?,
                size: rows::number(row, 3)?,
                expires_at: row.get(4)?,
                downloads_left: rows::number_or_none(row, 5)?
                    .map(|max| max.saturating_sub(downloads)),
            })
        },
    )?)
}
