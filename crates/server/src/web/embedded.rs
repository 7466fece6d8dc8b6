//! What the build script put into the program.

use super::Encoding;

include!(concat!(env!("OUT_DIR"), "/web.rs"));

/// An asset in all its encodings.
pub(super) struct Embedded {
    name: &'static str,
    identity: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

impl Embedded {
    /// Returns the bytes in the encoding that is asked for.
    pub(super) fn in_encoding(&self, encoding: Encoding) -> (&'static [u8], Encoding) {
        let bytes = match encoding {
            Encoding::Brotli => self.brotli,
            Encoding::Gzip => self.gzip,
            Encoding::Identity => self.identity,
        };
        (bytes, encoding)
    }
}

/// A text with placeholders, and the modules that it needs at once.
struct Template {
    file: &'static str,
    text: &'static str,
    preload: &'static [&'static str],
}

pub(super) fn asset(name: &str) -> Option<&'static Embedded> {
    let at = ASSETS.binary_search_by(|asset| asset.name.cmp(name)).ok()?;
    ASSETS.get(at)
}

pub(super) fn template(file: &str) -> Option<(&'static str, &'static [&'static str])> {
    let template = TEMPLATES.iter().find(|template| template.file == file)?;
    Some((template.text, template.preload))
}
