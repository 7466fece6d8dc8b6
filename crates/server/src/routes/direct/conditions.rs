//! `If-None-Match` and `If-Range` (RFC 9110, section 13).

use axum::http::{HeaderMap, header};

/// Tells whether the reader has what `etag` names. Weak tags count here.
pub(super) fn is_known(request: &HeaderMap, etag: &str) -> bool {
    let fields = request.get_all(header::IF_NONE_MATCH).iter();
    fields
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// Tells whether a range may be answered as one: unless the reader says what it has, and has something else. Dates never
/// match, as no answer has one.
pub(super) fn range_counts(request: &HeaderMap, etag: &str) -> bool {
    let mut fields = request.get_all(header::IF_RANGE).iter();
    match (fields.next(), fields.next()) {
        (None, _) => true,
        (Some(tag), None) => tag.as_bytes().trim_ascii() == etag.as_bytes(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const ETAG: &str = "\"pPe_0ur8RH1i7HO4\"";

    fn with(name: HeaderName, values: &[&str]) -> HeaderMap {
        let fields = values
            .iter()
            .map(|value| (name.clone(), HeaderValue::try_from(*value).unwrap()));
        fields.collect()
    }

    #[test]
    fn r2_none_match_takes_lists_stars_and_weak_tags() {
        for (values, known) in [
            (&[ETAG][..], true),
            (&["\"x\", W/\"pPe_0ur8RH1i7HO4\" ,\"y\""], true),
            (&["\"x\"", ETAG], true),
            (&["*"], true),
            (&["\"x\""], false),
            (&["pPe_0ur8RH1i7HO4"], false),
            (&["w/\"pPe_0ur8RH1i7HO4\""], false),
            (&[], false),
        ] {
            let request = with(header::IF_NONE_MATCH, values);
            assert_eq!(is_known(&request, ETAG), known, "{values:?}");
        }
    }

    #[test]
    fn r2_if_range_takes_the_one_strong_tag() {
        for (values, counts) in [
            (&[][..], true),
            (&[ETAG], true),
            (&["W/\"pPe_0ur8RH1i7HO4\""], false),
            (&["\"x\""], false),
            (&["\"x\", \"pPe_0ur8RH1i7HO4\""], false),
            (&["*"], false),
            (&["Wed, 21 Oct 2026 07:28:00 GMT"], false),
            (&[ETAG, ETAG], false),
            (&[""], false),
        ] {
            let request = with(header::IF_RANGE, values);
            assert_eq!(range_counts(&request, ETAG), counts, "{values:?}");
        }
    }
}
