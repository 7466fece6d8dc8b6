//! Which of its encodings an asset is sent in (RFC 9110, section 12.5.3).

use axum::http::{HeaderMap, header};

/// An encoding that assets are kept in, beside their own bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// Returns the best encoding that a request takes; bytes as they are if it takes none.
    pub(crate) fn of(request: &HeaderMap) -> Self {
        let fields = request.get_all(header::ACCEPT_ENCODING);
        let fields: Vec<&str> = fields
            .iter()
            .filter_map(|field| field.to_str().ok())
            .collect();
        let (brotli, gzip) = (weight(&fields, "br"), weight(&fields, "gzip"));
        // Brotli is smaller: a tie is for it.
        if brotli > 0 && brotli >= gzip {
            Self::Brotli
        } else if gzip > 0 {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// Returns how much a request likes `encoding`, in thousandths; 0 if it does not take it.
fn weight(fields: &[&str], encoding: &str) -> u16 {
    let mut wildcard = 0;
    for choice in fields.iter().flat_map(|field| field.split(',')) {
        let (name, parameters) = choice.split_once(';').unwrap_or((choice, ""));
        let weight = thousandths(parameters.trim());
        match name.trim() {
            name if name.eq_ignore_ascii_case(encoding) => return weight,
            "*" => wildcard = weight,
            _ => {}
        }
    }
    wildcard
}

/// Reads `q=0.5`; what is no weight takes nothing.
fn thousandths(parameter: &str) -> u16 {
    if parameter.is_empty() {
        return 1000;
    }
    let value = parameter
        .strip_prefix(['q', 'Q'])
        .and_then(|rest| rest.trim_start().strip_prefix('='))
        .and_then(|value| value.trim().parse::<f32>().ok())
        .filter(|value| (0.0..=1.0).contains(value));
    value.map_or(0, |value| (value * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_best_encoding_that_is_taken() {
        for (field, best) in [
            ("", Encoding::Identity),
            ("identity", Encoding::Identity),
            ("deflate, zstd", Encoding::Identity),
            ("gzip", Encoding::Gzip),
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("br", Encoding::Brotli),
            ("BR", Encoding::Brotli),
            ("x-br", Encoding::Identity),
            ("*", Encoding::Brotli),
            ("*;q=0", Encoding::Identity),
            ("br;q=0, *", Encoding::Gzip),
            ("br;q=0, gzip;q=0", Encoding::Identity),
            ("br;q=0.5, gzip;q=0.8", Encoding::Gzip),
            ("br ; q=0.8 , gzip;q=0.8", Encoding::Brotli),
            ("br;q=0.000, gzip;q=0.001", Encoding::Gzip),
            ("br;q=x, gzip;level=9", Encoding::Identity),
            ("br;q=NaN, gzip;q=-1", Encoding::Identity),
            ("br;q=1.5", Encoding::Identity),
            (",,;;,", Encoding::Identity),
        ] {
            let mut request = HeaderMap::new();
            request.insert(
                header::ACCEPT_ENCODING,
                HeaderValue::from_str(field).unwrap(),
            );
            assert_eq!(Encoding::of(&request), best, "{field:?}");
        }
        assert_eq!(Encoding::of(&HeaderMap::new()), Encoding::Identity);
        let mut twice = HeaderMap::new();
        twice.append(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        );
        twice.append(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        assert_eq!(Encoding::of(&twice), Encoding::Gzip);
    }
}
