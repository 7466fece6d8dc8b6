//! From the last part to a live share.

use onekey_core::keys::ShareId;
use rusqlite::params;

use super::fault::Failure;
use super::rows::{self, Number, UploadRow};
use super::writer::Tx;
use super::{sql, uploads};
use crate::clock::UnixTime;
use crate::meta::{CompleteState, Completion, MetaError, NewLink, UploadState, rules};

pub(super) fn begin(
    tx: &mut Tx<'_>,
    id: ShareId,
    completion: &Completion,
    now: UnixTime,
) -> Result<CompleteState, Failure> {
    let row = UploadRow::find(tx.db, id)?.ok_or(Failure::Refused(MetaError::WrongState))?;
    let upload = row.upload;
    match upload.state {
        UploadState::Completing | UploadState::Live => {
            if row.body_digest != Some(completion.body_digest) {
                return Err(MetaError::CompleteDiffers.into());
            }
            return Ok(CompleteState {
                live: upload.state == UploadState::Live,
                expires_at: row.link_expires_at,
            });
        }
        UploadState::Receiving if now < upload.expires_at => {}
        _ => return Err(MetaError::WrongState.into()),
    }
    let parts = rows::all(tx.db, sql::PART_LENGTHS, [id.as_bytes()], |row| {
        Ok((row.get(0)?, rows::number(row, 1)?))
    })?;
    rules::admit_parts(&parts, upload.part_size, upload.size, completion)?;
    let begun = rows::execute(
        tx.db,
        sql::BEGIN_COMPLETE,
        params![
            Number(completion.size),
            completion.body_digest.0,
            completion.link.expires_at,
            id.as_bytes(),
        ],
    )?;
    if begun == 0 {
        return Err(MetaError::WrongState.into());
    }
    rows::execute(
        tx.db,
        sql::ADD_MANIFEST,
        params![id.as_bytes(), completion.manifest],
    )?;
    add_link(tx, id, &completion.link)?;
    tx.claims.end_upload(id);
    Ok(CompleteState {
        live: false,
        expires_at: completion.link.expires_at,
    })
}

pub(super) fn publish(tx: &mut Tx<'_>, id: ShareId, now: UnixTime) -> Result<(), Failure> {
    if rows::execute(tx.db, sql::PUBLISH, params![now, id.as_bytes()])? > 0 {
        return Ok(());
    }
    match uploads::state(tx.db, id)? {
        Some(UploadState::Live) => Ok(()),
        _ => Err(MetaError::WrongState.into()),
    }
}

pub(super) fn add_link(tx: &mut Tx<'_>, id: ShareId, link: &NewLink) -> Result<(), Failure> {
    let added = rows::execute(
        tx.db,
        sql::ADD_LINK,
        params![
            link.locator.as_bytes(),
            id.as_bytes(),
            link.verifier.as_bytes(),
            link.envelope,
            i64::from(link.password),
            i64::from(link.direct),
            link.max_downloads.map(Number),
            link.expires_at,
            link.label,
        ],
    )?;
    if added == 0 {
        return Err(MetaError::LocatorTaken.into());
    }
    Ok(())
}
