//! Rows in one SQLite file: what a single machine needs, and nothing to run beside the server.
//!
//! One thread writes ([`writer`]), a few connections read. Part claims are kept in the writer's
//! memory: the server holds an exclusive lock on its data folder, so nobody else gives any.

mod attempts;
mod changes;
mod check;
mod complete;
mod connection;
mod fault;
mod grants;
mod links;
mod migrations;
mod recovery;
mod rows;
mod shares;
mod sql;
mod sweeps;
#[cfg(test)]
mod tests;
mod traces;
mod uploads;
mod writer;

use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use onekey_core::keys::{Locator, Proof, ShareId};
use rusqlite::Connection;

pub use self::check::SqliteRows;
use self::connection::Readers;
use self::fault::Failure;
use self::grants::GrantRow;
use self::writer::{Tx, Writer};
use super::{
    Claimed, ClientKey, CommittedPart, CompleteState, Completion, DirectLink, GrantHash, Granted,
    GrantedPayload, Limits, LinkChange, LinkSummary, MetaError, MetaStore, NewGrant, NewLink,
    NewUpload, Opened, PartClaim, Pepper, ProofCheck, RowId, Share, ShareLink, StoredLook,
    StoredRows, Totals, Unfinished, Upload, WriterId,
};
use crate::blobs::BlobRef;
use crate::clock::UnixTime;

/// Keeps rows in one SQLite file.
pub struct SqliteMeta {
    readers: Readers,
    writer: Writer,
}

impl SqliteMeta {
    /// Opens the file, or makes it: readable by its owner alone, checked, and brought to this version.
    ///
    /// It waits for the disk; call it before the server starts to listen.
    ///
    /// # Errors
    /// [`MetaError::Unavailable`], with a source that says why: the file is damaged, a newer onekey
    /// wrote it, or it cannot be opened. [`MetaError::StorageFull`].
    pub fn open(path: &Path) -> Result<Self, MetaError> {
        let db = connection::open_writer(path)?;
        Ok(Self {
            readers: Readers::open(path)?,
            writer: Writer::start(db)?,
        })
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, MetaError> {
        self.writer.alive()?;
        self.readers.read(work).await
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, MetaError> {
        self.writer.write(work).await
    }
}

impl fmt::Debug for SqliteMeta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqliteMeta(..)")
    }
}

#[async_trait]
impl MetaStore for SqliteMeta {
    async fn create_upload(&self, upload: &NewUpload, limits: Limits) -> Result<(), MetaError> {
        let upload = upload.clone();
        self.write(move |tx| uploads::create(tx, &upload, limits))
            .await
    }

    async fn upload(&self, id: ShareId) -> Result<Option<Upload>, MetaError> {
        self.read(move |db| uploads::find(db, id)).await
    }

    async fn claim_part(
        &self,
        id: ShareId,
        claim: PartClaim,
        limits: Limits,
        now: UnixTime,
    ) -> Result<Claimed, MetaError> {
        self.write(move |tx| uploads::claim_part(tx, id, &claim, limits, now))
            .await
    }

    async fn commit_part(
        &self,
        id: ShareId,
        part: CommittedPart,
        writer: WriterId,
        expires_at: UnixTime,
    ) -> Result<(), MetaError> {
        self.write(move |tx| uploads::commit_part(tx, id, &part, writer, expires_at))
            .await
    }

    async fn release_part(
        &self,
        id: ShareId,
        number: u32,
        writer: WriterId,
    ) -> Result<(), MetaError> {
        self.write(move |tx| {
            tx.claims.end(id, number, writer);
            Ok(())
        })
        .await
    }

    async fn parts(&self, id: ShareId) -> Result<Vec<CommittedPart>, MetaError> {
        self.read(move |db| uploads::parts(db, id)).await
    }

    async fn begin_complete(
        &self,
        id: ShareId,
        completion: &Completion,
        now: UnixTime,
    ) -> Result<CompleteState, MetaError> {
        let completion = completion.clone();
        self.write(move |tx| complete::begin(tx, id, &completion, now))
            .await
    }

    async fn publish(&self, id: ShareId, now: UnixTime) -> Result<(), MetaError> {
        self.write(move |tx| complete::publish(tx, id, now)).await
    }

    async fn abort(&self, id: ShareId) -> Result<(), MetaError> {
        self.write(move |tx| uploads::abort(tx, id)).await
    }

    async fn link_state(
        &self,
        locator: Locator,
        now: UnixTime,
    ) -> Result<Option<LinkSummary>, MetaError> {
        self.read(move |db| links::state(db, locator, now)).await
    }

    async fn check_proof(
        &self,
        locator: Locator,
        proof: &Proof,
        client: ClientKey,
        now: UnixTime,
    ) -> Result<ProofCheck, MetaError> {
        let proof = proof.clone();
        self.write(move |tx| attempts::check_proof(tx, locator, &proof, client, now))
            .await
    }

    async fn open(&self, locator: Locator, now: UnixTime) -> Result<Option<Opened>, MetaError> {
        self.read(move |db| links::open(db, locator, now)).await
    }

    async fn open_direct(
        &self,
        locator: Locator,
        proof: &Proof,
        now: UnixTime,
    ) -> Result<Option<DirectLink>, MetaError> {
        let proof = proof.clone();
        self.read(move |db| links::open_direct(db, locator, &proof, now))
            .await
    }

    async fn grant(
        &self,
        locator: Locator,
        grant: NewGrant,
        now: UnixTime,
    ) -> Result<Granted, MetaError> {
        self.write(move |tx| grants::add(tx, locator, grant, now))
            .await
    }

    async fn use_grant(
        &self,
        grant: GrantHash,
        now: UnixTime,
    ) -> Result<Option<GrantedPayload>, MetaError> {
        // Ranges and reconnects of a grant in use write nothing.
        match self.read(move |db| GrantRow::find(db, grant, now)).await? {
            Some(live) if !live.used => {
                self.write(move |tx| grants::mark_used(tx, grant, now))
                    .await
            }
            seen => Ok(seen.map(|live| live.payload)),
        }
    }

    async fn peek_grant(
        &self,
        grant: GrantHash,
        now: UnixTime,
    ) -> Result<Option<GrantedPayload>, MetaError> {
        let live = self.read(move |db| GrantRow::find(db, grant, now)).await?;
        Ok(live.map(|live| live.payload))
    }

    async fn share(&self, id: ShareId, now: UnixTime) -> Result<Option<Share>, MetaError> {
        self.read(move |db| shares::find(db, id, now)).await
    }

    async fn delete_share(&self, id: ShareId, now: UnixTime) -> Result<(), MetaError> {
        self.write(move |tx| shares::delete(tx, id, now)).await
    }

    async fn add_link(&self, id: ShareId, link: &NewLink, now: UnixTime) -> Result<(), MetaError> {
        let link = link.clone();
        self.write(move |tx| changes::add_link(tx, id, &link, now))
            .await
    }

    async fn link_share(&self, locator: Locator) -> Result<Option<Upload>, MetaError> {
        self.read(move |db| changes::link_share(db, locator)).await
    }

    async fn change_link(
        &self,
        locator: Locator,
        change: LinkChange,
        now: UnixTime,
    ) -> Result<ShareLink, MetaError> {
        self.write(move |tx| changes::change_link(tx, locator, change, now))
            .await
    }

    async fn revoke_link(&self, locator: Locator, now: UnixTime) -> Result<(), MetaError> {
        self.write(move |tx| changes::revoke_link(tx, locator, now))
            .await
    }

    async fn change_share(
        &self,
        id: ShareId,
        expires_at: Option<UnixTime>,
        now: UnixTime,
    ) -> Result<(), MetaError> {
        self.write(move |tx| changes::change_share(tx, id, expires_at, now))
            .await
    }

    async fn sweep_grants(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError> {
        self.write(move |tx| sweeps::grants(tx, now, limit)).await
    }

    async fn sweep_uploads(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError> {
        self.write(move |tx| sweeps::uploads(tx, now, limit)).await
    }

    async fn sweep_shares(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError> {
        self.write(move |tx| sweeps::shares(tx, now, limit)).await
    }

    async fn sweep_traces(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError> {
        self.write(move |tx| traces::sweep(tx, now, limit)).await
    }

    async fn completing(&self, limit: usize) -> Result<Vec<Unfinished>, MetaError> {
        self.read(move |db| recovery::completing(db, limit)).await
    }

    async fn blobs_to_delete(&self, limit: usize) -> Result<Vec<Unfinished>, MetaError> {
        self.read(move |db| recovery::blobs_to_delete(db, limit))
            .await
    }

    async fn forget_blob(&self, id: ShareId) -> Result<(), MetaError> {
        self.write(move |tx| recovery::forget_blob(tx, id)).await
    }

    async fn known_blobs(&self, blobs: &[BlobRef]) -> Result<Vec<bool>, MetaError> {
        let blobs = blobs.to_vec();
        self.read(move |db| recovery::known_blobs(db, &blobs)).await
    }

    async fn pepper(&self, day: i64, fresh: Pepper) -> Result<Pepper, MetaError> {
        match self.read(move |db| recovery::find_pepper(db, day)).await? {
            Some(pepper) => Ok(pepper),
            None => self.write(move |tx| recovery::pepper(tx, day, fresh)).await,
        }
    }

    async fn totals(&self) -> Result<Totals, MetaError> {
        let claimed = self.writer.claimed();
        self.read(move |db| recovery::totals(db, claimed)).await
    }

    async fn ping(&self) -> Result<(), MetaError> {
        self.read(recovery::ping).await?;
        self.write(|tx| recovery::ping(tx.db)).await
    }
}

#[async_trait]
impl StoredRows for SqliteMeta {
    async fn row_ids(&self, after: Option<&RowId>, limit: usize) -> Result<Vec<RowId>, MetaError> {
        let after = after.cloned();
        self.read(move |db| check::row_ids(db, after.as_ref(), limit))
            .await
    }

    async fn row(&self, id: &RowId) -> Result<StoredLook, MetaError> {
        let id = id.clone();
        self.read(move |db| check::row(db, &id)).await
    }

    async fn stray_rows(&self) -> Result<u64, MetaError> {
        self.read(check::stray_rows).await
    }

    async fn is_whole(&self) -> Result<bool, MetaError> {
        self.read(check::is_whole).await
    }

    async fn refers_to(&self, blobs: &[BlobRef]) -> Result<Vec<bool>, MetaError> {
        self.known_blobs(blobs).await
    }
}
