//! The meta store: rows about uploads, shares, links and grants.
//!
//! # Contract
//!
//! Verbs of the domain, no SQL. Every verb is one transaction: it happens whole or not at all,
//! and when it returns, what it changed survives power loss. A change of state is guarded by the
//! old state inside that transaction, so two callers can never both make it. Time is passed in
//! as `now`; a store never asks a clock.
//!
//! **Life of a row.** `Receiving → Completing → Live → Deleting → Gone` and `Receiving → Aborted`. The
//! blob of a row in `Deleting` or `Aborted` is to be deleted; [`MetaStore::forget_blob`] says it was.
//!
//! **Counting bytes.** A row is charged with what it reserves: an upload of known size with that size
//! from the start, one of unknown size with each part as it is claimed, a share with its payload.
//! [`Limits`] are checked in the same transaction that charges.
//!
//! **Part claims.** A part has one writer at a time. A claim carries a random [`WriterId`] and ends at a
//! time that its writer renews; a store that only one process uses may keep claims in memory,
//! one that several nodes share keeps them in rows.
//!
//! **Downloads.** `grant` takes one download and makes a grant in one statement group; at most
//! `max_downloads` grants of a link are ever marked used. Only a grant that was never used gives its
//! download back, in the transaction that removes it.
//!
//! **Limits of a link** may be changed while it is neither revoked nor a tombstone and its share is live: a link
//! whose time or downloads ended is live again once they are raised.
//!
//! **Idle shares.** A share that is about to be deleted for want of links stays if one is added or changed.
//!
//! **Tombstones.** The locator of every link ever accepted stays for ever.

mod claims;
pub mod contract;
mod memory;
mod rules;
mod sqlite;
mod stored;
mod types;

use async_trait::async_trait;
use onekey_core::keys::{Locator, Proof, ShareId};

pub use memory::MemoryMeta;
pub use onekey_core::wire::{MAX_DIRECT_MANIFEST, MAX_LINKS};
pub use sqlite::{SqliteMeta, SqliteRows};
pub use stored::*;
pub use types::*;

use crate::blobs::BlobRef;
use crate::clock::UnixTime;

/// Keeps rows. The module's documentation is the contract; [`contract`] tests it.
#[async_trait]
pub trait MetaStore: StoredRows {
    // --- uploads ---

    /// Adds an upload in `Receiving` and charges it.
    ///
    /// # Errors
    /// [`MetaError::TooLarge`] and [`MetaError::TotalExceeded`] if the limits do not allow it,
    /// [`MetaError::WrongState`] if a row has that name or that blob.
    async fn create_upload(&self, upload: &NewUpload, limits: Limits) -> Result<(), MetaError>;

    /// Returns the row of an upload or share in whatever state, or `None`.
    async fn upload(&self, id: ShareId) -> Result<Option<Upload>, MetaError>;

    /// Claims part `place.number` for `writer` until `until`, or renews that writer's claim. Parts of
    /// an upload of unknown size are charged here, once each, by `place.length`.
    ///
    /// # Errors
    /// [`MetaError::WrongState`] unless the upload is `Receiving` and has not expired,
    /// [`MetaError::TotalExceeded`], [`MetaError::TooLarge`] also for a part that ends after the announced size.
    async fn claim_part(
        &self,
        id: ShareId,
        claim: PartClaim,
        limits: Limits,
        now: UnixTime,
    ) -> Result<Claimed, MetaError>;

    /// Records a durable part, ends its claim and moves the upload's end to `expires_at`.
    ///
    /// # Errors
    /// [`MetaError::WrongState`] unless the upload is `Receiving` and the claim is this writer's.
    async fn commit_part(
        &self,
        id: ShareId,
        part: CommittedPart,
        writer: WriterId,
        expires_at: UnixTime,
    ) -> Result<(), MetaError>;

    /// Ends a claim without a part. One that is not this writer's is left alone.
    async fn release_part(
        &self,
        id: ShareId,
        number: u32,
        writer: WriterId,
    ) -> Result<(), MetaError>;

    /// Returns the recorded parts, ascending by number.
    async fn parts(&self, id: ShareId) -> Result<Vec<CommittedPart>, MetaError>;

    /// `Receiving → Completing`: fixes size, manifest, first link and the body's digest, after which
    /// a restart can finish the job alone. The link is not live yet; its locator is taken.
    ///
    /// Repeated with the same `body_digest` in `Completing` or `Live` it changes nothing and says so.
    ///
    /// # Errors
    /// [`MetaError::WrongState`], [`MetaError::CompleteDiffers`], [`MetaError::LocatorTaken`],
    /// [`MetaError::PartsMissing`] unless parts 0..m are there, all but the last exactly as long as
    /// the part size and together `size` long, which is the announced size if there was one.
    async fn begin_complete(
        &self,
        id: ShareId,
        completion: &Completion,
        now: UnixTime,
    ) -> Result<CompleteState, MetaError>;

    /// `Completing → Live`. In `Live` it changes nothing.
    ///
    /// # Errors
    /// [`MetaError::WrongState`] in any other state.
    async fn publish(&self, id: ShareId, now: UnixTime) -> Result<(), MetaError>;

    /// `Receiving → Aborted`. In `Aborted` it changes nothing.
    ///
    /// # Errors
    /// [`MetaError::WrongState`] in any other state, [`MetaError::NotFound`].
    async fn abort(&self, id: ShareId) -> Result<(), MetaError>;

    // --- links and grants ---

    /// Returns the state of a link, or `None` if no link ever had that locator or its share is not
    /// complete yet. `Live` needs a live share, time left and downloads left.
    async fn link_state(
        &self,
        locator: Locator,
        now: UnixTime,
    ) -> Result<Option<LinkSummary>, MetaError>;

    /// Checks `proof` for a link, counting wrong ones by `client` in the same transaction.
    ///
    /// Order: limit first, then the proof in constant time. A right proof tells the link's state.
    async fn check_proof(
        &self,
        locator: Locator,
        proof: &Proof,
        client: ClientKey,
        now: UnixTime,
    ) -> Result<ProofCheck, MetaError>;

    /// Returns what a receiver may have after a right proof, or `None` unless the link is live.
    async fn open(&self, locator: Locator, now: UnixTime) -> Result<Option<Opened>, MetaError>;

    /// Returns what the server may open with the key of a direct link, or `None`: unless `proof` is right, compared in
    /// constant time, the link is direct and without a password, neither revoked nor of a share that is not live, and
    /// the manifest has at most [`MAX_DIRECT_MANIFEST`] bytes. A wrong proof is not counted, as nobody who has a
    /// locator without its key comes this way.
    async fn open_direct(
        &self,
        locator: Locator,
        proof: &Proof,
        now: UnixTime,
    ) -> Result<Option<DirectLink>, MetaError>;

    /// Takes one download of a live link and adds a grant.
    async fn grant(
        &self,
        locator: Locator,
        grant: NewGrant,
        now: UnixTime,
    ) -> Result<Granted, MetaError>;

    /// Returns the payload behind a grant and marks the grant used, or `None` if it is not live:
    /// unknown, expired, unused for longer than `unused_after` allows, or its link or share revoked.
    /// The caller hands out no byte before this returned.
    async fn use_grant(
        &self,
        grant: GrantHash,
        now: UnixTime,
    ) -> Result<Option<GrantedPayload>, MetaError>;

    /// The same without marking: for HEAD.
    async fn peek_grant(
        &self,
        grant: GrantHash,
        now: UnixTime,
    ) -> Result<Option<GrantedPayload>, MetaError>;

    // --- shares ---

    /// Returns a live share with its links in the order they were added, or `None`.
    async fn share(&self, id: ShareId, now: UnixTime) -> Result<Option<Share>, MetaError>;

    /// `Live → Deleting`: revokes every link and ends every grant at once. In `Deleting` and `Gone` it
    /// changes nothing.
    ///
    /// # Errors
    /// [`MetaError::WrongState`] for an upload that is not complete, [`MetaError::NotFound`].
    async fn delete_share(&self, id: ShareId, now: UnixTime) -> Result<(), MetaError>;

    // --- more links, and changes of links ---

    /// Adds a link to a live share. At most [`MAX_LINKS`] links of a share are kept with more than their
    /// locators, ended ones included.
    ///
    /// # Errors
    /// [`MetaError::WrongState`] unless the share is `Live`, [`MetaError::NotFound`], [`MetaError::LocatorTaken`]
    /// also for a link of this very share, [`MetaError::TooManyLinks`].
    async fn add_link(&self, id: ShareId, link: &NewLink, now: UnixTime) -> Result<(), MetaError>;

    /// Returns the row that a link belongs to, in whatever state, or `None` if no link ever had that
    /// locator or only its tombstone is left.
    async fn link_share(&self, locator: Locator) -> Result<Option<Upload>, MetaError>;

    /// Changes limits of a link of a live share and returns what it is now. It may end the link or make it
    /// live again; grants stay as they are.
    ///
    /// # Errors
    /// [`MetaError::WrongState`] for a link that was revoked or whose share is not `Live`,
    /// [`MetaError::NotFound`] for one that is unknown or a tombstone.
    async fn change_link(
        &self,
        locator: Locator,
        change: LinkChange,
        now: UnixTime,
    ) -> Result<ShareLink, MetaError>;

    /// Ends a link of a live share for good, and its grants at once. A link that ended for good stays as it is.
    ///
    /// # Errors
    /// [`MetaError::WrongState`] for a link whose share is not complete yet, [`MetaError::NotFound`] for one that
    /// is unknown or a tombstone.
    async fn revoke_link(&self, locator: Locator, now: UnixTime) -> Result<(), MetaError>;

    /// Sets when each link of a live share ends, but for revoked ones.
    ///
    /// # Errors
    /// [`MetaError::WrongState`] unless the share is `Live`, [`MetaError::NotFound`].
    async fn change_share(
        &self,
        id: ShareId,
        expires_at: Option<UnixTime>,
        now: UnixTime,
    ) -> Result<(), MetaError>;

    // --- sweeping and recovery ---

    /// Removes at most `limit` grants that ended: never used ones after [`UNUSED_GRANT_LIFETIME`], giving
    /// their download back, and expired ones. Returns how many.
    async fn sweep_grants(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError>;

    /// `Receiving → Aborted` for at most `limit` uploads whose time ended. Returns how many.
    async fn sweep_uploads(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError>;

    /// `Live → Deleting` for at most `limit` shares that have neither had a live link nor a live grant
    /// for [`SHARE_GRACE`]. Returns how many.
    async fn sweep_shares(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError>;

    /// Removes what is no longer needed: attempt counters, peppers after [`PEPPER_LIFETIME`], and what a
    /// tombstone keeps beyond its locator after [`TOMBSTONE_DETAIL`]. Returns how many rows.
    async fn sweep_traces(&self, now: UnixTime, limit: usize) -> Result<usize, MetaError>;

    /// Returns at most `limit` rows in `Completing`, for recovery.
    async fn completing(&self, limit: usize) -> Result<Vec<Unfinished>, MetaError>;

    /// Returns at most `limit` rows in `Deleting` or `Aborted` whose blob is still to be deleted.
    async fn blobs_to_delete(&self, limit: usize) -> Result<Vec<Unfinished>, MetaError>;

    /// Says that the row's blob is deleted: `Deleting → Gone`; an aborted upload's row goes away, and so do
    /// the parts. In any other state it changes nothing.
    async fn forget_blob(&self, id: ShareId) -> Result<(), MetaError>;

    /// Tells for each blob whether a row refers to it.
    async fn known_blobs(&self, blobs: &[BlobRef]) -> Result<Vec<bool>, MetaError>;

    // --- the rest ---

    /// Returns the pepper of a day (days since 1970), making it from `fresh` if there is none yet.
    async fn pepper(&self, day: i64, fresh: Pepper) -> Result<Pepper, MetaError>;

    /// Returns sums over all rows.
    async fn totals(&self) -> Result<Totals, MetaError>;

    /// Answers if the store works.
    async fn ping(&self) -> Result<(), MetaError>;
}

/// Joins ascending part numbers into inclusive runs.
pub(crate) fn runs(numbers: impl IntoIterator<Item = u32>) -> Vec<[u32; 2]> {
    let mut runs: Vec<[u32; 2]> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some([_, last]) if last.checked_add(1) == Some(number) => *last = number,
            _ => runs.push([number, number]),
        }
    }
    runs
}
