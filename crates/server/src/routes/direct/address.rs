//! An address that holds a key, and what it asks for.

use axum::http::Uri;
use onekey_core::keys::{Grant, LinkKey};
use onekey_core::url::{Suffix, split_key};

/// `/KEY`, `/KEY.ext` or `/KEY/any name`, with a query.
pub(super) struct Address {
    pub(super) key: LinkKey,
    pub(super) suffix: Suffix,
    pub(super) wishes: Wishes,
}

/// What a query asks for. Names that are not known are ignored: sites add theirs to every link.
#[derive(Default)]
pub(super) struct Wishes {
    /// To be saved, and not shown.
    pub(super) download: bool,
    /// All files in one.
    pub(super) zip: bool,
    pub(super) grant: Option<Grant>,
}

/// What a path is that should hold a key.
pub(super) enum Parsed {
    Address(Address),
    /// It begins with a key, and what stands behind it names no file that could be.
    Malformed,
    /// It holds no key.
    NoKey,
}

impl Parsed {
    pub(super) fn of(uri: &Uri) -> Self {
        let path = uri.path().strip_prefix('/').unwrap_or_default();
        let end = path.find('/').unwrap_or(path.len());
        let Some((key, ending)) = split_key(&path[..end]) else {
            return Self::NoKey;
        };
        let behind = &path[end - ending.len()..];
        // `KEY.ext/name` is nothing that anybody makes.
        let Some(suffix) = (ending.is_empty() || end == path.len())
            .then(|| Suffix::parse(behind).ok())
            .flatten()
        else {
            return Self::Malformed;
        };
        let mut wishes = Wishes::of(uri.query().unwrap_or_default());
        wishes.zip &= suffix.as_name().is_none();
        Self::Address(Address {
            key,
            suffix,
            wishes,
        })
    }
}

impl Wishes {
    fn of(query: &str) -> Self {
        let mut wishes = Self::default();
        for field in query.split('&') {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            match name {
                "download" => wishes.download = true,
                "zip" => wishes.zip = true,
                "grant" => wishes.grant = Grant::from_base64url(value).ok(),
                _ => {}
            }
        }
        wishes
    }

    /// Returns the query that asks for the same, with `grant` in the place of its own.
    pub(super) fn query_with(&self, grant: Option<&Grant>) -> String {
        let grant = grant.map(|grant| format!("grant={}", grant.to_base64url()));
        let wishes = [
            self.download.then(|| "download".to_owned()),
            self.zip.then(|| "zip".to_owned()),
            grant,
        ];
        let fields: Vec<String> = wishes.into_iter().flatten().collect();
        match &*fields {
            [] => String::new(),
            fields => format!("?{}", fields.join("&")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn parsed(path: &str) -> Parsed {
        Parsed::of(&path.parse().unwrap())
    }

    #[test]
    fn p1_what_no_file_is_called_is_malformed() {
        for behind in [
            "/..", "/%2e%2e", "/%2E./x", "/a/../b", "//", "//a", "/a//b", "/.", "/a/.", "/%00",
            "/a%0d%0a", "/%ff", "/%c0%af", "/%2f", "./", ".png/", ".png/x", "./x", ".a%2fb",
        ] {
            let path = format!("/{KEY}{behind}");
            assert!(matches!(parsed(&path), Parsed::Malformed), "{behind}");
        }
        let long = format!("/{KEY}/{}", "x".repeat(5000));
        assert!(matches!(parsed(&long), Parsed::Malformed));
    }

    #[test]
    fn p2_only_a_key_in_its_one_form_is_a_key() {
        let spare = KEY.replace("Hh8", "Hh9");
        let short = &KEY[1..];
        for path in [
            "/*".to_owned(),
            "/?".into(),
            "/[a]".into(),
            format!("/{spare}"),
            format!("/{short}"),
            format!("/{KEY}A"),
            format!("/{KEY}="),
            format!("/{KEY}%2Epng"),
            format!("/%41{}", &KEY[1..]),
            format!("//{KEY}"),
            format!("/x/{KEY}"),
        ] {
            let uri: Result<Uri, _> = path.parse();
            if let Ok(uri) = uri {
                assert!(matches!(Parsed::of(&uri), Parsed::NoKey), "{path}");
            }
        }
    }

    #[test]
    fn wishes_are_read_and_written() {
        let grant = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        let path = format!("/{KEY}?utm_source=x&download&zip=1&grant={grant}&secret=y");
        let Parsed::Address(address) = parsed(&path) else {
            panic!("this is an address");
        };
        let wishes = &address.wishes;
        assert!(wishes.download && wishes.zip);
        let grant_of = wishes.grant.as_ref();
        assert_eq!(
            wishes.query_with(grant_of),
            format!("?download&zip&grant={grant}")
        );
        assert_eq!(wishes.query_with(None), "?download&zip");
        let Parsed::Address(address) = parsed(&format!("/{KEY}/a.txt?zip&grant=short")) else {
            panic!("this is an address");
        };
        assert_eq!(address.suffix.as_name(), Some("a.txt"));
        assert!(!address.wishes.zip && address.wishes.grant.is_none());
        assert_eq!(address.wishes.query_with(None), "");
    }
}
