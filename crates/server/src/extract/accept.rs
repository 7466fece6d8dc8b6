//! `Accept`: what a client asks for by name.

use axum::http::{HeaderMap, header};

/// Tells whether a request names `media_type`, as those do that can use it: `*/*` names nothing.
pub(crate) fn accepts(request: &HeaderMap, media_type: &str) -> bool {
    let fields = request.get_all(header::ACCEPT).iter();
    fields
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','))
        .any(|choice| {
            let (named, parameters) = choice.split_once(';').unwrap_or((choice, ""));
            let refused = parameters.split(';').any(|parameter| {
                let weight = parameter.trim().strip_prefix("q=");
                weight.is_some_and(|weight| weight.parse() == Ok(0.0))
            });
            named.trim().eq_ignore_ascii_case(media_type) && !refused
        })
}
