//! A body that is the file itself.

use std::sync::Arc;

use axum::http::header;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

use super::incoming::Incoming;
use super::wishes::Wishes;
use super::{HOW, check_most, field};
use crate::app::App;
use crate::direct::receive::{Received, Receiver, of_type};
use crate::error::ApiError;
use crate::extract::content_length;
use crate::upload_secret::Gate;

/// What curl says of a body when nobody told it what it is.
const CURLS_DEFAULT: &str = "application/x-www-form-urlencoded";

pub(super) async fn receive(
    app: &Arc<App>,
    request: &Parts,
    mut incoming: Incoming,
    gate: Gate,
    wishes: Wishes,
) -> Result<Received, ApiError> {
    gate.require(HOW)?;
    let terms = wishes.terms(app)?;
    let length = content_length(&request.headers)?;
    check_most(app, length.unwrap_or(0)).await?;
    let mut receiver = Receiver::new(app, length, length)?;
    if length.is_some() {
        receiver.reserve().await?;
    }
    let declared = declared(request);
    receiver.begin_file(&name(request, declared), declared);
    while let Some(piece) = incoming.next().await? {
        receiver.push(&piece).await?;
    }
    receiver.end_file()?;
    receiver.finish(terms).await
}

fn declared(request: &Parts) -> Option<&str> {
    let field = request.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let is_default = field
        .get(..CURLS_DEFAULT.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(CURLS_DEFAULT));
    (!is_default).then_some(field)
}

/// Returns the name in the path, in `Content-Disposition`, or one after the type.
fn name(request: &Parts, declared: Option<&str>) -> String {
    let path = request.uri.path().trim_start_matches('/');
    if !path.is_empty() {
        return percent_decode_str(path).decode_utf8_lossy().into_owned();
    }
    let disposition = request.headers.get(header::CONTENT_DISPOSITION);
    disposition
        .and_then(|field| field::file_name_of(field.as_bytes()))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| of_type(declared))
}
