//! Words for people who come by browser, and the answers where nothing is.

#[cfg(not(feature = "web"))]
use std::sync::Arc;

#[cfg(not(feature = "web"))]
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use onekey_core::wire::ErrorCode;

#[cfg(not(feature = "web"))]
use crate::app::App;
use crate::error::ApiError;

pub(super) const HOME: &str = concat!(
    "onekey ",
    env!("CARGO_PKG_VERSION"),
    ": send files with one key.\n\n",
    "Send:  onekey put FILE...\n",
    "Open:  onekey get 'LINK'\n\n",
    "Name this server with --server or ONEKEY_SERVER. The key in a link stays after the #:\n",
    "this server never sees it.\n",
);

pub(super) const OPEN: &str = "This link opens with the onekey command:\n\n    onekey get 'LINK'\n\n\
    Copy the whole link, with the # and the key behind it, and keep the quotes.\n\
    The key was not sent to this server.\n";

/// Mail programs write `%23` for `#`, and then the key is sent to the server.
pub(super) const OPEN_ESCAPED: &str = "A program on the way changed the # in this link to %23.\n\n\
    Copy the link from the message, write # in the place of %23, and open it with\n\n\
    \x20   onekey get 'LINK'\n\n\
    The key in it has now been sent to this server, which does not keep or log it.\n\
    If that matters, ask the sender for a new link.\n";

pub(super) const MANAGE: &str = "This link manages a share with the onekey command:\n\n\
    \x20   onekey info 'LINK'    shows the share and its links\n\
    \x20   onekey rm 'LINK'      deletes it\n\n\
    Copy the whole link, with the # and what stands behind it, and keep the quotes.\n";

const TOOLS: &str = "This server takes plain files, as every tool sends them, and answers with a direct link.\n\
    ADDRESS is the server's own:\n\n\
    \x20   curl -F file=@FILE ADDRESS/\n\
    \x20   curl -T FILE ADDRESS/\n\
    \x20   COMMAND | curl -T - ADDRESS/\n\n\
    Where an upload secret is wanted: -H 'Authorization: Bearer SECRET'.\n\
    A direct link shows the file to whoever has it, and the server can read the file whenever it is opened.\n\
    What it shall not read, send with the onekey command or in a browser:\n\n    onekey put FILE...\n";

const NO_PLAIN_UPLOADS: &str = "This server takes no plain files: it stores only what was encrypted before it came.\n\n\
    Send files in a browser, or with\n\n    onekey put FILE...\n";

/// Words about the direct mode.
pub(super) fn tools_words(direct: bool) -> &'static str {
    if direct { TOOLS } else { NO_PLAIN_UPLOADS }
}

pub(super) const NOT_FOUND: &str = "There is nothing here.\n";

#[cfg(not(feature = "web"))]
pub(crate) async fn home() -> &'static str {
    HOME
}

#[cfg(not(feature = "web"))]
pub(crate) async fn open() -> &'static str {
    OPEN
}

#[cfg(not(feature = "web"))]
pub(crate) async fn manage() -> &'static str {
    MANAGE
}

#[cfg(not(feature = "web"))]
pub(crate) async fn tools(State(app): State<Arc<App>>) -> &'static str {
    tools_words(app.config.direct)
}

pub(crate) async fn not_found(uri: Uri) -> Response {
    if is_escaped(&uri) {
        return (StatusCode::NOT_FOUND, OPEN_ESCAPED).into_response();
    }
    (StatusCode::NOT_FOUND, NOT_FOUND).into_response()
}

/// Tells whether an address is a link whose `#` was escaped on the way.
pub(super) fn is_escaped(uri: &Uri) -> bool {
    uri.path().starts_with("/s%23") || uri.path().starts_with("/s/%23")
}

pub(crate) async fn method_not_allowed() -> (StatusCode, &'static str) {
    (
        StatusCode::METHOD_NOT_ALLOWED,
        "This address does not take this method.\n",
    )
}

pub(crate) async fn api_not_found() -> ApiError {
    ApiError::not_found()
}

pub(crate) async fn api_method_not_allowed() -> ApiError {
    ApiError::new(
        ErrorCode::MethodNotAllowed,
        "this address does not take this method",
    )
}
