//! What a text that is not an asset says of the assets: where they are, and which to fetch at once.

use std::fmt::Write;

/// Stands for the relative address of the assets' folder.
const ASSETS: &str = "{assets}";

/// Stands for links to the modules that a page needs.
const PRELOAD: &str = "{preload}";

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
}
