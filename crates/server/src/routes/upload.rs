//! `POST /`, `PUT /`, `PUT /{name}`: plain files, as every screenshot tool and curl send them.
//!
//! What can be refused by the header is refused before a byte of the body is read: a client that asked with
//! `Expect: 100-continue` then never sends it.

mod answer;
mod field;
mod form;
mod incoming;
mod multipart;
mod raw;
mod secret;
mod wishes;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;
use onekey_core::url::ServerUrl;

use self::answer::Shape;
use self::incoming::Incoming;
use self::wishes::Wishes;
use crate::app::App;
use crate::direct::base;
use crate::direct::receive::Received;
use crate::error::ApiError;
use crate::extract::Body;
use crate::room::require_room;
use crate::upload_secret::Gate;

/// How a secret is sent here.
const HOW: &str =
    "the form's field `secret`, as the header field X-Wonkey-Secret or as Authorization: Bearer";

pub(crate) async fn post(State(app): State<Arc<App>>, request: Request) -> Response {
    answer(&app, request).await
}

pub(crate) async fn put(State(app): State<Arc<App>>, request: Request) -> Response {
    answer(&app, request).await
}

async fn answer(app: &Arc<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let shape = Shape::of(&parts);
    match receive(app, &parts, body).await {
        Ok((base, received)) => shape.success(&base, &received),
        Err(error) => shape.refusal(error),
    }
}

async fn receive(
    app: &Arc<App>,
    request: &Parts,
    body: Body,
) -> Result<(ServerUrl, Received), ApiError> {
    let base = base::of_request(&app.config, request)?;
    secret::refuse_in_query(request)?;
    let mut gate = Gate::new(app, request);
    secret::show_fields(&mut gate, &request.headers)?;
    let wishes = Wishes::of_fields(&request.headers)?;
    let incoming = Incoming::new(body);
    let content_type = request.headers.get(header::CONTENT_TYPE);
    let received = match content_type.and_then(|field| field::boundary(field.as_bytes())) {
        None => raw::receive(app, request, incoming, gate, wishes).await?,
        Some(None) => {
            return Err(ApiError::bad_request(
                "the form's Content-Type names no boundary of 1 to 200 characters",
            ));
        }
        Some(Some(boundary)) => {
            form::receive(app, &request.headers, incoming, &boundary, gate, wishes).await?
        }
    };
    Ok((base, received))
}

/// Refuses `length` bytes of plaintext, before they are sent, if they are too many for the server or for the disk.
async fn check_most(app: &App, length: u64) -> Result<(), ApiError> {
    if let Some(max) = app.config.limits.max_size
        && length > max
    {
        return Err(ApiError::too_large(max));
    }
    require_room(app, length).await
}
