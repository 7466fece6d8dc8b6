//! What is forgotten after its time: counters, peppers, all of a tombstone but its locator.

use rusqlite::params;

use super::fault::Failure;
use super::rows::{self, limit};
use super::sql;
use super::writer::Tx;
use crate::clock::UnixTime;
use crate::meta::{ATTEMPT_WINDOW, LINK_ATTEMPT_WINDOW, TOMBSTONE_DETAIL, rules};

pub(super) fn sweep(tx: &mut Tx<'_>, now: UnixTime, most: usize) -> Result<usize, Failure> {
    // Links before the shares that they refer to.
    let sweeps = [
        (sql::SWEEP_ATTEMPTS, now.saturating_sub(ATTEMPT_WINDOW)),
        (
            sql::SWEEP_LINK_ATTEMPTS,
            now.saturating_sub(LINK_ATTEMPT_WINDOW),
        ),
        (
            sql::SWEEP_RIGHT_PROOFS,
            now.saturating_sub(LINK_ATTEMPT_WINDOW),
        ),
        (sql::SWEEP_PEPPERS, rules::last_pepper_day_to_forget(now)),
        (sql::SWEEP_LINKS, now.saturating_sub(TOMBSTONE_DETAIL)),
        (sql::SWEEP_GONE, now.saturating_sub(TOMBSTONE_DETAIL)),
    ];
    let mut swept = 0;
    for (statement, until) in sweeps {
        swept += rows::execute(tx.db, statement, params![until, limit(most - swept)])?;
    }
    Ok(swept)
}
