//! What stands around every route: the log line, fixed header fields, the refusal of other sites' pages,
//! and the draining of bodies that nobody read.

mod cross_site;
mod drain;
mod log;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;

/// Wraps `router`; the log is outermost, so that it sees what the client sees.
pub(crate) fn around(router: Router) -> Router {
    router
        .layer(middleware::from_fn(cross_site::refuse))
        .layer(middleware::from_fn(drain::unread))
        .layer(middleware::from_fn(fixed_fields))
        .layer(middleware::from_fn(log::request))
}

/// Marks an answer whose address will never mean other bytes: caches may keep it, if it is a success.
#[cfg_attr(
    not(feature = "web"),
    allow(dead_code, reason = "only assets are such answers")
)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Immutable;

/// How long caches keep an immutable answer: a year, which is as long as they keep anything.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// What every other answer says to caches: an error or an old page must not outlive its moment.
const NO_STORE: &str = "no-store";

/// Nothing here may be kept by a cache, but what is immutable; be guessed in type, or tell another site where it came from.
async fn fixed_fields(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let immutable = response.extensions().get::<Immutable>().is_some();
    let keep = immutable && response.status().is_success();
    let fields = response.headers_mut();
    let caches = if keep { IMMUTABLE } else { NO_STORE };
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(caches));
    fields.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    fields.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
