//! Names of the page's files: which are served, as which type, and which files of third-party modules there are.
//!
//! The build script compiles this file, too: what is embedded and what `--web-dir` serves have the same names.

/// The endings that are served, and their types. Nothing else is, whatever lies in the folder.
pub(crate) const TYPES: [(&str, &str); 5] = [
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain; charset=utf-8"),
    ("wasm", "application/wasm"),
];

/// The service worker: it has an address of its own, as its address is its scope.
pub(crate) const SERVICE_WORKER: &str = "service-worker.js";

/// Where npm puts packages.
pub(crate) const PACKAGES: &str = "node_modules";

/// Where assets of third-party modules stand.
const MODULES_FOLDER: &str = "modules/";

/// A file of a package that is served.
#[derive(Debug)]
pub(crate) struct ModuleFile {
    pub(crate) package: &'static str,
    /// Within the package.
    pub(crate) file: &'static str,
    /// Among the assets.
    pub(crate) name: &'static str,
}

/// Every third-party file of the page. Licences travel with the code, as they ask for.
pub(crate) const MODULES: [ModuleFile; 7] = [
    module(
        "brotli-wasm",
        "pkg.web/brotli_wasm.js",
        "modules/brotli-wasm/brotli_wasm.js",
    ),
    module(
        "brotli-wasm",
        "pkg.web/brotli_wasm_bg.wasm",
        "modules/brotli-wasm/brotli_wasm_bg.wasm",
    ),
    module("brotli-wasm", "LICENSE", "modules/brotli-wasm/LICENSE.txt"),
    module("client-zip", "index.js", "modules/client-zip/index.js"),
    module(
        "client-zip",
        "LICENSE.txt",
        "modules/client-zip/LICENSE.txt",
    ),
    module("uqr", "dist/index.mjs", "modules/uqr/index.js"),
    module("uqr", "LICENSE", "modules/uqr/LICENSE.txt"),
];

const fn module(package: &'static str, file: &'static str, name: &'static str) -> ModuleFile {
    ModuleFile {
        package,
        file,
        name,
    }
}

/// Where an asset comes from.
#[derive(Debug)]
pub(crate) enum Origin {
    /// A file of a package.
    Module(&'static ModuleFile),
    /// A file of the page's own, by the same name.
    Own,
}

/// Returns where the asset `name` comes from, or `None` if there can be none: only plain names with a known ending,
/// so that no name leads out of the folder or to a hidden file.
pub(crate) fn origin(name: &str) -> Option<Origin> {
    let plain = |part: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(known) && part != PACKAGES
    };
    if !name.split('/').all(plain) || name == SERVICE_WORKER {
        return None;
    }
    let ending = media_type(name)?;
    if name.starts_with(MODULES_FOLDER) {
        return MODULES
            .iter()
            .find(|module| module.name == name)
            .map(Origin::Module);
    }
    // Only licences are texts.
    (!ending.starts_with("text/plain")).then_some(Origin::Own)
}

/// Returns the type that `name` is served as.
pub(crate) fn media_type(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    let known = TYPES.iter().find(|(known, _)| *known == ending)?;
    Some(known.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_with_known_endings_are_assets() {
        for own in ["send.js", "style/page.css", "icon.svg", "a/b/c-d_e.f.js"] {
            assert!(matches!(origin(own), Some(Origin::Own)), "{own}");
        }
        for module in &MODULES {
            assert!(matches!(origin(module.name), Some(Origin::Module(_))));
            assert!(media_type(module.name).is_some());
        }
        for none in [
            "",
            "/send.js",
            "send.js/",
            "a//b.js",
            "../send.js",
            "a/../send.js",
            "./send.js",
            "..",
            ".hidden.js",
            ".git/x.js",
            "a\\b.js",
            "a b.js",
            "a%2e.js",
            "ä.js",
            "a\0.js",
            "C:x.js",
            "send.html",
            "send.JS",
            "send.js.map",
            "package.json",
            "service-worker.js",
            "notes.txt",
            "js",
            "node_modules/uqr/dist/index.js",
            "modules/uqr/other.js",
            "modules/left-pad/index.js",
        ] {
            assert!(origin(none).is_none(), "{none:?}");
        }
    }
}
