//! `/api/v1/shares`: describe and delete, for the owner.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use onekey_core::keys;
use onekey_core::wire::{LinkState, ShareDescription, SharedLink};

use crate::app::App;
use crate::clock::UnixTime;
use crate::error::ApiError;
use crate::extract::{OwnerToken, ShareId};
use crate::lifecycle;
use crate::meta;

pub(crate) async fn describe(
    State(app): State<Arc<App>>,
    ShareId(id): ShareId,
    token: OwnerToken,
) -> Result<Json<ShareDescription>, ApiError> {
    app.owned(id, &token).await?;
    described(&app, id, app.now()).await
}

/// Returns what an owner sees of a live share.
pub(super) async fn described(
    app: &App,
    id: keys::ShareId,
    now: UnixTime,
) -> Result<Json<ShareDescription>, ApiError> {
    let share = app.meta.share(id, now).await?;
    let share = share.ok_or_else(ApiError::not_found)?;
    Ok(Json(ShareDescription {
        header: share.header,
        owner_envelope: share.owner_envelope,
        size: share.size,
        created_at: share.created_at,
        expires_at: share.expires_at,
        links: share.links.into_iter().map(wire_link).collect(),
    }))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    ShareId(id): ShareId,
    token: OwnerToken,
) -> Result<StatusCode, ApiError> {
    app.owned(id, &token).await?;
    app.meta.delete_share(id, app.now()).await?;
    lifecycle::delete_blobs(&app).await;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn wire_link(link: meta::ShareLink) -> SharedLink {
    SharedLink {
        downloads_left: link.downloads_left(),
        locator: link.locator,
        label: link.label,
        password: link.password,
        direct: link.direct,
        max_downloads: link.max_downloads,
        downloads: link.downloads,
        expires_at: link.expires_at,
        state: match link.state {
            meta::LinkState::Expired => LinkState::Expired,
            meta::LinkState::Live => LinkState::Live,
            meta::LinkState::Revoked => LinkState::Revoked,
            meta::LinkState::UsedUp => LinkState::UsedUp,
        },
        last_used_at: link.last_used_at,
    }
}
