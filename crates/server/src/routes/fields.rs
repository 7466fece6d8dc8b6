//! Header fields with fixed values, as several answers carry them.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

pub(super) type Field = (HeaderName, &'static str);

/// Nobody who opened this page, or is opened by it, gets a handle of its window.
pub(super) const OWN_WINDOW: Field = (
    HeaderName::from_static("cross-origin-opener-policy"),
    "same-origin",
);

/// No other site may load what carries it.
pub(super) const OWN_ORIGIN: Field = (
    HeaderName::from_static("cross-origin-resource-policy"),
    "same-origin",
);

/// A link is for whoever has it: no crawler keeps what it found behind one.
pub(super) const NOT_INDEXED: Field = (
    HeaderName::from_static("x-robots-tag"),
    "noindex, nofollow, noarchive",
);

/// Puts fields into an answer, in place of those that it has under the same names.
pub(super) fn set(response: &mut Response, fields: impl IntoIterator<Item = Field>) {
    for (name, value) in fields {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
}
