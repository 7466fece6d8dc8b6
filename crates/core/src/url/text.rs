//! The parts that links and manage links have in common.

use super::link::find_key;
use super::server::{ParseServerUrlError, ServerUrl};

/// A URL in pieces, before anyone knows what it opens.
pub(super) struct Pieces<'a> {
    /// Scheme, host and port.
    pub(super) start: ServerUrl,
    /// Path, without the query.
    pub(super) path: &'a str,
    /// What stands behind `#` or `%23`; an empty fragment is none.
    pub(super) fragment: Option<&'a str>,
}

impl<'a> Pieces<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, ParseServerUrlError> {
        let (start, rest) = ServerUrl::parse_start(unwrap(text))?;
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (rest, None),
        };
        let path = rest.split_once('?').map_or(rest, |(path, _)| path);
        let fragment = fragment.filter(|fragment| !fragment.is_empty());
        let pieces = Self {
            start,
            path,
            fragment,
        };
        // Behind a direct link's key, `%23` is a part of the file's name.
        Ok(if fragment.is_none() && find_key(path).is_none() {
            pieces.with_encoded_fragment()
        } else {
            pieces
        })
    }

    fn with_encoded_fragment(mut self) -> Self {
        if let Some((path, fragment)) = self.path.split_once("%23") {
            self.path = path;
            self.fragment = Some(fragment).filter(|fragment| !fragment.is_empty());
        }
        self
    }

    /// Returns the path's last two components and the prefix before them, without an ending slash.
    pub(super) fn manage_path(&self) -> Option<(&'a str, &'a str)> {
        let path = self.path.strip_suffix('/').unwrap_or(self.path);
        let (prefix, share) = path.rsplit_once('/')?;
        Some((prefix.strip_suffix("/manage")?, share))
    }

    /// Returns the prefix before `/s` or `/s/`.
    pub(super) fn private_prefix(&self) -> Option<&'a str> {
        let path = self.path.strip_suffix('/').unwrap_or(self.path);
        path.strip_suffix("/s")
    }
}

/// Removes what mail programs and people put around a URL.
fn unwrap(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'))
        .map_or(text, str::trim)
}
