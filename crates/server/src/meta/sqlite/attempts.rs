//! Proofs: the limit, then the check, then the count, in one transaction of the one writer. Were
//! proofs checked beside it, many guesses at once would all be looked at before the first is counted.

use onekey_core::keys::{Locator, Proof};
use rusqlite::{Connection, Params, params};

use super::fault::Failure;
use super::links::LinkRow;
use super::writer::Tx;
use super::{rows, sql};
use crate::clock::UnixTime;
use crate::meta::rules::{Attempts, Wrong};
use crate::meta::{ATTEMPT_WINDOW, ClientKey, LINK_ATTEMPT_WINDOW, ProofCheck};

pub(super) fn check_proof(
    tx: &mut Tx<'_>,
    locator: Locator,
    proof: &Proof,
    client: ClientKey,
    now: UnixTime,
) -> Result<ProofCheck, Failure> {
    let db = tx.db;
    let Some(link) = LinkRow::find(db, locator)? else {
        return Ok(ProofCheck::Unknown);
    };
    let Some(verifier) = link.verifier else {
        return Ok(ProofCheck::Unknown);
    };
    let attempts = read(db, locator, client, link.password)?;
    if let Some(retry_after) = attempts.retry_after(now) {
        return Ok(ProofCheck::Limited { retry_after });
    }
    let state = link.facts.state(now);
    if verifier.accepts(proof) {
        if link.password {
            let pair = params![locator.as_bytes(), client.0, now];
            rows::execute(db, sql::KEEP_RIGHT_PROOF, pair)?;
        }
        return Ok(ProofCheck::Right(state));
    }
    let wrong = Wrong::one_more(attempts.of_client, ATTEMPT_WINDOW, now);
    let counted = params![locator.as_bytes(), client.0, wrong.count, wrong.since];
    rows::execute(db, sql::COUNT_ATTEMPT, counted)?;
    if link.password {
        let wrong = Wrong::one_more(attempts.of_link, LINK_ATTEMPT_WINDOW, now);
        let counted = params![locator.as_bytes(), wrong.count, wrong.since];
        rows::execute(db, sql::COUNT_LINK_ATTEMPT, counted)?;
    }
    Ok(ProofCheck::Wrong(state))
}

fn read(
    db: &Connection,
    locator: Locator,
    client: ClientKey,
    password: bool,
) -> Result<Attempts, Failure> {
    let pair = params![locator.as_bytes(), client.0];
    let mut attempts = Attempts {
        of_client: wrong(db, sql::ATTEMPTS, pair)?,
        of_link: None,
        right_at: None,
    };
    if password {
        attempts.of_link = wrong(db, sql::LINK_ATTEMPTS, [locator.as_bytes()])?;
        attempts.right_at = rows::first(db, sql::RIGHT_PROOF, pair, |row| row.get(0))?;
    }
    Ok(attempts)
}

fn wrong(db: &Connection, sql: &str, params: impl Params) -> Result<Option<Wrong>, Failure> {
    Ok(rows::first(db, sql, params, |row| {
        Ok(Wrong {
            count: row.get(0)?,
            since: row.get(1)?,
        })
    })?)
}
