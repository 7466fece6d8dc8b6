//! Header fields of a form's parts: what a part is called, what its file is called, and what that is.

use percent_encoding::percent_decode;

/// Longest boundary. RFC 2046 allows 70 characters; some programs send more.
const MAX_BOUNDARY: usize = 200;

/// What a part's head says.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Field {
    /// The form field's name.
    pub(crate) name: Option<String>,
    /// The name of its file; empty where a person chose none.
    pub(crate) file_name: Option<String>,
    pub(crate) media_type: Option<String>,
}

/// Reads a part's head, lines that end with CR LF. What is not understood is passed over.
pub(crate) fn read(head: &[u8]) -> Field {
    let mut field = Field::default();
    for line in unfolded(head) {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            continue;
        };
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if name.eq_ignore_ascii_case(b"content-disposition") {
            let parameters = parameters(value);
            field.name = first(&parameters, "name").map(text);
            field.file_name = file_name(&parameters);
        } else if name.eq_ignore_ascii_case(b"content-type") {
            field.media_type = Some(text(value.trim_ascii()));
        }
    }
    field
}

/// Returns the file's name in a request's `Content-Disposition`.
pub(crate) fn file_name_of(disposition: &[u8]) -> Option<String> {
    file_name(&parameters(disposition))
}

/// Tells whether a `Content-Type` is a form's, and if so what its boundary is: `None` where it names no sound one.
pub(crate) fn boundary(content_type: &[u8]) -> Option<Option<Vec<u8>>> {
    let media_type = content_type.split(|&byte| byte == b';').next()?;
    if !media_type
        .trim_ascii()
        .eq_ignore_ascii_case(b"multipart/form-data")
    {
        return None;
    }
    let parameters = parameters(content_type);
    let boundary = first(&parameters, "boundary").filter(|boundary| {
        (1..=MAX_BOUNDARY).contains(&boundary.len())
            && boundary.iter().all(|byte| matches!(byte, b' '..=b'~'))
    });
    Some(boundary.map(<[u8]>::to_vec))
}

/// Returns the lines, each with those that continue it (RFC 5322, section 2.2.3).
fn unfolded(head: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in head.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line.first(), lines.last_mut()) {
            (Some(b' ' | b'\t'), Some(last)) => last.extend_from_slice(line),
            _ => lines.push(line.to_vec()),
        }
    }
    lines
}

type Parameters = Vec<(String, Vec<u8>)>;

/// Reads what stands behind the first `;`: `name=token` and `name="quoted"`.
fn parameters(field: &[u8]) -> Parameters {
    let mut found = Parameters::new();
    let mut rest = field;
    while let Some(at) = rest.iter().position(|&byte| byte == b';') {
        rest = &rest[at + 1..];
        let end = rest.iter().position(|byte| b"=;".contains(byte));
        let (name, tail) = rest.split_at(end.unwrap_or(rest.len()));
        rest = tail;
        let Some(tail) = tail.strip_prefix(b"=") else {
            continue;
        };
        let (value, tail) = match tail.trim_ascii_start() {
            [b'"', quoted @ ..] => unquoted(quoted),
            token => {
                let end = token.iter().position(|&byte| byte == b';');
                let (token, tail) = token.split_at(end.unwrap_or(token.len()));
                (token.trim_ascii().to_vec(), tail)
            }
        };
        found.push((text(name.trim_ascii()).to_ascii_lowercase(), value));
        rest = tail;
    }
    found
}

/// Reads a quoted string behind its first quote, and returns what follows the last. A backslash counts before a quote
/// and another backslash only: old browsers send `C:\path\name` as it is.
fn unquoted(mut rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    loop {
        match rest {
            [b'\\', byte @ (b'"' | b'\\'), tail @ ..] => {
                value.push(*byte);
                rest = tail;
            }
            [b'"', tail @ ..] => return (value, tail),
            [byte, tail @ ..] => {
                value.push(*byte);
                rest = tail;
            }
            [] => return (value, rest),
        }
    }
}

fn first<'p>(parameters: &'p Parameters, name: &str) -> Option<&'p [u8]> {
    let mut all = parameters.iter();
    all.find(|(known, _)| known == name)
        .map(|(_, value)| value.as_slice())
}

/// Returns the file's name: `filename*` (RFC 8187) before `filename`, in which browsers and curl write `%22` for a
/// quote.
fn file_name(parameters: &Parameters) -> Option<String> {
    let extended = first(parameters, "filename*").and_then(extended);
    extended.or_else(|| Some(text(first(parameters, "filename")?).replace("%22", "\"")))
}

/// Reads `UTF-8'language'percent-encoded`.
fn extended(value: &[u8]) -> Option<String> {
    let mut pieces = value.splitn(3, |&byte| byte == b'\'');
    let (charset, _language, encoded) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let decoded: Vec<u8> = percent_decode(encoded).collect();
    match charset.to_ascii_lowercase().as_slice() {
        b"utf-8" => Some(text(&decoded)),
        b"iso-8859-1" => Some(decoded.into_iter().map(char::from).collect()),
        _ => None,
    }
}

/// Names are UTF-8 as it is, whatever the RFCs say; what is not becomes U+FFFD.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(parameters: &str) -> Option<String> {
        let head = format!("\r\nContent-Disposition: form-data; name=\"file\"{parameters}\r\n\r\n");
        let field = read(head.as_bytes());
        assert_eq!(field.name.as_deref(), Some("file"));
        field.file_name
    }

    #[test]
    fn r5_names_of_files_as_programs_write_them() {
        for (parameters, name) in [
            (r#"; filename="a.png""#, Some("a.png")),
            (r#"; filename="ü 日本.png""#, Some("ü 日本.png")),
            (r"; filename=a.png", Some("a.png")),
            (r#";filename = "a.png" ; x=y"#, Some("a.png")),
            (r#"; filename="a;b\"c\\d.png""#, Some(r#"a;b"c\d.png"#)),
            (r#"; filename="C:\path\a.png""#, Some(r"C:\path\a.png")),
            (r#"; filename="a%22b%20.png""#, Some("a\"b%20.png")),
            (r#"; filename="""#, Some("")),
            (r#"; filename="never closed"#, Some("never closed")),
            (
                r#"; filename="x"; filename*=UTF-8''%C3%BC.png"#,
                Some("ü.png"),
            ),
            (r#"; filename*=utf-8'de'a%20b; filename="x""#, Some("a b")),
            (r#"; filename*=ISO-8859-1''%FC"#, Some("ü")),
            (r#"; filename*=KOI8-R''%FC; filename="x""#, Some("x")),
            (r#"; filename*=broken; filename="x""#, Some("x")),
            ("; filename", None),
            ("", None),
            (";;; = ;", None),
        ] {
            assert_eq!(named(parameters).as_deref(), name, "{parameters}");
        }
    }

    #[test]
    fn fields_are_found_in_any_case_folded_or_among_others() {
        let head = b"\r\nX: y\r\nno colon\r\ncontent-DISPOSITION:form-data;\r\n\tname=secret\r\n\
                     Content-Type:  text/plain; charset=x \r\n\r\n";
        let field = read(head);
        assert_eq!(field.name.as_deref(), Some("secret"));
        assert_eq!(field.media_type.as_deref(), Some("text/plain; charset=x"));
        assert_eq!(read(b"\r\n\r\n"), Field::default());
        let lossy = read(b"Content-Disposition: form-data; name=\"\xff\"");
        assert_eq!(lossy.name.as_deref(), Some("\u{fffd}"));
    }

    #[test]
    fn r5_boundaries() {
        let ask = |field: &str| boundary(field.as_bytes());
        let named = |boundary: &str| Some(Some(boundary.as_bytes().to_vec()));
        assert_eq!(ask("multipart/form-data; boundary=xy"), named("xy"));
        assert_eq!(ask("Multipart/Form-Data;boundary=\"x y\""), named("x y"));
        assert_eq!(
            ask("multipart/form-data; charset=a; Boundary=-'+"),
            named("-'+")
        );
        let long = "x".repeat(MAX_BOUNDARY);
        assert_eq!(
            ask(&format!("multipart/form-data; boundary={long}")),
            named(&long)
        );
        for bad in [
            "",
            "; boundary=",
            "; boundary=\"\"",
            "; boundary=\u{fc}",
            &format!("; boundary={long}x"),
        ] {
            assert_eq!(
                ask(&format!("multipart/form-data{bad}")),
                Some(None),
                "{bad}"
            );
        }
        for other in [
            "",
            "multipart/mixed; boundary=x",
            "image/png",
            "multipart/form-data-x; boundary=x",
        ] {
            assert_eq!(ask(other), None, "{other}");
        }
    }
}
