//! What a client would rather have: `Accept` and `Accept-Language`.

use axum::http::{HeaderMap, HeaderName, header};

/// Choices of one request that are looked at, over all its fields.
const MAX_CHOICES: usize = 64;

/// The languages of what is for people.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Language {
    English,
    German,
}

/// Tells whether a request asks for `media_type` by name, as browsers do for HTML when a person goes somewhere.
pub(crate) fn accepts(request: &HeaderMap, media_type: &str) -> bool {
    choices(request, header::ACCEPT)
        .any(|(choice, weight)| choice.eq_ignore_ascii_case(media_type) && weight > 0.0)
}

/// Returns the language that a request likes best of those that are here.
pub(crate) fn language(request: &HeaderMap) -> Language {
    let known = choices(request, header::ACCEPT_LANGUAGE).filter_map(|(choice, weight)| {
        let language = match choice.split('-').next() {
            Some(tag) if tag.eq_ignore_ascii_case("de") => Language::German,
            Some(tag) if tag.eq_ignore_ascii_case("en") => Language::English,
            _ => return None,
        };
        (weight > 0.0).then_some((language, weight))
    });
    // Of two that are liked alike, the first.
    known
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
        .map_or(Language::English, |(language, _)| language)
}

/// The choices of a field with their weights.
fn choices(request: &HeaderMap, field: HeaderName) -> impl Iterator<Item = (&str, f32)> {
    let fields = request.get_all(field).into_iter();
    fields
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','))
        .take(MAX_CHOICES)
        .map(|choice| {
            let (choice, parameters) = choice.split_once(';').unwrap_or((choice, ""));
            let weight = parameters.split(';').find_map(|parameter| {
                let weight = parameter.trim().strip_prefix("q=")?;
                weight.parse::<f32>().ok()
            });
            (choice.trim(), weight.unwrap_or(1.0))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(field: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(field, value.parse().unwrap())])
    }

    #[test]
    fn a_type_is_named_or_it_is_not() {
        for (accept, named) in [
            ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", true),
            ("application/json, Text/HTML ; q=0.1", true),
            ("text/html;q=0", false),
            ("text/html;q=0.0, */*", false),
            ("*/*", false),
            ("text/*", false),
        ] {
            let request = with(header::ACCEPT, accept);
            assert_eq!(accepts(&request, "text/html"), named, "{accept}");
        }
        assert!(!accepts(&HeaderMap::new(), "text/html"));
    }

    #[test]
    fn the_language_that_is_liked_best_wins() {
        for (accept, language) in [
            ("de-AT,de;q=0.9,en;q=0.8", Language::German),
            ("fr,en;q=0.5,de;q=0.7", Language::German),
            ("en-GB,de", Language::English),
            ("de;q=0,en;q=0.1", Language::English),
            ("fr", Language::English),
            ("", Language::English),
        ] {
            let request = with(header::ACCEPT_LANGUAGE, accept);
            assert_eq!(super::language(&request), language, "{accept}");
        }
    }
}
