//! The page for people who come by browser. All others get the words of `text`, as before there was a page.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, OriginalUri, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::extract::accepts;
use crate::layers::Keep;
use crate::routes::fields::{Field, OWN_ORIGIN, OWN_WINDOW, set};
use crate::routes::text;
use crate::web::{Encoding, Form, Page, policy};

/// Most folders between an address and the server's root: no address of the page has more than two.
const MAX_DEPTH: usize = 8;

pub(crate) async fn send(State(app): State<Arc<App>>, visit: Visit) -> Response {
    shown(&app, Page::Send, visit, text::HOME).await
}

pub(crate) async fn open(State(app): State<Arc<App>>, visit: Visit) -> Response {
    shown(&app, Page::Open, visit, text::OPEN).await
}

pub(crate) async fn manage(State(app): State<Arc<App>>, visit: Visit) -> Response {
    shown(&app, Page::Manage, visit, text::MANAGE).await
}

pub(crate) async fn tools(State(app): State<Arc<App>>, visit: Visit) -> Response {
    let words = text::tools_words(app.config.direct);
    shown(&app, Page::Tools, visit, words).await
}

pub(crate) async fn upload(State(app): State<Arc<App>>, visit: Visit) -> Response {
    let words = text::tools_words(app.config.direct);
    if !app.config.direct {
        return (StatusCode::NOT_FOUND, words).into_response();
    }
    shown(&app, Page::Upload, visit, words).await
}

pub(crate) async fn not_found(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Response {
    if !text::is_escaped(&uri) {
        return text::not_found(uri).await;
    }
    let mut answer = shown(&app, Page::Escaped, visit, text::OPEN_ESCAPED).await;
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer
}

pub(crate) async fn service_worker(State(app): State<Arc<App>>) -> Response {
    match app.web.service_worker().await {
        Ok(script) => {
            let script_type = HeaderValue::from_static("text/javascript; charset=utf-8");
            let mut answer = ([(header::CONTENT_TYPE, script_type)], script).into_response();
            set(&mut answer, policy_fields(policy::SCRIPT));
            answer
        }
        Err(missing) => (StatusCode::NOT_FOUND, format!("{missing}\n")).into_response(),
    }
}

pub(crate) async fn asset(
    State(app): State<Arc<App>>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: HeaderMap,
) -> Response {
    let nothing = (StatusCode::NOT_FOUND, text::NOT_FOUND);
    let Ok(Path((folder, name))) = path else {
        return nothing.into_response();
    };
    let encoding = Encoding::of(&request);
    let Some(asset) = app.web.asset(&folder, &name, encoding).await else {
        return nothing.into_response();
    };
    let mut answer = asset.bytes.into_response();
    set(&mut answer, policy_fields(policy::of_asset(&name)));
    let encoding = asset
        .encoding
        .name()
        .map(|name| (header::CONTENT_ENCODING, name));
    set(&mut answer, encoding);
    set(
        &mut answer,
        [
            (header::CONTENT_TYPE, asset.media_type),
            (header::VARY, "accept-encoding"),
        ],
    );
    if asset.immutable {
        answer.extensions_mut().insert(Keep::ForEver);
    }
    answer
}

/// Returns `page` to a browser, `words` to anything else.
async fn shown(app: &App, page: Page, visit: Visit, words: &'static str) -> Response {
    let mut answer = match (visit.takes_html, visit.with_slash) {
        (false, _) => words.into_response(),
        (true, Some(with_slash)) => (
            StatusCode::PERMANENT_REDIRECT,
            [(header::LOCATION, with_slash)],
        )
            .into_response(),
        (true, None) => match app.web.page(page, &visit.up, form(app)).await {
            Ok(html) => axum::response::Html(html).into_response(),
            Err(missing) => (StatusCode::NOT_FOUND, format!("{missing}\n")).into_response(),
        },
    };
    if visit.takes_html {
        let policy = match page {
            Page::Upload => policy::FORM,
            Page::Send if app.config.direct => policy::PAGE_WITH_FORM,
            _ => policy::PAGE,
        };
        set(&mut answer, policy_fields(policy));
        let permissions = HeaderName::from_static("permissions-policy");
        set(
            &mut answer,
            [OWN_WINDOW, (permissions, policy::PERMISSIONS)],
        );
    }
    set(&mut answer, [(header::VARY, "accept")]);
    answer
}

/// Returns what the plain upload form depends on, if there is one.
fn form(app: &App) -> Option<Form> {
    app.config.direct.then_some(Form {
        secret: app.config.upload_secret.is_some(),
        max_expiry: app.config.max_expiry,
    })
}

/// A policy, and that no other site may load what carries it.
fn policy_fields(policy: &'static str) -> [Field; 2] {
    [(header::CONTENT_SECURITY_POLICY, policy), OWN_ORIGIN]
}

/// How somebody comes to a page.
#[derive(Debug)]
pub(crate) struct Visit {
    takes_html: bool,
    /// What leads from the address to the server's root: `../` for each folder.
    up: String,
    /// The same address with a slash at its end, if relative addresses would lead beside the server without it.
    with_slash: Option<HeaderValue>,
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let path = parts.uri.path().to_owned();
        let OriginalUri(original) = OriginalUri::from_request_parts(parts, state).await?;
        let depth = path.matches('/').count().saturating_sub(1);
        // Under a prefix, `/files` and `/files/` are both the root.
        let last = original.path().rsplit('/').next().unwrap_or_default();
        let with_slash = (path == "/" && !last.is_empty())
            .then(|| HeaderValue::from_str(&format!("{last}/")).ok())
            .flatten();
        Ok(Self {
            takes_html: accepts(&parts.headers, "text/html") && depth <= MAX_DEPTH,
            up: "../".repeat(depth.min(MAX_DEPTH)),
            with_slash,
        })
    }
}
