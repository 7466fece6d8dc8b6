//! What ends by time: grants, uploads, idle shares.
//!
//! A live share is looked at when something may have changed, never in a scan of all: its row says
//! when (`look_at`), and a grant that goes away says now, as does whatever else ends a link or makes
//! one live ([`super::changes`]).

use onekey_core::keys::ShareId;
use rusqlite::params;

use super::fault::Failure;
use super::rows::{self, limit};
use super::sql;
use super::writer::Tx;
use crate::clock::UnixTime;
use crate::meta::{SHARE_GRACE, rules};

/// Shares that one sweep looks at for each one that it may delete: a look is cheap and makes room
/// for the next.
const LOOKS_PER_DELETION: usize = 16;

pub(super) fn grants(tx: &mut Tx<'_>, now: UnixTime, most: usize) -> Result<usize, Failure> {
    let ended = rows::all(tx.db, sql::SWEEP_GRANTS, params![now, limit(most)], |row| {
        Ok((rows::locator(row, 0)?, row.get::<_, bool>(1)?))
    })?;
    for (locator, used) in &ended {
        if !used {
            rows::execute(tx.db, sql::GIVE_BACK, [locator.as_bytes()])?;
        }
        rows::execute(tx.db, sql::LOOK_NOW, params![now, locator.as_bytes()])?;
    }
    Ok(ended.len())
}

pub(super) fn uploads(tx: &mut Tx<'_>, now: UnixTime, most: usize) -> Result<usize, Failure> {
    let ended = rows::all(
        tx.db,
        sql::SWEEP_UPLOADS,
        params![now, limit(most)],
        |row| rows::share_id(row, 0),
    )?;
    for id in &ended {
        tx.claims.end_upload(*id);
    }
    tx.claims.end_expired(now);
    Ok(ended.len())
}

pub(super) fn shares(tx: &mut Tx<'_>, now: UnixTime, most: usize) -> Result<usize, Failure> {
    let looks = limit(most.saturating_mul(LOOKS_PER_DELETION));
    let due = rows::all(tx.db, sql::SHARES_TO_LOOK_AT, params![now, looks], |row| {
        Ok((rows::share_id(row, 0)?, row.get::<_, Option<UnixTime>>(1)?))
    })?;
    let mut deleted = 0;
    for (id, idle_since) in due {
        if deleted == most {
            break;
        }
        match (look(tx, id, now)?, idle_since) {
            (Seen::Busy { look_at }, _) => look_later(tx, id, None, look_at)?,
            (Seen::Idle, Some(since)) if since.saturating_add(SHARE_GRACE) <= now => {
                rows::execute(tx.db, sql::DELETE_SHARE, params![now, id.as_bytes()])?;
                rows::execute(tx.db, sql::END_LINKS, params![now, id.as_bytes()])?;
                deleted += 1;
            }
            (Seen::Idle, since) => {
                let since = since.unwrap_or(now);
                look_later(tx, id, Some(since), Some(since.saturating_add(SHARE_GRACE)))?;
            }
        }
    }
    Ok(deleted)
}

/// What a look at a live share finds.
enum Seen {
    /// It has a live link or a grant; the next look is due then, or when a grant goes away.
    Busy { look_at: Option<UnixTime> },
    /// It has neither.
    Idle,
}

/// Any grant keeps its share until it is swept: an unused one may still give its download back.
fn look(tx: &Tx<'_>, id: ShareId, now: UnixTime) -> Result<Seen, Failure> {
    let has_grant = rows::first(tx.db, sql::HAS_GRANT, [id.as_bytes()], |row| row.get(0))?;
    if has_grant == Some(true) {
        return Ok(Seen::Busy { look_at: None });
    }
    let ends: Vec<Option<UnixTime>> = rows::all(
        tx.db,
        sql::LIVE_LINK_ENDS,
        params![id.as_bytes(), now],
        |row| row.get(0),
    )?;
    if ends.is_empty() {
        return Ok(Seen::Idle);
    }
    Ok(Seen::Busy {
        look_at: rules::latest_end(ends),
    })
}

fn look_later(
    tx: &Tx<'_>,
    id: ShareId,
    idle_since: Option<UnixTime>,
    look_at: Option<UnixTime>,
) -> Result<(), Failure> {
    rows::execute(
        tx.db,
        sql::LOOK_LATER,
        params![idle_since, look_at, id.as_bytes()],
    )?;
    Ok(())
}
