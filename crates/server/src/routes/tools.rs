//! What programs fetch: a ShareX uploader, an upload script, and the two addresses that everybody asks for.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use onekey_core::url::ServerUrl;
use serde::Serialize;

use crate::app::App;
use crate::direct::base;
#[cfg(feature = "web")]
use crate::routes::page;
#[cfg(not(feature = "web"))]
use crate::routes::text;

/// The script, with the server's address to be written into it.
const UPLOAD_SCRIPT: &str = include_str!("tools/upload.sh");

/// What stands in the script for the address.
const ADDRESS: &str = "@SERVER@";

/// Crawlers may fetch what they find a link to: only then do they see that it says `noindex`.
const ROBOTS: &str = "\
# Everything may be fetched: what opens with a link says noindex, and who must not fetch it cannot see that.
User-agent: *
Allow: /
";

const ICON: &str = include_str!("../../web/icon.svg");

/// A ShareX uploader, version 12.3.1 or later.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Uploader {
    version: &'static str,
    name: String,
    destination_type: &'static str,
    request_method: &'static str,
    #[serde(rename = "RequestURL")]
    request_url: String,
    headers: Accept,
    body: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<Arguments>,
    file_form_name: &'static str,
    #[serde(rename = "URL")]
    url: &'static str,
    #[serde(rename = "ThumbnailURL")]
    thumbnail_url: &'static str,
    #[serde(rename = "DeletionURL")]
    deletion_url: &'static str,
    error_message: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Accept {
    accept: &'static str,
}

#[derive(Serialize)]
struct Arguments {
    secret: &'static str,
}

pub(crate) async fn sharex(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    with_base(&app, &parts, |base| {
        let uploader = Uploader {
            version: "17.0.0",
            name: format!("onekey ({})", base.host()),
            destination_type: "ImageUploader, TextUploader, FileUploader",
            request_method: "POST",
            request_url: format!("{base}/"),
            headers: Accept {
                accept: "application/json",
            },
            body: "MultipartFormData",
            // ShareX asks for it: the file may be given away.
            arguments: app.config.upload_secret.is_some().then_some(Arguments {
                secret: "{inputbox:Upload secret}",
            }),
            file_form_name: "file",
            url: "{json:url}",
            thumbnail_url: "{json:thumbnail_url}",
            deletion_url: "{json:delete_url}",
            error_message: "{json:error.message}",
        };
        let text = serde_json::to_string_pretty(&uploader).unwrap_or_default();
        attached(text, "application/json", &file_name(base))
    })
}

pub(crate) async fn script(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    with_base(&app, &parts, |base| {
        // An address holds letters, digits and `-._~:/[]`: nothing that ends a word in single quotes.
        UPLOAD_SCRIPT
            .replace(ADDRESS, &base.to_string())
            .into_response()
    })
}

pub(crate) async fn robots() -> &'static str {
    ROBOTS
}

pub(crate) async fn icon() -> impl IntoResponse {
    let fields = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ];
    (fields, ICON)
}

/// `/`: the page, unless `UPLOAD_REDIRECT` leads elsewhere.
#[cfg(feature = "web")]
pub(crate) async fn home(State(app): State<Arc<App>>, visit: page::Visit) -> Response {
    match redirect(&app) {
        Some(redirect) => redirect,
        None => page::send(State(app), visit).await,
    }
}

/// `/`: words, unless `UPLOAD_REDIRECT` leads elsewhere.
#[cfg(not(feature = "web"))]
pub(crate) async fn home(State(app): State<Arc<App>>) -> Response {
    match redirect(&app) {
        Some(redirect) => redirect,
        None => text::home().await.into_response(),
    }
}

fn redirect(app: &App) -> Option<Response> {
    let redirect = app.config.upload_redirect.as_ref()?;
    let location = [(header::LOCATION, redirect.location())];
    Some((StatusCode::FOUND, location).into_response())
}

/// Answers with what depends on the server's address, which may depend on the request.
fn with_base(app: &App, request: &Parts, answer: impl FnOnce(&ServerUrl) -> Response) -> Response {
    let mut answer = match base::of_request(&app.config, request) {
        Ok(base) => answer(&base),
        Err(error) => error.into_text(),
    };
    let depends = "host, x-forwarded-host, x-forwarded-proto";
    let fields = answer.headers_mut();
    fields.insert(header::VARY, HeaderValue::from_static(depends));
    answer
}

fn attached(text: String, media_type: &'static str, name: &str) -> Response {
    let mut answer = ([(header::CONTENT_TYPE, media_type)], text).into_response();
    let disposition = format!("attachment; filename=\"{name}\"");
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        let fields = answer.headers_mut();
        fields.insert(header::CONTENT_DISPOSITION, disposition);
    }
    answer
}

/// ShareX knows its files by their ending.
fn file_name(base: &ServerUrl) -> String {
    let host = base.host().replace(['[', ']', ':'], "-");
    format!("{host}.sxcu")
}
