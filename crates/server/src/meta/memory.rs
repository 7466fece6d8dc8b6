//! Rows in memory: for tests, and to read the contract without SQL.

mod changes;
mod check;
mod links;
mod sweeps;
mod uploads;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use onekey_core::keys::{Locator, Proof, ShareId};

use super::claims::Claims;
use super::rules::Wrong;
use super::{
    Claimed, ClientKey, CommittedPart, CompleteState, Completion, DirectLink, GrantHash, Granted,
    GrantedPayload, Limits, LinkChange, LinkState, LinkSummary, MetaError, MetaStore, NewGrant,
    NewLink, NewUpload, Opened, PartClaim, Pepper, ProofCheck, Share, ShareLink, Totals,
    Unfinished, Upload, WriterId,
};
use crate::blobs::BlobRef;
use crate::clock::UnixTime;

/// Keeps rows in memory; they end with it.
#[derive(Default)]
pub struct MemoryMeta(Mutex<Rows>);

impl MemoryMeta {
    /// Every verb holds the lock from its first look to its last change: that is its transaction.
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryMeta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryMeta(..)")
    }
}

#[derive(Default)]
struct Rows {
    shares: HashMap<ShareId, ShareRow>,
    links: HashMap<Locator, LinkRow>,
    grants: HashMap<GrantHash, GrantRow>,
    claims: Claims,
    wrong: HashMap<(Locator, ClientKey), Wrong>,
    wrong_of_link: HashMap<Locator, Wrong>,
    right: HashMap<(Locator, ClientKey), UnixTime>,
    peppers: HashMap<i64, Pepper>,
}

/// An upload, and the share that it becomes.
struct ShareRow {
    upload: Upload,
    owner_envelope: Option<[u8; super::ENVELOPE_LEN]>,
    charged: u64,
    parts: Vec<CommittedPart>,
    completion: Option<Completion>,
    idle_since: Option<UnixTime>,
    deleted_at: Option<UnixTime>,
}

/// A link. `of` is empty once only the tombstone is left.
struct LinkRow {
    of: Option<LinkOf>,
}

struct LinkOf {
    share: ShareId,
    link: NewLink,
    /// Its place among the links of its share.
    ordinal: u64,
    downloads: u64,
    /// When its cap was changed last.
    capped_at: Option<UnixTime>,
    last_used_at: Option<UnixTime>,
    ended: Option<(LinkState, UnixTime)>,
}

struct GrantRow {
    locator: Locator,
    used: bool,
    expires_at: UnixTime,
    /// When it ends as it is: sooner as long as it is unused.
    ends_at: UnixTime,
}

#[async_trait]
impl MetaStore for MemoryMeta {
    async fn create_upload(&self, upload: &NewUpload, limits: Limits) -> Result<(), MetaError> {
        self.rows().create_upload(upload, limits)
    }

    async fn upload(&self, id: ShareId) -> Result<Option<Upload>, MetaError> {
        Ok(self.rows().shares.get(&id).map(|row| row.upload.clone()))
    }

    async fn claim_part(
        &self,
        id: ShareId,
        claim: PartClaim,
        limits: Limits,
        now: UnixTime,
    ) -> Result<Claimed, MetaError> {
        self.rows().claim_part(id, &claim, limits, now)
    }

    async fn commit_part(
        &self,
        id: ShareId,
        part: CommittedPart,
        writer: WriterId,
        expires_at: UnixTime,
    ) -> Result<(), MetaError> {
        self.rows().commit_part(id, part, writer, expires_at)
    }

    async fn release_part(
        &self,
        id: ShareId,
        number: u32,
        writer: WriterId,
    ) -> Result<(), MetaError> {
        let mut rows = self.rows();
        rows.claims.end(id, number, writer);
        rows.claims.settle();
        Ok(())
    }

    async fn parts(&self, id: ShareId) -> Result<Vec<CommittedPart>, MetaError> {
        let rows = self.rows();
        Ok(rows
            .shares
            .get(&id)
            .map_or_else(Vec::new, |row| row.parts.clone()))
    }

    async fn begin_complete(
        &self,
        id: ShareId,
        completion: &Completion,
        now: UnixTime,
    ) -> Result<CompleteState, MetaError> {
        self.rows().begin_complete(id, completion, now)
    }

    async fn publish(&self, id: ShareId, _now: UnixTime) -> Result<(), MetaError> {
        self.rows().publish(id)
    }

    async fn abort(&self, id: ShareId) -> Result<(), MetaError> {
        self.rows().abort(id)
    }

    async fn link_state(
        &self,
        locator: Locator,
        now: UnixTime,
    ) -> Result<Option<LinkSummary>, MetaError> {
        Ok(self.rows().link_state(locator, now))
    }

    async fn check_proof(
        &self,
        locator: Locator,
        proof: &Proof,
        client: ClientKey,
        now: UnixTime,
    ) -> Result<ProofCheck, MetaError> {
        Ok(self.rows().check_proof(locator, proof, client, now))
    }

    async fn open(&self, locator: Locator, now: UnixTime) -> Result<Option<Opened>, MetaError> {
        Ok(self.rows().open(locator, now))
    }

    async fn open_direct(
        &self,
        locator: Locator,
        proof: &Proof,
        now: UnixTime,
    ) -> Result<Option<DirectLink>, MetaError> {
        Ok(self.rows().open_direct(locator, proof, now))
    }

    async fn grant(
        &self,
        locator: Locator,
        grant: NewGrant,
        now: UnixTime,
    ) -> Result<Granted, MetaError> {
        Ok(self.rows().grant(locator, grant, now))
    }

    async fn use_grant(
        &self,
        grant: GrantHash,
        now: UnixTime,
    ) -> Result<Option<GrantedPayload>, MetaError> {
        Ok(self.rows().use_grant(grant, now))
    }

    async fn peek_grant(
        &self,
        grant: GrantHash,
        now: UnixTime,
    ) -> Result<Option<GrantedPayload>, MetaError> {
        Ok(self.rows().peek_grant(grant, now))
    }

    async fn share(&self, id: ShareId, now: UnixTime) -> Result<Option<Share>, MetaError> {
        Ok(self.rows().share(id, now))
    }

    async fn delete_share(&self, id: ShareId, now: UnixTime) -> Result<(), MetaError> {
        self.rows().delete_share(id, now)
    }

    async fn add_link(&self, id: ShareId, link: &NewLink, _now: UnixTime) -> Result<(), MetaError> {
        self.rows().add_link(id, link)
    }

    async fn link_share(&self, locator: Locator) -> Result<Option<Upload>, MetaError> {
        Ok(self.rows().link_share(locator))
    }

    async fn change_link(
        &self,
        locator: Locator,
        change: LinkChange,
        now: UnixTime,
    ) -> Result<ShareLink, MetaError> {
        self.rows().change_link(locator, change, now)
    }

    async fn revoke_link(&self, locator: Locator, now: UnixTime) -> Result<(), MetaError> {
        self.rows().revoke_link(locator, now)
    }

    async fn change_share(
        &self,
        id: ShareId,
        expires_at: Option<UnixTime>,
        _now: UnixTime,
    ) -> Result<(), MetaError> {
        self.rows().change_share(id, expires_at)
    }

    async fn sweep_grants(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError> {
        Ok(self.rows().sweep_grants(now, limit))
    }

    async fn sweep_uploads(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError> {
        Ok(self.rows().sweep_uploads(now, limit))
    }

    async fn sweep_shares(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError> {
        Ok(self.rows().sweep_shares(now, limit))
    }

    async fn sweep_traces(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError> {
        Ok(self.rows().sweep_traces(now, limit))
    }

    async fn completing(&self, limit: usize) -> Result<Vec<Unfinished>, MetaError> {
        Ok(self.rows().completing(limit))
    }

    async fn blobs_to_delete(&self, limit: usize) -> Result<Vec<Unfinished>, MetaError> {
        Ok(self.rows().blobs_to_delete(limit))
    }

    async fn forget_blob(&self, id: ShareId) -> Result<(), MetaError> {
        self.rows().forget_blob(id);
        Ok(())
    }

    async fn known_blobs(&self, blobs: &[BlobRef]) -> Result<Vec<bool>, MetaError> {
        let rows = self.rows();
        Ok(blobs.iter().map(|blob| rows.knows_blob(blob)).collect())
    }

    async fn pepper(&self, day: i64, fresh: Pepper) -> Result<Pepper, MetaError> {
        Ok(*self.rows().peppers.entry(day).or_insert(fresh))
    }

    async fn totals(&self) -> Result<Totals, MetaError> {
        Ok(self.rows().totals())
    }

    async fn ping(&self) -> Result<(), MetaError> {
        Ok(())
    }
}
