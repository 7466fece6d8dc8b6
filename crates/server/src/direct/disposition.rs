//! `Content-Disposition` (RFC 6266, RFC 8187): under which name a file is saved.

use std::fmt::Write;

use axum::http::HeaderValue;

use crate::direct::file_name::{fit, is_hidden};

/// Longest name that goes out, in bytes of UTF-8: what file systems take.
const MAX_NAME: usize = 240;

/// Longest ending that is kept where a name is cut, in bytes.
const MAX_ENDING: usize = 16;

/// The name where nothing of a file's own is left.
const UNNAMED: &str = "file";

/// Returns the field for the file at `path`, of which only the name goes out.
pub(crate) fn content_disposition(path: &str, inline: bool) -> HeaderValue {
    let name = path.rsplit('/').next().unwrap_or_default();
    let name: String = name.chars().filter(|&c| !is_hidden(c)).collect();
    let name = match shortened(name.trim_matches(' ')) {
        name if name.is_empty() => UNNAMED.to_owned(),
        name => name,
    };
    let way = if inline { "inline" } else { "attachment" };
    let plain = plain(&name);
    let mut field = format!("{way}; filename=\"{plain}\"");
    // Programs that know only the first form, such as curl, must get all of what it can say.
    if plain != name {
        field.push_str("; filename*=UTF-8''");
        extended(&name, &mut field);
    }
    HeaderValue::try_from(field).expect("only visible ASCII characters and spaces are left")
}

/// Cuts a name that is too long before its ending.
fn shortened(name: &str) -> String {
    if name.len() <= MAX_NAME {
        return name.to_owned();
    }
    let dot = name.rfind('.').filter(|dot| name.len() - dot <= MAX_ENDING);
    let (stem, ending) = name.split_at(dot.unwrap_or(name.len()));
    fit(stem, ending, MAX_NAME)
}

/// The name in ASCII, without what some reader would take for something else: quotes and backslashes, which nobody
/// unescapes alike, and what looks like an encoded byte.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for (at, c) in name.char_indices() {
        let encodes = c == '%' && {
            let next = name.as_bytes().get(at + 1..at + 3);
            next.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        let sound = matches!(c, ' '..='~') && !matches!(c, '"' | '\\') && !encodes;
        plain.push(if sound { c } else { '_' });
    }
    plain
}

/// Writes the name with all but `attr-char` encoded.
fn extended(name: &str, field: &mut String) {
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            field.push(char::from(byte));
        } else {
            write!(field, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> String {
        let field = content_disposition(path, true);
        field.to_str().unwrap().to_owned()
    }

    #[test]
    fn p3_every_name_makes_one_sound_field() {
        for (path, field) in [
            ("a.png", r#"inline; filename="a.png""#),
            ("dir/any name.png", r#"inline; filename="any name.png""#),
            ("a;b=c,d.txt", r#"inline; filename="a;b=c,d.txt""#),
            (
                r#"say "hi"\now.txt"#,
                r#"inline; filename="say _hi__now.txt"; filename*=UTF-8''say%20%22hi%22%5Cnow.txt"#,
            ),
            (
                "100%41.txt",
                r#"inline; filename="100_41.txt"; filename*=UTF-8''100%2541.txt"#,
            ),
            ("100%.txt", r#"inline; filename="100%.txt""#),
            (
                "é😀.png",
                r#"inline; filename="__.png"; filename*=UTF-8''%C3%A9%F0%9F%98%80.png"#,
            ),
            ("gpj.\u{202e}exe", r#"inline; filename="gpj.exe""#),
            (
                "%0d%0aX: y",
                "inline; filename=\"_0d_0aX: y\"; filename*=UTF-8''%250d%250aX%3A%20y",
            ),
            ("\u{202e}", r#"inline; filename="file""#),
            ("  ", r#"inline; filename="file""#),
        ] {
            assert_eq!(of(path), field);
        }
        // No manifest holds controls, and this does not count on it.
        assert_eq!(of("a\r\nb\0c\u{7f}\u{85}"), r#"inline; filename="abc""#);
    }

    #[test]
    fn p3_long_names_keep_their_ending() {
        let long = format!("{}.png", "é".repeat(400));
        let field = of(&long);
        let extended = field.split("UTF-8''").nth(1).unwrap();
        assert_eq!(extended.len(), 236 * 3 + 4);
        assert!(extended.ends_with("%C3%A9.png"));
        let dots = of(&"x.".repeat(500));
        assert_eq!(dots, format!("inline; filename=\"{}\"", "x.".repeat(120)));
        assert_eq!(
            content_disposition("a", false).to_str().unwrap(),
            "attachment; filename=\"a\""
        );
    }
}
