//! Uploads, from the first part to a live share.

use onekey_core::keys::ShareId;

use super::{Rows, ShareRow};
use crate::clock::UnixTime;
use crate::meta::claims::Room;
use crate::meta::{
    Claimed, CommittedPart, CompleteState, Completion, Limits, MetaError, NewUpload, PartClaim,
    Totals, Upload, UploadState, WriterId, rules,
};

impl ShareRow {
    pub(super) fn received(&self) -> u64 {
        self.parts.iter().map(|part| part.place.length).sum()
    }
}

impl Rows {
    pub(super) fn create_upload(
        &mut self,
        upload: &NewUpload,
        limits: Limits,
    ) -> Result<(), MetaError> {
        let reserved = upload.size.unwrap_or(0);
        rules::admit_size(reserved, limits)?;
        rules::admit_total(self.totals().charged, reserved, limits)?;
        let taken = self
            .shares
            .values()
            .any(|row| row.upload.id == upload.id || row.upload.blob == upload.blob);
        if taken {
            return Err(MetaError::WrongState);
        }
        let row = ShareRow {
            upload: Upload {
                id: upload.id,
                state: UploadState::Receiving,
                blob: upload.blob.clone(),
                header: upload.header,
                part_size: upload.part_size,
                size: upload.size,
                owner_verifier: upload.owner_verifier,
                created_at: upload.created_at,
                expires_at: upload.expires_at,
            },
            owner_envelope: upload.owner_envelope,
            charged: reserved,
            parts: Vec::new(),
            completion: None,
            idle_since: None,
            deleted_at: None,
        };
        self.shares.insert(upload.id, row);
        Ok(())
    }

    pub(super) fn claim_part(
        &mut self,
        id: ShareId,
        claim: &PartClaim,
        limits: Limits,
        now: UnixTime,
    ) -> Result<Claimed, MetaError> {
        let total = self.charged();
        let row = self.receiving(id)?;
        if row.upload.expires_at <= now {
            return Err(MetaError::WrongState);
        }
        let number = claim.place.number;
        if let Some(part) = row.parts.iter().find(|part| part.place.number == number) {
            return Ok(Claimed::Exists {
                same_digest: Some(part.digest) == claim.digest,
            });
        }
        let room = Room {
            size: row.upload.size,
            received: row.received(),
            total,
        };
        let claimed = self.claims.claim(id, claim, room, limits, now);
        self.claims.settle();
        claimed
    }

    pub(super) fn commit_part(
        &mut self,
        id: ShareId,
        part: CommittedPart,
        writer: WriterId,
        expires_at: UnixTime,
    ) -> Result<(), MetaError> {
        self.receiving(id)?;
        if !self.claims.end(id, part.place.number, writer) {
            return Err(MetaError::WrongState);
        }
        self.claims.settle();
        let row = self.receiving(id)?;
        row.upload.expires_at = expires_at;
        if row.upload.size.is_none() {
            row.charged += part.place.length;
        }
        row.parts.push(part);
        row.parts.sort_by_key(|part| part.place.number);
        Ok(())
    }

    pub(super) fn begin_complete(
        &mut self,
        id: ShareId,
        completion: &Completion,
        now: UnixTime,
    ) -> Result<CompleteState, MetaError> {
        let locator = completion.link.locator;
        let taken = self.links.contains_key(&locator);
        let row = self.shares.get_mut(&id).ok_or(MetaError::WrongState)?;
        let state = row.upload.state;
        match (state, &row.completion) {
            (UploadState::Completing | UploadState::Live, Some(fixed)) => {
                if fixed.body_digest != completion.body_digest {
                    return Err(MetaError::CompleteDiffers);
                }
                return Ok(CompleteState {
                    live: state == UploadState::Live,
                    expires_at: fixed.link.expires_at,
                });
            }
            (UploadState::Receiving, _) if now < row.upload.expires_at => {}
            _ => return Err(MetaError::WrongState),
        }
        let parts: Vec<(u32, u64)> = row
            .parts
            .iter()
            .map(|part| (part.place.number, part.place.length))
            .collect();
        rules::admit_parts(&parts, row.upload.part_size, row.upload.size, completion)?;
        if taken {
            return Err(MetaError::LocatorTaken);
        }
        row.upload.state = UploadState::Completing;
        row.upload.size = Some(completion.size);
        row.charged = completion.size;
        row.completion = Some(completion.clone());
        self.insert_link(id, &completion.link);
        self.claims.end_upload(id);
        self.claims.settle();
        Ok(CompleteState {
            live: false,
            expires_at: completion.link.expires_at,
        })
    }

    pub(super) fn publish(&mut self, id: ShareId) -> Result<(), MetaError> {
        let row = self.shares.get_mut(&id).ok_or(MetaError::WrongState)?;
        match row.upload.state {
            UploadState::Completing => row.upload.state = UploadState::Live,
            UploadState::Live => {}
            _ => return Err(MetaError::WrongState),
        }
        Ok(())
    }

    pub(super) fn abort(&mut self, id: ShareId) -> Result<(), MetaError> {
        let row = self.shares.get_mut(&id).ok_or(MetaError::NotFound)?;
        match row.upload.state {
            UploadState::Receiving => row.upload.state = UploadState::Aborted,
            UploadState::Aborted => {}
            _ => return Err(MetaError::WrongState),
        }
        self.claims.end_upload(id);
        self.claims.settle();
        Ok(())
    }

    pub(super) fn totals(&self) -> Totals {
        let claimed = self.claims.charged();
        let mut totals = Totals {
            charged: self.charged().saturating_add(claimed),
            outstanding: claimed,
            ..Totals::default()
        };
        for row in self.shares.values() {
            match row.upload.state {
                UploadState::Receiving | UploadState::Completing => {
                    totals.open_uploads += 1;
                    totals.outstanding += row.charged.saturating_sub(row.received());
                }
                UploadState::Live => totals.shares += 1,
                UploadState::Aborted | UploadState::Deleting | UploadState::Gone => {}
            }
        }
        totals
    }

    fn charged(&self) -> u64 {
        self.shares
            .values()
            .fold(0, |sum, row| sum.saturating_add(row.charged))
    }

    fn receiving(&mut self, id: ShareId) -> Result<&mut ShareRow, MetaError> {
        self.shares
            .get_mut(&id)
            .filter(|row| row.upload.state == UploadState::Receiving)
            .ok_or(MetaError::WrongState)
    }
}
