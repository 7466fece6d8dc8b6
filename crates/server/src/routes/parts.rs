//! `PUT /api/v1/uploads/{id}/parts/{n}`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use onekey_core::wire::{ErrorCode, MAX_PARTS};
use rand::Rng;
use tokio::time::{Instant, sleep};

use crate::app::App;
use crate::blobs::PartPlace;
use crate::error::ApiError;
use crate::extract::{Body, OwnerToken, PartNumber, required_content_length};
use crate::lifecycle::MAX_UPLOAD_LIFETIME;
use crate::meta::{Claimed, CommittedPart, Digest, PartClaim, Upload, UploadState, WriterId};
use crate::room::require_room;

mod digest;
mod intake;

/// Seconds after which an upload without a new part ends.
const IDLE_UPLOAD_LIFETIME: i64 = 24 * 60 * 60;

/// Seconds that a claim lives unless it is renewed: longer than the longest pause of a body.
const CLAIM_LIFETIME: i64 = 90;

/// Time between two renewals of a claim.
const CLAIM_RENEWAL: Duration = Duration::from_secs(30);

/// Time that a second writer of a part waits for the first.
const BUSY_WAIT: Duration = Duration::from_secs(30);

/// Time between two looks at a busy part.
const BUSY_POLL: Duration = Duration::from_millis(200);

pub(crate) async fn put(
    State(app): State<Arc<App>>,
    PartNumber(id, number): PartNumber,
    token: OwnerToken,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let upload = app.owned(id, &token).await?;
    let place = place(&app, &upload, number, required_content_length(&headers)?)?;
    let digest = digest::announced(&headers)?;
    if upload.state != UploadState::Receiving {
        return Err(ApiError::wrong_state());
    }
    let mut writer = [0; 16];
    rand::rng().fill_bytes(&mut writer);
    let writing = Writing {
        app,
        upload,
        place,
        digest,
        writer: WriterId(writer),
    };
    if writing.claim().await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    // A task of its own: when the client goes away this future is dropped, and the claim must still end.
    tokio::spawn(writing.write(body))
        .await
        .map_err(|_| ApiError::unavailable())??;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns where part `number` of `length` bytes lies, or refuses it before its first byte is read.
fn place(app: &App, upload: &Upload, number: u32, length: u64) -> Result<PartPlace, ApiError> {
    let part_size = upload.part_size;
    let offset = u64::from(number) * part_size;
    if length > part_size {
        return Err(ApiError::too_large(part_size));
    }
    match upload.size {
        Some(size) => {
            let expected = size.saturating_sub(offset).min(part_size);
            if length != expected || length == 0 {
                return Err(ApiError::bad_request(format!(
                    "this part has {expected} bytes, not {length}"
                )));
            }
        }
        None => {
            if length == 0 {
                return Err(ApiError::bad_request("a part has at least one byte"));
            }
            if let Some(max) = app.config.limits.max_size
                && offset + length > max
            {
                return Err(ApiError::too_large(max));
            }
        }
    }
    debug_assert!(number < MAX_PARTS, "checked when the path was read");
    Ok(PartPlace {
        number,
        offset,
        length,
    })
}

/// One part on its way in.
struct Writing {
    app: Arc<App>,
    upload: Upload,
    place: PartPlace,
    digest: Digest,
    writer: WriterId,
}

impl Writing {
    /// Claims the part, waiting for another writer. Returns whether it is there already.
    async fn claim(&self) -> Result<bool, ApiError> {
        let end = Instant::now() + BUSY_WAIT;
        loop {
            match self.claim_once().await? {
                Claimed::Yes => return Ok(false),
                Claimed::Exists { same_digest: true } => return Ok(true),
                Claimed::Exists { same_digest: false } => {
                    return Err(ApiError::new(
                        ErrorCode::PartExists,
                        "this part is there with other bytes; it is kept",
                    ));
                }
                Claimed::Busy if Instant::now() < end => sleep(BUSY_POLL).await,
                Claimed::Busy => {
                    return Err(ApiError::new(
                        ErrorCode::PartBusy,
                        "another request is still writing this part; try again",
                    ));
                }
            }
        }
    }

    async fn claim_once(&self) -> Result<Claimed, ApiError> {
        let now = self.app.now();
        let claim = PartClaim {
            place: self.place,
            digest: Some(self.digest),
            writer: self.writer,
            until: now + CLAIM_LIFETIME,
        };
        let limits = self.app.config.limits;
        Ok(self
            .app
            .meta
            .claim_part(self.upload.id, claim, limits, now)
            .await?)
    }

    /// Writes the part: bytes first, durable, and only then the row. A claim that leads to no part ends.
    async fn write(self, body: Body) -> Result<(), ApiError> {
        let written = self.write_claimed(body).await;
        if written.is_err() {
            // If this fails, the claim ends by itself.
            let _ = self
                .app
                .meta
                .release_part(self.upload.id, self.place.number, self.writer)
                .await;
        }
        written
    }

    async fn write_claimed(&self, body: Body) -> Result<(), ApiError> {
        if self.upload.size.is_none() {
            require_room(&self.app, self.place.length).await?;
        }
        let (body, outcome) = intake::checked(body, self.place.length, self.digest);
        let stored = self.app.blobs.put_part(&self.upload.blob, self.place, body);
        tokio::pin!(stored);
        let tag = loop {
            tokio::select! {
                stored = &mut stored => break stored,
                () = sleep(CLAIM_RENEWAL) => {
                    if self.claim_once().await? != Claimed::Yes {
                        return Err(ApiError::new(
                            ErrorCode::PartBusy,
                            "another request took this part over; try again",
                        ));
                    }
                }
            }
        }
        .map_err(|error| outcome.refusal().unwrap_or_else(|| error.into()))?;
        let part = CommittedPart {
            place: self.place,
            digest: self.digest,
            tag,
        };
        let ends = (self.app.now() + IDLE_UPLOAD_LIFETIME)
            .min(self.upload.created_at + MAX_UPLOAD_LIFETIME);
        Ok(self
            .app
            .meta
            .commit_part(self.upload.id, part, self.writer, ends)
            .await?)
    }
}
