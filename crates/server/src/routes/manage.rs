//! What an owner does to the links of a share: add, change, revoke.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use onekey_core::wire::{
    ChangeLink, ChangeShare, LinkAdded, MAX_JSON_BODY, NewLink, ShareDescription, SharedLink,
};

use crate::app::App;
use crate::error::ApiError;
use crate::extract::{Body, Locator, OwnerToken, ShareId, json};
use crate::routes::{limits, shares};

pub(crate) async fn add_link(
    State(app): State<Arc<App>>,
    ShareId(id): ShareId,
    token: OwnerToken,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<LinkAdded>), ApiError> {
    app.owned(id, &token).await?;
    let (request, _) = json::<NewLink>(&headers, body, MAX_JSON_BODY).await?;
    let now = app.now();
    let link = limits::new_link(&app, &request, now)?;
    if link.direct
        && let Some(share) = app.meta.share(id, now).await?
    {
        limits::check_direct_manifest(share.manifest_size)?;
    }
    app.meta.add_link(id, &link, now).await?;
    let added = LinkAdded {
        locator: link.locator,
        expires_at: link.expires_at,
    };
    Ok((StatusCode::CREATED, Json(added)))
}

pub(crate) async fn change_share(
    State(app): State<Arc<App>>,
    ShareId(id): ShareId,
    token: OwnerToken,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ShareDescription>, ApiError> {
    app.owned(id, &token).await?;
    let (request, _) = json::<ChangeShare>(&headers, body, MAX_JSON_BODY).await?;
    let now = app.now();
    if let Some(expires_in) = request.expires_in {
        let expires_at = limits::expires_at(&app, expires_in, now)?;
        app.meta.change_share(id, expires_at, now).await?;
    }
    shares::described(&app, id, now).await
}

pub(crate) async fn change_link(
    State(app): State<Arc<App>>,
    Locator(locator): Locator,
    token: OwnerToken,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<SharedLink>, ApiError> {
    app.owned_link(locator, &token).await?;
    let (request, _) = json::<ChangeLink>(&headers, body, MAX_JSON_BODY).await?;
    let now = app.now();
    let change = limits::change(&app, request, now)?;
    let link = app.meta.change_link(locator, change, now).await?;
    Ok(Json(shares::wire_link(link)))
}

pub(crate) async fn revoke_link(
    State(app): State<Arc<App>>,
    Locator(locator): Locator,
    token: OwnerToken,
) -> Result<StatusCode, ApiError> {
    app.owned_link(locator, &token).await?;
    app.meta.revoke_link(locator, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
