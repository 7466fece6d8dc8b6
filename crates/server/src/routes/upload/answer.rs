//! What a client gets: JSON, a line of text, or a redirect, as it asked.

use axum::Json;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use onekey_core::manifest::File;
use onekey_core::url::{Form, Link, ManageLink, ServerUrl, Suffix};
use serde::Serialize;

use crate::clock::UnixTime;
use crate::direct::receive::Received;
use crate::error::ApiError;
use crate::extract::accepts;

/// The form of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Shape {
    /// 201 and JSON, for programs that ask for it.
    Json,
    /// 302 with the link as text: what form clients know.
    Redirect,
    /// 201 and the link as text.
    Text,
}

/// The body of a success. Every field is always there.
#[derive(Serialize)]
struct Stored<'a> {
    url: &'a str,
    private_url: String,
    thumbnail_url: Option<&'a str>,
    delete_url: String,
    id: String,
    name: Option<&'a str>,
    size: u64,
    #[serde(rename = "type")]
    media_type: Option<&'a str>,
    expires_at: Option<UnixTime>,
}

impl Shape {
    pub(super) fn of(request: &Parts) -> Self {
        if accepts(&request.headers, "application/json") {
            Self::Json
        } else if accepts(&request.headers, "text/plain") || request.method == Method::PUT {
            Self::Text
        } else {
            Self::Redirect
        }
    }

    pub(super) fn refusal(self, error: ApiError) -> Response {
        match self {
            Self::Json => error.into_response(),
            Self::Redirect | Self::Text => error.into_text(),
        }
    }

    pub(super) fn success(self, base: &ServerUrl, received: &Received) -> Response {
        let url = link(base, received, direct);
        let mut answer = match self {
            Self::Json => Json(stored(base, received, &url)).into_response(),
            Self::Redirect | Self::Text => format!("{url}\n").into_response(),
        };
        *answer.status_mut() = match self {
            Self::Json | Self::Text => StatusCode::CREATED,
            Self::Redirect => StatusCode::FOUND,
        };
        if let Ok(url) = HeaderValue::try_from(url) {
            answer.headers_mut().insert(header::LOCATION, url);
        }
        answer
    }
}

fn stored<'a>(base: &ServerUrl, received: &'a Received, url: &'a str) -> Stored<'a> {
    let only = only(received);
    let is_image = only.is_some_and(|file| file.media_type.starts_with("image/"));
    let manage = ManageLink {
        server: base.clone(),
        share: received.share,
        secret: received.owner.clone(),
    };
    Stored {
        url,
        private_url: link(base, received, |_| Form::Private),
        thumbnail_url: is_image.then_some(url),
        delete_url: manage.to_url(),
        id: received.share.to_base64url(),
        name: only.map(|file| file.path.as_str()),
        size: received.files.iter().map(|file| file.size).sum(),
        media_type: only.map(|file| file.media_type.as_str()),
        expires_at: received.expires_at,
    }
}

/// Returns the file of a share that has one.
fn only(received: &Received) -> Option<&File> {
    match received.files.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

fn link(base: &ServerUrl, received: &Received, form: impl Fn(Option<&File>) -> Form) -> String {
    let link = Link {
        server: base.clone(),
        key: received.key.clone(),
        form: form(only(received)),
    };
    link.to_url()
}

/// The direct form, which ends as the file's name does: some chats embed nothing else.
fn direct(only: Option<&File>) -> Form {
    let suffix = only.map_or(Suffix::none(), |file| Suffix::for_file_name(&file.path));
    Form::Direct { suffix }
}
