//! Links: their state, and what a right proof opens.

use onekey_core::keys::{Locator, Proof, ShareId, Verifier};
use rusqlite::{Connection, Row, params};

use super::fault::Failure;
use super::{rows, sql};
use crate::clock::UnixTime;
use crate::meta::rules::LinkFacts;
use crate::meta::{DirectLink, LinkState, LinkSummary, MAX_DIRECT_MANIFEST, Opened};

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
    let values = params![locator.as_bytes(), now];
    Ok(rows::first(
        db,
        sql::OPEN,
        values,
        |row| Ok(opened(row)?.0),
    )?)
}

pub(super) fn open_direct(
    db: &Connection,
    locator: Locator,
    proof: &Proof,
    now: UnixTime,
) -> Result<Option<DirectLink>, Failure> {
    let longest = i64::try_from(MAX_DIRECT_MANIFEST).expect("far smaller");
    let values = params![locator.as_bytes(), longest];
    let found = rows::first(db, sql::OPEN_DIRECT, values, |row| {
        let (opened, facts) = opened(row)?;
        let link = DirectLink {
            share: ShareId::from_bytes(row.get(7)?),
            state: facts.state(now),
            blob: rows::blob(row, 8)?,
            opened,
        };
        Ok((link, Verifier::from_bytes(row.get(9)?)))
    })?;
    Ok(found.and_then(|(link, verifier)| verifier.accepts(proof).then_some(link)))
}

/// Reads the columns that both statements begin with.
fn opened(row: &Row<'_>) -> rusqlite::Result<(Opened, LinkFacts)> {
    let facts = LinkFacts {
        ended: None,
        expires_at: row.get(4)?,
        max_downloads: rows::number_or_none(row, 5)?,
        downloads: rows::number(row, 6)?,
    };
    let opened = Opened {
        header: row.get(0)?,
        envelope: row.get(1)?,
        manifest: row.get(2)?,
        size: rows::number(row, 3)?,
        expires_at: facts.expires_at,
        downloads_left: facts
            .max_downloads
            .map(|max| max.saturating_sub(facts.downloads)),
    };
    Ok((opened, facts))
}
