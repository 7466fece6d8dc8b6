//! `Range` (RFC 9110, section 14): one range of bytes, or the whole.

use std::ops::Range;

// Not `axum::http`: the fuzz target compiles this file without the server.
use http::{HeaderMap, HeaderValue, header};

/// Longest field that is looked at; a longer one is ignored, as RFC 9110 allows.
const MAX_FIELD: usize = 256;

/// What a request asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Requested {
    /// One satisfiable range.
    Part(Range<u64>),
    /// A range that begins after the end.
    Unsatisfiable,
    /// Everything: no range, several, or one that is not well-formed.
    Whole,
}

/// Reads the `Range` field for content of `len` bytes.
pub(crate) fn requested(headers: &HeaderMap, len: u64) -> Requested {
    let mut fields = headers.get_all(header::RANGE).iter();
    match (fields.next(), fields.next()) {
        (Some(field), None) => parse(field, len).unwrap_or(Requested::Whole),
        _ => Requested::Whole,
    }
}

/// Returns `Content-Range` of a part.
pub(crate) fn content_range(range: &Range<u64>, len: u64) -> HeaderValue {
    HeaderValue::try_from(format!("bytes {}-{}/{len}", range.start, range.end - 1))
        .expect("digits and dashes are allowed in a field")
}

/// Returns `Content-Range` of a refusal.
pub(crate) fn unsatisfied_range(len: u64) -> HeaderValue {
    HeaderValue::try_from(format!("bytes */{len}")).expect("digits are allowed in a field")
}

fn parse(field: &HeaderValue, len: u64) -> Option<Requested> {
    let text = field.to_str().ok().filter(|text| text.len() <= MAX_FIELD)?;
    let (unit, range) = text.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    Some(match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => return None,
        (Some(first), Some(_)) if first >= len => Requested::Unsatisfiable,
        (Some(first), Some(last)) => Requested::Part(first..len.min(last.saturating_add(1))),
        (Some(first), None) if last.is_empty() && first >= len => Requested::Unsatisfiable,
        (Some(first), None) if last.is_empty() => Requested::Part(first..len),
        (None, Some(suffix)) if first.is_empty() && (suffix == 0 || len == 0) => {
            Requested::Unsatisfiable
        }
        (None, Some(suffix)) if first.is_empty() => {
            Requested::Part(len.saturating_sub(suffix)..len)
        }
        _ => return None,
    })
}

/// Digits only: `str::parse` would take a plus sign. More than 19 of them are not looked at.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(field: &str, len: u64) -> Requested {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, field.parse().unwrap());
        requested(&headers, len)
    }

    #[test]
    fn r1_valid_ranges() {
        for (field, range) in [
            ("bytes=0-0", 0..1),
            ("bytes=0-1", 0..2),
            ("bytes=999-", 999..1000),
            ("bytes=0-", 0..1000),
            ("bytes=-1", 999..1000),
            ("bytes=-1000", 0..1000),
            ("bytes=-99999", 0..1000),
            ("bytes=0-99999", 0..1000),
            ("Bytes=5-9", 5..10),
            (" bytes = 5 - 9 ", 5..10),
            ("bytes=0-18446744073709551615", 0..1000),
        ] {
            assert_eq!(ask(field, 1000), Requested::Part(range), "{field}");
        }
    }

    #[test]
    fn r2_unsatisfiable_and_ignored_ranges() {
        for field in ["bytes=1000-", "bytes=1000-1001", "bytes=-0"] {
            assert_eq!(ask(field, 1000), Requested::Unsatisfiable, "{field}");
        }
        for field in ["bytes=0-0", "bytes=0-", "bytes=-1"] {
            assert_eq!(
                ask(field, 0),
                Requested::Unsatisfiable,
                "{field} of nothing"
            );
        }
        for field in [
            "bytes=5-2",
            "items=0-1",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=1-2-3",
            "bytes=0-1,3-4",
            "bytes=99999999999999999999999-",
        ] {
            assert_eq!(ask(field, 1000), Requested::Whole, "{field}");
        }
    }

    #[test]
    fn r4_many_ranges_cost_nothing() {
        assert_eq!(
            ask(&format!("bytes={}", "0-1,".repeat(10_000)), 1000),
            Requested::Whole
        );
        let mut headers = HeaderMap::new();
        headers.append(header::RANGE, "bytes=0-1".parse().unwrap());
        headers.append(header::RANGE, "bytes=3-4".parse().unwrap());
        assert_eq!(requested(&headers, 1000), Requested::Whole);
    }
}
