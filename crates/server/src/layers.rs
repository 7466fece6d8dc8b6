//! What stands around every route: the log line, fixed header fields, the refusal of other sites' pages,
//! and the draining of bodies that nobody read.

mod cross_site;
mod drain;
mod log;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
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

/// How long caches may keep an answer that says so in its extensions. All others are not kept at all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keep {
    /// Its address will never mean other bytes.
    #[cfg(feature = "web")]
    ForEver,
    /// For so many seconds, by the reader's own cache: what a key opened is nobody else's.
    Private(u32),
}

impl Keep {
    fn field(self) -> HeaderValue {
        match self {
            // A year, which is as long as caches keep anything.
            #[cfg(feature = "web")]
            Self::ForEver => HeaderValue::from_static("public, max-age=31536000, immutable"),
            Self::Private(seconds) => HeaderValue::try_from(format!("private, max-age={seconds}"))
                .expect("digits are allowed in a field"),
        }
    }
}

/// What every other answer says to caches: an error or an old page must not outlive its moment.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Nothing here may be kept by a cache, but what says so; be guessed in type, or tell another site where it came from.
async fn fixed_fields(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let status = response.status();
    let keep = (status.is_success() || status == StatusCode::NOT_MODIFIED)
        .then(|| response.extensions().get::<Keep>().copied())
        .flatten();
    let fields = response.headers_mut();
    fields.insert(header::CACHE_CONTROL, keep.map_or(NO_STORE, Keep::field));
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
