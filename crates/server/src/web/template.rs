//! What the server fills into a text that is not an asset: where the assets are, which to fetch at once, and the plain
//! upload form.

use std::fmt::Write;

/// Stands for the relative address of the assets' folder.
const ASSETS: &str = "{assets}";

/// Stands for links to the modules that a page needs.
const PRELOAD: &str = "{preload}";

/// Stands for the plain upload form.
pub(super) const FORM: &str = "{form}";

/// Lines between these are for a server that wants an upload secret.
const SECRET: (&str, &str) = ("<!-- secret -->", "<!-- /secret -->");

/// What begins a choice of the form, up to its value.
const CHOICE: &str = "<option value=\"";

/// What the plain upload form depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// Whether the server wants an upload secret.
    pub(crate) secret: bool,
    /// Most seconds until a link ends.
    pub(crate) max_expiry: Option<u64>,
}

impl Form {
    /// Puts the form where `text` wants it, with what this server takes.
    pub(super) fn put_into(self, text: &str, form: &str) -> String {
        let mut fits = true;
        let lines = form.lines().filter(|line| {
            let line = line.trim();
            if line == SECRET.0 {
                fits = self.secret;
                return false;
            }
            if line == SECRET.1 {
                fits = true;
                return false;
            }
            fits && self.offers(line)
        });
        text.replace(FORM, &lines.collect::<Vec<_>>().join("\n"))
    }

    /// Tells whether `line` is anything but the choice of an end that the server refuses.
    fn offers(self, line: &str) -> bool {
        let Some(rest) = line.strip_prefix(CHOICE) else {
            return true;
        };
        match (self.max_expiry, rest.split('"').next()) {
            (None, _) | (_, None | Some("")) => true,
            (Some(max), Some(value)) => value.parse::<u64>().is_ok_and(|seconds| seconds <= max),
        }
    }
}

/// Fills in the address of the assets and the links to `preload`.
pub(super) fn filled(template: &str, assets: &str, preload: &[&str]) -> String {
    let links = preload.iter().fold(String::new(), |mut links, module| {
        let _ = writeln!(
            links,
            "<link rel=\"modulepreload\" href=\"{ASSETS}/{module}\">"
        );
        links
    });
    template
        .replace(PRELOAD, links.trim_end())
        .replace(ASSETS, assets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in() {
        let html = "<head>{preload}</head><script type=\"module\" src=\"{assets}/send.js\">";
        assert_eq!(
            filled(html, "../assets/x", &["a/b.js", "c.js"]),
            "<head><link rel=\"modulepreload\" href=\"../assets/x/a/b.js\">\n\
             <link rel=\"modulepreload\" href=\"../assets/x/c.js\"></head>\
             <script type=\"module\" src=\"../assets/x/send.js\">"
        );
        assert_eq!(filled("{preload}{other}", "a", &[]), "{other}");
    }

    #[test]
    fn the_form_has_what_the_server_takes() {
        const FORM: &str = "<form>\n<!-- secret -->\n<input name=\"secret\">\n<!-- /secret -->\n\
            <option value=\"\">as usual</option>\n<option value=\"3600\">an hour</option>\n\
            <option value=\"86400\">a day</option>\n<option value=\"never\">never</option>\n</form>";
        let (hour, day, never) = ("\"3600\"", "\"86400\"", "\"never\"");
        for (secret, max_expiry, there, not_there) in [
            (true, None, vec!["secret", hour, day, never], vec![]),
            (false, None, vec![hour, day, never], vec!["secret"]),
            (true, Some(86_400), vec!["secret", hour, day], vec![never]),
            (false, Some(86_399), vec![hour], vec!["secret", day, never]),
        ] {
            let form = Form { secret, max_expiry };
            let text = form.put_into("before {form} after", FORM);
            assert!(text.starts_with("before <form>") && text.ends_with("</form> after"));
            assert!(text.contains("as usual") && !text.contains("<!--"));
            for part in there {
                assert!(text.contains(part), "{part} in {text}");
            }
            for part in not_there {
                assert!(!text.contains(part), "{part} in {text}");
            }
        }
    }
}
