//! `POST /api/v1/uploads/{id}/complete`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use onekey_core::header::Header;
use onekey_core::wire::{CompleteUpload, MAX_COMPLETE_BODY, UploadCompleted};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::error::ApiError;
use crate::extract::{Body, OwnerToken, ShareId, json};
use crate::lifecycle;
use crate::meta::{Completion, Digest, Upload, UploadState};
use crate::routes::limits;

mod manifest;

pub(crate) async fn complete(
    State(app): State<Arc<App>>,
    ShareId(id): ShareId,
    token: OwnerToken,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<UploadCompleted>), ApiError> {
    let upload = app.owned(id, &token).await?;
    let permit = app
        .completing
        .acquire()
        .await
        .map_err(|_| ApiError::unavailable())?;
    let (request, bytes) = json::<CompleteUpload>(&headers, body, MAX_COMPLETE_BODY).await?;
    check(&upload, &request)?;
    if request.link.direct && upload.state == UploadState::Receiving {
        limits::check_direct_manifest(request.manifest.len() as u64)?;
    }
    let now = app.now();
    let link = match limits::new_link(&app, &request.link, now) {
        Ok(link) => link,
        Err(refusal) if upload.state == UploadState::Receiving => return Err(refusal),
        // A repetition gets its first answer, whatever the operator allows by now.
        Err(_) => limits::as_sent(&request.link, None),
    };
    let completion = Completion {
        size: request.size,
        link,
        manifest: request.manifest,
        body_digest: Digest(Sha256::digest(&bytes).into()),
    };
    let state = app.meta.begin_complete(id, &completion, now).await?;
    drop(permit);
    if !state.live {
        // A task of its own: what has begun is finished even if the client goes away.
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            lifecycle::finish_complete(&app, id, &upload.blob, completion.size).await
        })
        .await
        .map_err(|_| ApiError::unavailable())??;
    }
    Ok((
        StatusCode::CREATED,
        Json(UploadCompleted {
            share: id,
            expires_at: state.expires_at,
        }),
    ))
}

fn check(upload: &Upload, request: &CompleteUpload) -> Result<(), ApiError> {
    let header = Header::parse(&upload.header).map_err(|_| ApiError::unavailable())?;
    header
        .chunk_size()
        .plaintext_len(request.size)
        .map_err(|error| ApiError::bad_request(format!("size: {error}")))?;
    manifest::check(&request.manifest)
}
