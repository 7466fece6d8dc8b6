//! What a plain file is called and what it is, as the manifest says it.

use std::collections::{HashMap, HashSet};

use onekey_core::url::Suffix;

use crate::direct::file_name::{fit, is_hidden};

/// Longest name in bytes, as file systems have it.
const MAX_NAME: usize = 255;

/// What a file is called whose sender did not say.
const NO_NAME: &str = "file";

/// What a file is that neither its name nor its sender tells.
const NO_TYPE: &str = "application/octet-stream";

/// Longest media type that a sender may declare.
const MAX_DECLARED: usize = 127;

/// Returns the name to keep of what a client calls its file: the last component, without control characters and
/// without those that turn the direction of writing.
///
/// curl calls standard input `-`, which is no name for whoever saves it.
pub(super) fn clean(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|&char| !is_hidden(char)).collect();
    if matches!(name.as_str(), "" | "." | ".." | "-") {
        return NO_NAME.into();
    }
    let (stem, end) = split(&name);
    fit(stem, end, MAX_NAME)
}

/// Splits a name before the dot of its extension, which stays when the name is cut.
fn split(name: &str) -> (&str, &str) {
    let end = Suffix::for_file_name(name);
    let length = end
        .as_extension()
        .map_or(0, |extension| extension.len() + 1);
    name.split_at(name.len() - length)
}

/// Returns the media type by the name, else the one that the sender declares, if that is one.
pub(super) fn media_type(name: &str, declared: Option<&str>) -> String {
    let guess = mime_guess::from_path(name).first_raw().map(str::to_owned);
    guess
        .or_else(|| declared.and_then(well_formed))
        .unwrap_or_else(|| NO_TYPE.into())
}

/// Returns `type/subtype` in lower case and without parameters, if it is one (RFC 6838, section 4.2).
fn well_formed(declared: &str) -> Option<String> {
    let bare = declared.split(';').next()?.trim().to_ascii_lowercase();
    let (kind, subtype) = bare.split_once('/')?;
    let sound = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphanumeric())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    (bare.len() <= MAX_DECLARED && sound(kind) && sound(subtype)).then_some(bare)
}

/// Returns a name for a file of which nothing but its type is known: `file.png`.
pub(crate) fn of_type(declared: Option<&str>) -> String {
    let media_type = declared.and_then(well_formed).unwrap_or_default();
    let usual = USUAL.iter().find(|(known, _)| *known == media_type);
    match usual {
        Some((_, extension)) => format!("{NO_NAME}.{extension}"),
        None => NO_NAME.into(),
    }
}

/// The extensions that people expect of what programs send without a name.
const USUAL: [(&str, &str); 27] = [
    ("application/gzip", "gz"),
    ("application/json", "json"),
    ("application/pdf", "pdf"),
    ("application/xml", "xml"),
    ("application/zip", "zip"),
    ("audio/flac", "flac"),
    ("audio/mp4", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "ogg"),
    ("audio/wav", "wav"),
    ("image/avif", "avif"),
    ("image/bmp", "bmp"),
    ("image/gif", "gif"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/svg+xml", "svg"),
    ("image/tiff", "tif"),
    ("image/webp", "webp"),
    ("text/css", "css"),
    ("text/csv", "csv"),
    ("text/html", "html"),
    ("text/markdown", "md"),
    ("text/plain", "txt"),
    ("video/mp4", "mp4"),
    ("video/quicktime", "mov"),
    ("video/webm", "webm"),
    ("video/x-matroska", "mkv"),
];

/// The names of one share: no two are equal.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The number that the next file of a name gets.
    next: HashMap<String, u32>,
}

impl Names {
    /// Returns the name itself, or with a number: `a (2).png`.
    pub(super) fn take(&mut self, name: String) -> String {
        if self.taken.insert(name.clone()) {
            return name;
        }
        let (stem, end) = split(&name);
        let next = self.next.entry(name.clone()).or_insert(2);
        // Ends: each try has another number, and only so many names are taken.
        loop {
            let numbered = fit(stem, &format!(" ({next}){end}"), MAX_NAME);
            *next += 1;
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p3_a_name_keeps_nothing_that_could_harm() {
        for (given, kept) in [
            ("a.png", "a.png"),
            ("/etc/passwd", "passwd"),
            (r"C:\fakepath\x.png", "x.png"),
            ("..", "file"),
            ("../..", "file"),
            ("a/", "file"),
            (".", "file"),
            ("-", "file"),
            ("", "file"),
            ("\0\r\n", "file"),
            ("a\r\nset-cookie: b.png", "aset-cookie: b.png"),
            ("a\u{202e}gnp.exe", "agnp.exe"),
            ("\u{2066}a\u{200f}\u{61c}", "a"),
            ("a\u{85}b", "ab"),
            ("日本語 😀.png", "日本語 😀.png"),
            (r#"a";b'.png"#, r#"a";b'.png"#),
            (".bashrc", ".bashrc"),
            ("%0d%0a", "%0d%0a"),
        ] {
            assert_eq!(clean(given), kept, "{given:?}");
        }
    }

    #[test]
    fn p3_a_long_name_is_cut_at_a_character_and_keeps_its_extension() {
        let cut = clean(&format!("{}.jpeg", "ü".repeat(2048)));
        assert_eq!(cut.len(), 255);
        assert!(cut.ends_with("ü.jpeg"), "{cut}");
        assert_eq!(clean(&"ü".repeat(2048)).len(), 254);
        assert_eq!(clean(&format!("a.{}", "b".repeat(4096))).len(), 255);
    }

    #[test]
    fn s2_the_name_comes_before_what_the_sender_declares() {
        for (name, declared, media_type) in [
            ("x.png", Some("text/html"), "image/png"),
            ("x.PNG", None, "image/png"),
            ("x", Some("Text/HTML; charset=utf-8"), "text/html"),
            ("x", Some("image/svg+xml ; a=b"), "image/svg+xml"),
            ("x", Some("text"), NO_TYPE),
            ("x", Some("a/b/c"), NO_TYPE),
            ("x", Some("a/b\r\nc: d"), NO_TYPE),
            ("x", Some("*/*"), NO_TYPE),
            ("x", None, NO_TYPE),
        ] {
            assert_eq!(
                super::media_type(name, declared),
                media_type,
                "{name} {declared:?}"
            );
        }
    }

    #[test]
    fn a_type_names_what_has_no_name() {
        for (declared, name) in [
            (Some("image/png"), "file.png"),
            (Some("IMAGE/JPEG; q=1"), "file.jpg"),
            (Some("text/plain; charset=utf-8"), "file.txt"),
            (Some("application/octet-stream"), "file"),
            (Some("nonsense"), "file"),
            (None, "file"),
        ] {
            assert_eq!(of_type(declared), name, "{declared:?}");
        }
    }

    #[test]
    fn equal_names_are_numbered() {
        let mut names = Names::default();
        let mut take = |name: &str| names.take(name.into());
        assert_eq!(take("a.png"), "a.png");
        assert_eq!(take("a (2).png"), "a (2).png");
        assert_eq!(take("a.png"), "a (3).png");
        assert_eq!(take("a.png"), "a (4).png");
        assert_eq!(take("file"), "file");
        assert_eq!(take("file"), "file (2)");
        let long = "x".repeat(255);
        assert_eq!(take(&long), long);
        let numbered = take(&long);
        assert!(
            numbered.len() == 255 && numbered.ends_with("x (2)"),
            "{numbered}"
        );
    }
}
