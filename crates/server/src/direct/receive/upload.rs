//! A direct upload in the stores: its row, its blob, its parts one after another, and its end.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use onekey_core::header::HEADER_LEN;
use onekey_core::keys::{OwnerVerifier, ShareId};
use onekey_core::link::Envelope;
use onekey_core::wire::MAX_PARTS;
use rand::Rng;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::memory::{PartBuffer, SharedBuffer};
use crate::app::App;
use crate::blobs::{BlobLayout, BlobRef, PartPlace};
use crate::clock::UnixTime;
use crate::error::ApiError;
use crate::lifecycle::{self, MAX_UPLOAD_LIFETIME};
use crate::meta::{Claimed, CommittedPart, Completion, Digest, NewUpload, PartClaim, WriterId};
use crate::room::require_room;

/// Seconds after which an upload without a new part ends: what a crash leaves, as nobody can resume it. Longer than
/// the largest part takes over the slowest line that is not cut.
const IDLE_LIFETIME: i64 = 6 * 60 * 60;

/// Part buffers of an upload at most: one fills, one is hashed and written, one waits for the disk.
const BUFFERS: usize = 3;

/// What a row begins with.
pub(super) struct Beginning {
    pub(super) header: [u8; HEADER_LEN],
    pub(super) part_size: u64,
    /// Length of the payload, or `None` while nobody knows it.
    pub(super) size: Option<u64>,
    pub(super) owner_verifier: OwnerVerifier,
    pub(super) owner_envelope: Envelope,
}

/// An upload that receives. Dropped, it is aborted and its blob deleted, at once.
pub(super) struct Upload {
    app: Arc<App>,
    place: Place,
    parts: u32,
    /// Parts on their way to the store, the oldest first.
    storing: VecDeque<JoinHandle<Result<PartBuffer, ApiError>>>,
    /// Whether the stores have all that they need to finish it by themselves.
    completing: bool,
}

/// Where an upload is.
#[derive(Clone)]
struct Place {
    id: ShareId,
    blob: BlobRef,
    part_size: u64,
    size: Option<u64>,
    created_at: UnixTime,
}

impl Upload {
    /// Adds the row and the blob.
    pub(super) async fn create(app: &Arc<App>, beginning: Beginning) -> Result<Self, ApiError> {
        // A task of its own: if the client goes away in the middle, its result is dropped, and that aborts the upload.
        tokio::spawn(Self::create_now(Arc::clone(app), beginning))
            .await
            .map_err(|_| ApiError::unavailable())?
    }

    async fn create_now(app: Arc<App>, beginning: Beginning) -> Result<Self, ApiError> {
        let layout = BlobLayout {
            part_size: beginning.part_size,
            size: beginning.size,
        };
        let now = app.now();
        let upload = lifecycle::begin_upload(&app, layout, |blob| NewUpload {
            id: ShareId::generate(&mut rand::rng()),
            blob,
            header: beginning.header,
            part_size: beginning.part_size,
            size: beginning.size,
            owner_verifier: beginning.owner_verifier,
            owner_envelope: Some(beginning.owner_envelope),
            created_at: now,
            expires_at: now + IDLE_LIFETIME,
        })
        .await?;
        Ok(Self {
            app,
            place: Place {
                id: upload.id,
                blob: upload.blob,
                part_size: upload.part_size,
                size: upload.size,
                created_at: now,
            },
            parts: 0,
            storing: VecDeque::with_capacity(BUFFERS),
            completing: false,
        })
    }

    /// Begins to store the next part, and returns an empty buffer: a new one while there are fewer than [`BUFFERS`] and
    /// memory is free, else that of the oldest part, as soon as it is stored. So an upload that stores never waits for
    /// memory that others hold.
    pub(super) async fn store(&mut self, buffer: PartBuffer) -> Result<PartBuffer, ApiError> {
        if self.parts == MAX_PARTS {
            let most = u64::from(MAX_PARTS).saturating_mul(self.place.part_size);
            return Err(ApiError::too_large(most));
        }
        let part = PartPlace {
            number: self.parts,
            offset: u64::from(self.parts) * self.place.part_size,
            length: buffer.len() as u64,
        };
        self.parts += 1;
        let storing = store(Arc::clone(&self.app), self.place.clone(), part, buffer);
        self.storing.push_back(tokio::spawn(storing));
        if self.storing.len() < BUFFERS
            && let Some(another) = PartBuffer::of(self.place.part_size, &self.app.receiving)
        {
            return Ok(another);
        }
        self.oldest().await
    }

    /// Waits until all parts are stored.
    pub(super) async fn stored(&mut self) -> Result<(), ApiError> {
        while !self.storing.is_empty() {
            self.oldest().await?;
        }
        Ok(())
    }

    /// Waits until the oldest part is stored, and returns its buffer.
    async fn oldest(&mut self) -> Result<PartBuffer, ApiError> {
        let Some(storing) = self.storing.front_mut() else {
            return Ok(PartBuffer::default());
        };
        let stored = storing.await;
        self.storing.pop_front();
        stored.map_err(|_| ApiError::unavailable())?
    }

    /// Makes it a share. What has begun here is finished even if the client goes away.
    pub(super) async fn complete(self, completion: Completion) -> Result<ShareId, ApiError> {
        tokio::spawn(self.complete_now(completion))
            .await
            .map_err(|_| ApiError::unavailable())?
    }

    async fn complete_now(mut self, completion: Completion) -> Result<ShareId, ApiError> {
        let (app, id) = (Arc::clone(&self.app), self.place.id);
        app.meta.begin_complete(id, &completion, app.now()).await?;
        self.completing = true;
        lifecycle::finish_complete(&app, id, &self.place.blob, completion.size).await?;
        Ok(id)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.completing {
            return;
        }
        // Without a runtime the process is ending, and the row ends by its time.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let storing = mem::take(&mut self.storing);
        let (app, id) = (Arc::clone(&self.app), self.place.id);
        runtime.spawn(async move {
            for part in &storing {
                part.abort();
            }
            for part in storing {
                let _ = part.await;
            }
            if app.meta.abort(id).await.is_ok() {
                lifecycle::delete_blobs(&app).await;
            }
        });
    }
}

/// Stores one part: bytes first, durable, and only then the row. Returns the buffer, empty.
async fn store(
    app: Arc<App>,
    upload: Place,
    place: PartPlace,
    buffer: PartBuffer,
) -> Result<PartBuffer, ApiError> {
    let buffer = SharedBuffer(Arc::new(buffer));
    let writer = claim(&app, &upload, place).await?;
    if upload.size.is_none() {
        require_room(&app, place.length).await?;
    }
    let bytes = Bytes::from_owner(buffer.clone());
    let body = stream::once(async { Ok(bytes) }).boxed();
    let written = app.blobs.put_part(&upload.blob, place, body);
    // Both at once, as each takes about as long as a part takes to come.
    let (digest, tag) = tokio::join!(digest(buffer.clone()), written);
    let (digest, tag) = (digest?, tag?);
    let part = CommittedPart { place, digest, tag };
    let ends = (app.now() + IDLE_LIFETIME).min(upload.created_at + MAX_UPLOAD_LIFETIME);
    app.meta.commit_part(upload.id, part, writer, ends).await?;
    // A store that still holds the bytes keeps the buffer, and the next part gets another.
    let buffer = Arc::try_unwrap(buffer.0).map(PartBuffer::cleared);
    Ok(buffer.unwrap_or_default())
}

/// Hashes where it may take its time: the connection's task meanwhile fills the next buffer.
async fn digest(buffer: SharedBuffer) -> Result<Digest, ApiError> {
    tokio::task::spawn_blocking(move || Digest(Sha256::digest(buffer.as_ref()).into()))
        .await
        .map_err(|_| ApiError::unavailable())
}

/// Claims a part. Nobody else knows of this upload, so the claim need not be renewed: it lives as long as the row.
async fn claim(app: &App, upload: &Place, place: PartPlace) -> Result<WriterId, ApiError> {
    let now = app.now();
    let mut writer = [0; 16];
    rand::rng().fill_bytes(&mut writer);
    let claim = PartClaim {
        place,
        digest: None,
        writer: WriterId(writer),
        until: now + MAX_UPLOAD_LIFETIME,
    };
    let claimed = app
        .meta
        .claim_part(upload.id, claim, app.config.limits, now);
    match claimed.await? {
        Claimed::Yes => Ok(claim.writer),
        Claimed::Busy | Claimed::Exists { .. } => Err(ApiError::unavailable()),
    }
}
