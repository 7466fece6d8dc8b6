//! What browsers may do with the page: its Content-Security-Policy, for each kind of answer.
//!
//! The build script compiles this file, too: caches keep these fields with the assets, so they are part of the hash
//! that names the assets' folder.

/// The policy of a page whose forms may post to `$target`.
macro_rules! page {
    ($target:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
             worker-src 'self'; base-uri 'none'; form-action ",
            $target,
            "; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types onekey"
        )
    };
}

/// The policy of a page. Nothing is allowed but what is named:
///
/// - scripts, styles and requests of this origin alone, none of them inline: a file name that slips into the markup does
///   nothing, and no third party is ever told anything;
/// - `blob:` images, for previews of what was decrypted here;
/// - the `onekey` policy of Trusted Types, which passes our own addresses of scripts, and no other sink;
/// - no `<base>` and no form that could send a key elsewhere; no frame around the page that could take its clicks.
pub(crate) const PAGE: &str = page!("'none'");

/// The same for a page with the plain upload form, which posts to this origin and nowhere else.
pub(crate) const PAGE_WITH_FORM: &str = page!("'self'");

/// The policy of the plain upload form where it stands alone: it needs no script at all.
pub(crate) const FORM: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'";

/// The policy of scripts. A worker has the policy of its own answer, not that of the page that starts it.
pub(crate) const SCRIPT: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'; \
     require-trusted-types-for 'script'; trusted-types onekey";

/// The same with WebAssembly, for the one worker that needs it.
const WASM_SCRIPT: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
     worker-src 'self'; require-trusted-types-for 'script'; trusted-types onekey";

/// The policy of all else: a picture that is opened as a document runs nothing.
const OTHER: &str = "default-src 'none'";

/// The worker that compresses and decompresses.
const WASM_WORKER: &str = "codec/brotli-worker.js";

/// What the page never asks for, and a script in it should not get. Only names that all browsers know: they complain
/// about others.
pub(crate) const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// Returns the policy of the asset `name`.
pub(crate) fn of_asset(name: &str) -> &'static str {
    if name == WASM_WORKER {
        WASM_SCRIPT
    } else if name.ends_with(".js") {
        SCRIPT
    } else {
        OTHER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_worker_runs_wasm_and_nothing_runs_text() {
        assert!(of_asset("codec/brotli-worker.js").contains("'wasm-unsafe-eval'"));
        for name in [
            "send.js",
            "brotli-worker.js",
            "codec/brotli.js",
            "worker/codec/brotli-worker.js",
            "modules/brotli-wasm/brotli_wasm.js",
        ] {
            assert_eq!(of_asset(name), SCRIPT, "{name}");
        }
        for name in ["page.css", "icon.svg", "x.wasm", "LICENSE.txt"] {
            assert_eq!(of_asset(name), "default-src 'none'", "{name}");
        }
        assert_eq!(WASM_SCRIPT.replace(" 'wasm-unsafe-eval'", ""), SCRIPT);
        for policy in [PAGE, PAGE_WITH_FORM, SCRIPT] {
            assert!(
                !policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http")
            );
            assert!(policy.starts_with("default-src 'none'; script-src 'self'; "));
            assert!(policy.ends_with("require-trusted-types-for 'script'; trusted-types onekey"));
        }
    }

    #[test]
    fn a_form_may_post_to_this_origin_and_that_is_all_it_changes() {
        let form = "form-action 'self'";
        assert_eq!(
            PAGE_WITH_FORM.replace(form, "form-action 'none'"),
            PAGE.to_owned()
        );
        assert!(PAGE_WITH_FORM.contains(form) && !PAGE.contains(form));
        for directive in FORM.split("; ") {
            assert!(PAGE_WITH_FORM.contains(directive), "{directive}");
        }
        assert!(!FORM.contains("script"));
    }
}
