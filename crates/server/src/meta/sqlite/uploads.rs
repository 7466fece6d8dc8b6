//! Uploads that receive: rows, part claims and parts.

use onekey_core::keys::ShareId;
use rusqlite::{Connection, params};

use super::fault::Failure;
use super::rows::{self, Number, UploadRow};
use super::sql;
use super::writer::Tx;
use crate::blobs::{PartPlace, PartTag};
use crate::clock::UnixTime;
use crate::meta::claims::Room;
use crate::meta::{
    Claimed, CommittedPart, Digest, Limits, MetaError, NewUpload, PartClaim, Upload, UploadState,
    WriterId, rules,
};

pub(super) fn create(tx: &mut Tx<'_>, upload: &NewUpload, limits: Limits) -> Result<(), Failure> {
    let reserved = upload.size.unwrap_or(0);
    rows::storable(reserved)?;
    rules::admit_size(reserved, limits)?;
    let charged = charged(tx.db, limits)?.saturating_add(tx.claims.charged());
    rules::admit_total(charged, reserved, limits)?;
    let added = rows::execute(
        tx.db,
        sql::ADD_UPLOAD,
        params![
            upload.id.as_bytes(),
            upload.blob.as_str(),
            upload.header,
            Number(upload.part_size),
            upload.size.map(Number),
            upload.owner_verifier.as_bytes(),
            upload.owner_envelope,
            upload.created_at,
            upload.expires_at,
            Number(reserved),
        ],
    )?;
    if added == 0 {
        return Err(MetaError::WrongState.into());
    }
    Ok(())
}

pub(super) fn find(db: &Connection, id: ShareId) -> Result<Option<Upload>, Failure> {
    Ok(UploadRow::find(db, id)?.map(|row| row.upload))
}

pub(super) fn claim_part(
    tx: &mut Tx<'_>,
    id: ShareId,
    claim: &PartClaim,
    limits: Limits,
    now: UnixTime,
) -> Result<Claimed, Failure> {
    let row = receiving(tx.db, id)?;
    if row.upload.expires_at <= now {
        return Err(MetaError::WrongState.into());
    }
    let recorded = rows::first(
        tx.db,
        sql::PART_DIGEST,
        params![id.as_bytes(), claim.place.number],
        |row| row.get(0).map(Digest),
    )?;
    if let Some(digest) = recorded {
        return Ok(Claimed::Exists {
            same_digest: Some(digest) == claim.digest,
        });
    }
    rows::storable(claim.place.offset.saturating_add(claim.place.length))?;
    let total = match row.upload.size {
        Some(_) => 0,
        None => charged(tx.db, limits)?,
    };
    let room = Room {
        size: row.upload.size,
        received: row.received,
        total,
    };
    Ok(tx.claims.claim(id, claim, room, limits, now)?)
}

pub(super) fn commit_part(
    tx: &mut Tx<'_>,
    id: ShareId,
    part: &CommittedPart,
    writer: WriterId,
    expires_at: UnixTime,
) -> Result<(), Failure> {
    let place = part.place;
    receiving(tx.db, id)?;
    if !tx.claims.end(id, place.number, writer) {
        return Err(MetaError::WrongState.into());
    }
    rows::storable(place.offset.saturating_add(place.length))?;
    let added = rows::execute(
        tx.db,
        sql::ADD_PART,
        params![
            id.as_bytes(),
            place.number,
            Number(place.offset),
            Number(place.length),
            part.digest.0,
            part.tag.as_str(),
        ],
    )?;
    let counted = rows::execute(
        tx.db,
        sql::COUNT_PART,
        params![Number(place.length), expires_at, id.as_bytes()],
    )?;
    if added == 0 || counted == 0 {
        return Err(MetaError::WrongState.into());
    }
    Ok(())
}

pub(super) fn parts(db: &Connection, id: ShareId) -> Result<Vec<CommittedPart>, Failure> {
    Ok(rows::all(db, sql::PARTS, [id.as_bytes()], |row| {
        Ok(CommittedPart {
            place: PartPlace {
                number: row.get(0)?,
                offset: rows::number(row, 1)?,
                length: rows::number(row, 2)?,
            },
            digest: row.get(3).map(Digest)?,
            tag: row.get::<_, String>(4).map(PartTag::new)?,
        })
    })?)
}

pub(super) fn abort(tx: &mut Tx<'_>, id: ShareId) -> Result<(), Failure> {
    if rows::execute(tx.db, sql::ABORT, [id.as_bytes()])? > 0 {
        tx.claims.end_upload(id);
        return Ok(());
    }
    match state(tx.db, id)? {
        None => Err(MetaError::NotFound.into()),
        Some(UploadState::Aborted) => Ok(()),
        Some(_) => Err(MetaError::WrongState.into()),
    }
}

/// Returns the state of a row.
pub(super) fn state(db: &Connection, id: ShareId) -> Result<Option<UploadState>, Failure> {
    Ok(rows::first(db, sql::STATE, [id.as_bytes()], |row| {
        row.get(0)
    })?)
}

fn receiving(db: &Connection, id: ShareId) -> Result<UploadRow, Failure> {
    UploadRow::find(db, id)?
        .filter(|row| row.upload.state == UploadState::Receiving)
        .ok_or(Failure::Refused(MetaError::WrongState))
}

/// Returns the bytes charged to all rows, or 0 where nothing limits them: then nobody needs to add them up.
fn charged(db: &Connection, limits: Limits) -> Result<u64, Failure> {
    if limits.max_total.is_none() {
        return Ok(0);
    }
    let charged = rows::first(db, sql::CHARGED, [], |row| rows::number(row, 0))?;
    Ok(charged.unwrap_or(0))
}
