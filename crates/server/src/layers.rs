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

/// Nothing here may be kept by a cache, guessed in type, or tell another site where it came from.
async fn fixed_fields(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let fields = response.headers_mut();
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
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
