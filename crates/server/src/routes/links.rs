//! `/api/v1/links`: describe, open, grants. Nothing leaves before a right proof.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use onekey_core::keys;
use onekey_core::wire::{GrantCreated, LinkDescription, LinkOpened};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::error::ApiError;
use crate::extract::{Client, Locator, Proof};
use crate::meta::{GrantHash, Granted, LinkState, NewGrant, ProofCheck};

pub(crate) async fn describe(
    State(app): State<Arc<App>>,
    Locator(locator): Locator,
) -> Result<Json<LinkDescription>, ApiError> {
    match app.meta.link_state(locator, app.now()).await? {
        Some(link) if link.state == LinkState::Live => Ok(Json(LinkDescription {
            password: link.password,
        })),
        _ => Err(ApiError::link_gone()),
    }
}

pub(crate) async fn open(
    State(app): State<Arc<App>>,
    Locator(locator): Locator,
    proof: Proof,
    client: Client,
) -> Result<Json<LinkOpened>, ApiError> {
    require_live(&app, locator, &proof, &client).await?;
    let opened = app
        .meta
        .open(locator, app.now())
        .await?
        .ok_or_else(ApiError::link_gone)?;
    Ok(Json(LinkOpened {
        header: opened.header,
        envelope: opened.envelope,
        manifest: opened.manifest,
        size: opened.size,
        expires_at: opened.expires_at,
        downloads_left: opened.downloads_left,
    }))
}

pub(crate) async fn grant(
    State(app): State<Arc<App>>,
    Locator(locator): Locator,
    proof: Proof,
    client: Client,
) -> Result<(StatusCode, Json<GrantCreated>), ApiError> {
    require_live(&app, locator, &proof, &client).await?;
    let (grant, new, granted) = take_download(&app, locator).await?;
    match granted {
        Granted::Yes { downloads_left } => {
            let created = GrantCreated {
                grant,
                expires_at: new.expires_at,
                downloads_left,
            };
            Ok((StatusCode::CREATED, Json(created)))
        }
        Granted::Gone(state) => Err(ApiError::gone(state)),
        Granted::Unknown => Err(ApiError::link_gone()),
    }
}

/// Asks for a download. The grant opens something only if the answer is yes.
pub(super) async fn take_download(
    app: &App,
    locator: keys::Locator,
) -> Result<(keys::Grant, NewGrant, Granted), ApiError> {
    let grant = keys::Grant::generate(&mut rand::rng());
    let now = app.now();
    let lifetime = i64::try_from(app.config.grant_lifetime).expect("checked at start");
    let new = NewGrant {
        hash: hash(&grant),
        expires_at: now + lifetime,
    };
    let granted = app.meta.grant(locator, new, now).await?;
    Ok((grant, new, granted))
}

/// Returns what the server keeps of a grant.
pub(super) fn hash(grant: &keys::Grant) -> GrantHash {
    GrantHash(Sha256::digest(grant.as_bytes()).into())
}

/// Checks the proof: limit first, then the proof, and only a right one learns why a link is gone.
async fn require_live(
    app: &App,
    locator: keys::Locator,
    proof: &Proof,
    client: &Client,
) -> Result<(), ApiError> {
    match app
        .meta
        .check_proof(locator, &proof.0, client.0, app.now())
        .await?
    {
        ProofCheck::Right(LinkState::Live) => Ok(()),
        ProofCheck::Right(state) => Err(ApiError::gone(state)),
        ProofCheck::Wrong(LinkState::Live) => Err(ApiError::proof_rejected()),
        ProofCheck::Wrong(_) | ProofCheck::Unknown => Err(ApiError::link_gone()),
        ProofCheck::Limited { retry_after } => Err(ApiError::too_many_attempts(retry_after)),
    }
}
