//! `/api/v1/uploads`: create, status, abort.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use onekey_core::cipher::Suite;
use onekey_core::header::Header;
use onekey_core::keys;
use onekey_core::wire::{
    CreateUpload, MAX_JSON_BODY, MAX_PART_SIZE, MAX_PARTS, UploadCreated, UploadState, UploadStatus,
};

use crate::app::App;
use crate::blobs::BlobLayout;
use crate::error::ApiError;
use crate::extract::{Body, OwnerToken, ShareId, UploadSecretGiven, json};
use crate::lifecycle;
use crate::meta::{self, NewUpload};
use crate::room::require_room;
use crate::upload_secret::Gate;

/// Seconds after which an upload without any part ends.
const EMPTY_UPLOAD_LIFETIME: i64 = 60 * 60;

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    mut gate: Gate,
    secret: UploadSecretGiven,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<UploadCreated>), ApiError> {
    gate.show(secret.0.as_deref().unwrap_or_default().as_bytes())?;
    gate.require("Authorization: Bearer")?;
    let (request, _) = json::<CreateUpload>(&headers, body, MAX_JSON_BODY).await?;
    check(&app, &request)?;
    if let Some(size) = request.size {
        require_room(&app, size).await?;
    }
    let layout = BlobLayout {
        part_size: request.part_size,
        size: request.size,
    };
    let now = app.now();
    let upload = lifecycle::begin_upload(&app, layout, |blob| NewUpload {
        id: keys::ShareId::generate(&mut rand::rng()),
        blob,
        header: request.header,
        part_size: request.part_size,
        size: request.size,
        owner_verifier: request.owner_verifier,
        owner_envelope: request.owner_envelope,
        created_at: now,
        expires_at: now + EMPTY_UPLOAD_LIFETIME,
    })
    .await?;
    Ok((
        StatusCode::CREATED,
        Json(UploadCreated {
            id: upload.id,
            expires_at: upload.expires_at,
        }),
    ))
}

pub(crate) async fn status(
    State(app): State<Arc<App>>,
    ShareId(id): ShareId,
    token: OwnerToken,
) -> Result<Json<UploadStatus>, ApiError> {
    let upload = app.owned(id, &token).await?;
    let parts = app.meta.parts(id).await?;
    Ok(Json(UploadStatus {
        state: wire_state(upload.state),
        received: meta::runs(parts.iter().map(|part| part.place.number)),
        expires_at: upload.expires_at,
    }))
}

pub(crate) async fn abort(
    State(app): State<Arc<App>>,
    ShareId(id): ShareId,
    token: OwnerToken,
) -> Result<StatusCode, ApiError> {
    app.owned(id, &token).await?;
    app.meta.abort(id).await?;
    lifecycle::delete_blobs(&app).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Checks every number of a request to create, before anything is reserved.
fn check(app: &App, request: &CreateUpload) -> Result<(), ApiError> {
    let header = Header::parse(&request.header)
        .map_err(|error| ApiError::bad_request(format!("header: {error}")))?;
    if header.suite() != Suite::Aes256Gcm {
        return Err(ApiError::bad_request("header: shares use suite 1"));
    }
    let chunk = header.chunk_size().encrypted() as u64;
    let part_size = request.part_size;
    let smallest = chunk.max(app.blobs.min_part_size());
    if !(smallest..=MAX_PART_SIZE).contains(&part_size) || !part_size.is_multiple_of(chunk) {
        return Err(ApiError::bad_request(format!(
            "part_size: wants a multiple of {chunk} from {smallest} to {MAX_PART_SIZE}"
        )));
    }
    let Some(size) = request.size else {
        return Ok(());
    };
    if let Some(max) = app.config.limits.max_size
        && size > max
    {
        return Err(ApiError::too_large(max));
    }
    header
        .chunk_size()
        .plaintext_len(size)
        .map_err(|error| ApiError::bad_request(format!("size: {error}")))?;
    if size.div_ceil(part_size) > u64::from(MAX_PARTS) {
        return Err(ApiError::bad_request(format!(
            "part_size: an upload has at most {MAX_PARTS} parts; choose larger ones"
        )));
    }
    Ok(())
}

fn wire_state(state: meta::UploadState) -> UploadState {
    match state {
        meta::UploadState::Aborted => UploadState::Aborted,
        meta::UploadState::Completing => UploadState::Completing,
        meta::UploadState::Deleting => UploadState::Deleting,
        meta::UploadState::Gone => UploadState::Gone,
        meta::UploadState::Live => UploadState::Live,
        meta::UploadState::Receiving => UploadState::Receiving,
    }
}
