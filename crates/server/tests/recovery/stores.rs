//! The real stores behind [`Stops`]: every verb that changes something is a crash point, every other passes.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use onekey_core::keys::{Locator, Proof, ShareId};
use onekey_server::blobs::{
    BlobBody, BlobError, BlobLayout, BlobLook, BlobRef, BlobStore, ListedBlob, LocalBlobs,
    PartBody, PartPlace, PartTag, Space, StoredPart,
};
use onekey_server::clock::UnixTime;
use onekey_server::meta::{
    Claimed, ClientKey, CommittedPart, CompleteState, Completion, DirectLink, GrantHash, Granted,
    GrantedPayload, Limits, LinkChange, LinkSummary, MetaError, MetaStore, NewGrant, NewLink,
    NewUpload, Opened, PartClaim, Pepper, ProofCheck, RowId, Share, ShareLink, SqliteMeta,
    StoredLook, StoredRows, Totals, Unfinished, Upload, WriterId,
};

use crate::stops::Stops;

#[derive(Debug)]
pub(crate) struct Blobs {
    pub(crate) inner: LocalBlobs,
    pub(crate) stops: Arc<Stops>,
}

#[derive(Debug)]
pub(crate) struct Meta {
    pub(crate) inner: SqliteMeta,
    pub(crate) stops: Arc<Stops>,
}

/// Implements a store's trait by passing on: `change` are crash points, `look` are not.
macro_rules! pass_on {
    ($trait:ident for $store:ident, $error:ty, $($kind:ident $name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {
        #[async_trait]
        impl $trait for $store {
            $(async fn $name(&self, $($arg: $type),*) -> Result<$out, $error> {
                pass_on!(@$kind self, $name, self.inner.$name($($arg),*))
            })*
        }
    };
    (@change $self:ident, $name:ident, $call:expr) => {
        $self.stops.call(stringify!($name), $call).await
    };
    (@look $self:ident, $name:ident, $call:expr) => {
        $call.await
    };
}

#[async_trait]
impl BlobStore for Blobs {
    async fn create(&self, layout: BlobLayout) -> Result<BlobRef, BlobError> {
        let call = self.inner.create(layout);
        self.stops.call("blob create", call).await
    }

    async fn put_part(
        &self,
        blob: &BlobRef,
        place: PartPlace,
        body: PartBody,
    ) -> Result<PartTag, BlobError> {
        let put = async {
            let body = self.stops.body(body);
            self.inner.put_part(blob, place, body).await
        };
        self.stops.call("blob put_part", put).await
    }

    async fn complete(
        &self,
        blob: &BlobRef,
        parts: &[StoredPart],
        size: u64,
    ) -> Result<(), BlobError> {
        let call = self.inner.complete(blob, parts, size);
        self.stops.call("blob complete", call).await
    }

    async fn read(&self, blob: &BlobRef, range: Range<u64>) -> Result<BlobBody, BlobError> {
        self.inner.read(blob, range).await
    }

    async fn delete(&self, blob: &BlobRef) -> Result<(), BlobError> {
        let call = self.inner.delete(blob);
        self.stops.call("blob delete", call).await
    }

    async fn list(
        &self,
        after: Option<&BlobRef>,
        limit: usize,
    ) -> Result<Vec<ListedBlob>, BlobError> {
        self.inner.list(after, limit).await
    }

    async fn look(&self, blob: &BlobRef) -> Result<Option<BlobLook>, BlobError> {
        self.inner.look(blob).await
    }

    async fn read_part(
        &self,
        blob: &BlobRef,
        part: &StoredPart,
    ) -> Result<Option<BlobBody>, BlobError> {
        self.inner.read_part(blob, part).await
    }

    async fn space(&self) -> Result<Option<Space>, BlobError> {
        self.inner.space().await
    }
}

pass_on! { StoredRows for Meta, MetaError,
    look row_ids(after: Option<&RowId>, limit: usize) -> Vec<RowId>;
    look row(id: &RowId) -> StoredLook;
    look stray_rows() -> u64;
    look is_whole() -> bool;
    look refers_to(blobs: &[BlobRef]) -> Vec<bool>;
}

pass_on! { MetaStore for Meta, MetaError,
    change create_upload(upload: &NewUpload, limits: Limits) -> ();
    look upload(id: ShareId) -> Option<Upload>;
    change claim_part(id: ShareId, claim: PartClaim, limits: Limits, now: UnixTime) -> Claimed;
    change commit_part(id: ShareId, part: CommittedPart, writer: WriterId, expires_at: UnixTime) -> ();
    change release_part(id: ShareId, number: u32, writer: WriterId) -> ();
    look parts(id: ShareId) -> Vec<CommittedPart>;
    change begin_complete(id: ShareId, completion: &Completion, now: UnixTime) -> CompleteState;
    change publish(id: ShareId, now: UnixTime) -> ();
    change abort(id: ShareId) -> ();
    look link_state(locator: Locator, now: UnixTime) -> Option<LinkSummary>;
    change check_proof(locator: Locator, proof: &Proof, client: ClientKey, now: UnixTime) -> ProofCheck;
    look open(locator: Locator, now: UnixTime) -> Option<Opened>;
    look open_direct(locator: Locator, proof: &Proof, now: UnixTime) -> Option<DirectLink>;
    change grant(locator: Locator, grant: NewGrant, now: UnixTime) -> Granted;
    change use_grant(grant: GrantHash, now: UnixTime) -> Option<GrantedPayload>;
    look peek_grant(grant: GrantHash, now: UnixTime) -> Option<GrantedPayload>;
    look share(id: ShareId, now: UnixTime) -> Option<Share>;
    change delete_share(id: ShareId, now: UnixTime) -> ();
    change add_link(id: ShareId, link: &NewLink, now: UnixTime) -> ();
    look link_share(locator: Locator) -> Option<Upload>;
    change change_link(locator: Locator, change: LinkChange, now: UnixTime) -> ShareLink;
    change revoke_link(locator: Locator, now: UnixTime) -> ();
    change change_share(id: ShareId, expires_at: Option<UnixTime>, now: UnixTime) -> ();
    change sweep_grants(now: UnixTime, limit: usize) -> usize;
    change sweep_uploads(now: UnixTime, limit: usize) -> usize;
    change sweep_shares(now: UnixTime, limit: usize) -> usize;
    change sweep_traces(now: UnixTime, limit: usize) -> usize;
    look completing(limit: usize) -> Vec<Unfinished>;
    look blobs_to_delete(limit: usize) -> Vec<Unfinished>;
    change forget_blob(id: ShareId) -> ();
    look known_blobs(blobs: &[BlobRef]) -> Vec<bool>;
    change pepper(day: i64, fresh: Pepper) -> Pepper;
    look totals() -> Totals;
    look ping() -> ();
}
