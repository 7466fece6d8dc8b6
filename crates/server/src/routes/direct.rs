//! `/KEY`, `/KEY.ext`, `/KEY/any name`: what a direct link opens.
//!
//! The key is in the path. It opens the share for this one request; nothing of it is kept, and nothing but the route's
//! template is logged.

mod address;
mod answer;
mod conditions;
mod page;
mod words;

use std::sync::Arc;

#[cfg(feature = "web")]
use axum::extract::FromRequestParts;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use onekey_core::keys;
use onekey_core::wire::ErrorCode;

use crate::app::App;
use crate::direct::open::{self, Meant, OpenShare};
use crate::error::ApiError;
use crate::extract::{OwnerToken, accepts};
use crate::lifecycle;
use crate::meta::{GrantHash, Granted, LinkState, MetaError};
use crate::routes::{links, text};
use address::{Address, Parsed};

/// What browsers ask for when they would run the answer.
const RUN: [&[u8]; 5] = [
    b"script",
    b"serviceworker",
    b"sharedworker",
    b"style",
    b"worker",
];

/// An entry that is compressed: this server decrypts, and inflates nothing.
const COMPRESSED: &str = "This file is stored compressed and does not open directly.\n\n\
    Open the share in a browser: in this link, write /s# before the key and leave out what\n\
    stands behind it, or use that link with\n\n    onekey get 'LINK'\n";

/// Why there is no answer of its own.
enum Refusal {
    /// One answer, whatever the reason.
    Nothing,
    Compressed,
    Failed(ApiError),
}

impl<E: Into<ApiError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

pub(crate) async fn read(State(app): State<Arc<App>>, parts: Parts) -> Response {
    let answer = match Parsed::of(&parts.uri) {
        Parsed::NoKey => return elsewhere(app, parts).await,
        Parsed::Malformed => Err(Refusal::Nothing),
        Parsed::Address(_) if would_run(&parts.headers) => Err(Refusal::Nothing),
        Parsed::Address(address) => serve(&app, address, &parts).await,
    };
    answered(answer, parts).await
}

pub(crate) async fn spend(State(app): State<Arc<App>>, parts: Parts) -> Response {
    let answer = match Parsed::of(&parts.uri) {
        Parsed::NoKey => return elsewhere(app, parts).await,
        Parsed::Malformed => Err(Refusal::Nothing),
        Parsed::Address(address) => take(&app, address, &parts).await,
    };
    answered(answer, parts).await
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    token: Result<OwnerToken, ApiError>,
    parts: Parts,
) -> Response {
    let address = match Parsed::of(&parts.uri) {
        Parsed::NoKey => return elsewhere(app, parts).await,
        Parsed::Malformed => return answered(Err(Refusal::Nothing), parts).await,
        Parsed::Address(address) => address,
    };
    match remove(&app, &address, token).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) if accepts(&parts.headers, "application/json") => error.into_response(),
        Err(error) => error.into_text(),
    }
}

/// What stands at an address without a key.
async fn elsewhere(app: Arc<App>, parts: Parts) -> Response {
    #[cfg(feature = "web")]
    {
        let mut parts = parts;
        let Ok(visit) = super::page::Visit::from_request_parts(&mut parts, &app).await;
        super::page::not_found(State(app), visit, parts.uri).await
    }
    #[cfg(not(feature = "web"))]
    {
        drop(app);
        text::not_found(parts.uri).await
    }
}

async fn answered(answer: Result<Response, Refusal>, parts: Parts) -> Response {
    match answer {
        Ok(answer) => answer,
        Err(Refusal::Nothing) => text::not_found(parts.uri).await,
        Err(Refusal::Compressed) => (StatusCode::CONFLICT, COMPRESSED).into_response(),
        Err(Refusal::Failed(error)) => error.into_text(),
    }
}

/// Tells whether a browser asks on behalf of a page that would run the answer: as a script, a style or a worker.
fn would_run(request: &HeaderMap) -> bool {
    let service_worker = request.get("service-worker");
    let destination = request.get("sec-fetch-dest").map(HeaderValue::as_bytes);
    service_worker.is_some_and(|field| field.as_bytes().eq_ignore_ascii_case(b"script"))
        || destination.is_some_and(|field| RUN.iter().any(|run| field.eq_ignore_ascii_case(run)))
}

/// GET and HEAD. They never take a download.
async fn serve(app: &App, address: Address, parts: &Parts) -> Result<Response, Refusal> {
    let Address {
        key,
        suffix,
        wishes,
    } = address;
    let share = open::open(app, key).await?.ok_or(Refusal::Nothing)?;
    let grant = live_grant(app, &share, wishes.grant.as_ref()).await?;
    // Time and downloads that ended end new grants, and not those that were given.
    if grant.is_none() && share.state != LinkState::Live {
        return Err(Refusal::Nothing);
    }
    let meant = meant(&share, &suffix, wishes.zip)?;
    let reader = page::Reader::of(app, parts);
    if grant.is_none() && share.is_capped() {
        return Ok(page::button(&share, meant, &reader));
    }
    let request = answer::Request {
        app,
        headers: &parts.headers,
        head: parts.method == Method::HEAD,
        grant,
        download: wishes.download,
    };
    match meant {
        Meant::File(file) if !wishes.zip => {
            let file = file.clone();
            request.file(share, &file).await
        }
        Meant::All if !wishes.zip => {
            let query = wishes.query_with(grant.and(wishes.grant.as_ref()));
            Ok(page::list(&share, &query, &reader))
        }
        _ => request.zip(share).await,
    }
}

/// POST: takes one download of a link with a cap, and leads to where it serves.
async fn take(app: &App, address: Address, parts: &Parts) -> Result<Response, Refusal> {
    let Address {
        key,
        suffix,
        wishes,
    } = address;
    let share = open::open(app, key).await?.ok_or(Refusal::Nothing)?;
    if share.state != LinkState::Live {
        return Err(Refusal::Nothing);
    }
    // Nobody pays for what there is not.
    meant(&share, &suffix, wishes.zip)?;
    let grant = if share.is_capped() {
        match links::take_download(app, share.locator).await? {
            (grant, _, Granted::Yes { .. }) => Some(grant),
            (_, _, Granted::Gone(_) | Granted::Unknown) => return Err(Refusal::Nothing),
        }
    } else {
        None
    };
    // Relative, so that it is right behind every proxy; the dot keeps a colon in a name from being read as a scheme.
    let last = parts.uri.path().rsplit('/').next().unwrap_or_default();
    let location = format!("./{last}{}", wishes.query_with(grant.as_ref()));
    let location = HeaderValue::try_from(location).map_err(|_| Refusal::Nothing)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// Returns the file or files that are asked for, if they are there and can be sent.
fn meant<'s>(
    share: &'s OpenShare,
    suffix: &onekey_core::url::Suffix,
    zip: bool,
) -> Result<Meant<'s>, Refusal> {
    let meant = share.meant(suffix);
    if matches!(meant, Meant::Nothing) {
        return Err(Refusal::Nothing);
    }
    if share.codec(meant, zip).is_some() {
        return Err(Refusal::Compressed);
    }
    Ok(meant)
}

/// Returns the grant that a request names, if it is live and this link's.
async fn live_grant(
    app: &App,
    share: &OpenShare,
    grant: Option<&keys::Grant>,
) -> Result<Option<GrantHash>, Refusal> {
    let Some(grant) = grant else {
        return Ok(None);
    };
    let hash = links::hash(grant);
    let payload = app.meta.peek_grant(hash, app.now()).await?;
    Ok(payload
        .is_some_and(|payload| payload.locator == share.locator)
        .then_some(hash))
}

/// DELETE: the whole share, for its owner.
async fn remove(
    app: &App,
    address: &Address,
    token: Result<OwnerToken, ApiError>,
) -> Result<(), ApiError> {
    if address.suffix.as_name().is_some() {
        return Err(ApiError::new(
            ErrorCode::BadRequest,
            "DELETE removes the whole share: send it to the address without a file's name",
        ));
    }
    let share = app.owned_link(address.key.locator(), &token?).await?;
    match app.meta.delete_share(share.id, app.now()).await {
        // Another one deleted it just now.
        Ok(()) | Err(MetaError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    lifecycle::delete_blobs(app).await;
    Ok(())
}
