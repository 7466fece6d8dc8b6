//! Assets: named by the hash of all, kept for ever, in the encoding that is asked for; and nothing but them.

use std::io::Read;

use crate::common::Api;
use crate::{BROWSER, folder, get};

const MODULE: &str = "modules/client-zip/index.js";

#[tokio::test]
async fn t16_assets_may_be_kept_and_their_absence_may_not() {
    let api = Api::new().await;
    let folder = folder(&api).await;
    let found = get(&api, &format!("/assets/{folder}/{MODULE}"), &[]).await;
    assert_eq!(found.status, 200);
    assert_eq!(
        found.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        found.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(found.header("vary"), "accept-encoding");
    assert_eq!(found.header("x-content-type-options"), "nosniff");
    assert_eq!(found.header("cross-origin-resource-policy"), "same-origin");
    assert!(
        found
            .header("content-security-policy")
            .starts_with("default-src 'none'; script-src 'self'; ")
    );
    let old = "0".repeat(32);
    for path in [
        format!("/assets/{old}/{MODULE}"),
        format!("/assets/dev/{MODULE}"),
        format!("/assets/{folder}/modules/client-zip/worker.js"),
        format!("/assets/{folder}/modules/client-zip/package.json"),
        format!("/assets/{folder}/modules/brotli-wasm/index.web.js"),
        format!("/assets/{folder}/service-worker.js"),
        format!("/assets/{folder}/html/send.html"),
        format!("/assets/{folder}/package.json"),
        format!("/assets/{folder}/package-lock.json"),
        format!("/assets/{folder}/"),
        format!("/assets/{folder}"),
        format!("/assets/{folder}/%FF.js"),
        "/assets/".into(),
        "/assets".into(),
    ] {
        let answer = get(&api, &path, &[BROWSER]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text()),
            (404, "There is nothing here.\n"),
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    }
    // Nor is the refusal of a method kept.
    let refused = crate::ask(&api, "POST", &format!("/assets/{folder}/{MODULE}"), &[]).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("cache-control")),
        (405, "no-store")
    );
}

#[tokio::test]
async fn every_encoding_gives_the_same_bytes() {
    let api = Api::new().await;
    let folder = folder(&api).await;
    for name in [
        MODULE,
        "modules/brotli-wasm/brotli_wasm_bg.wasm",
        "modules/uqr/LICENSE.txt",
    ] {
        let path = format!("/assets/{folder}/{name}");
        let plain = get(&api, &path, &[]).await;
        assert!(!plain.headers.contains_key("content-encoding"));
        for (accepted, encoding) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "")] {
            let answer = get(&api, &path, &[("accept-encoding", accepted)]).await;
            assert_eq!(answer.header("content-encoding"), encoding, "{name}");
            assert_eq!(answer.header("vary"), "accept-encoding");
            assert_eq!(answer.header("content-type"), plain.header("content-type"));
            let mut bytes = Vec::new();
            match encoding {
                "br" => brotli::Decompressor::new(&answer.bytes[..], 4096)
                    .read_to_end(&mut bytes)
                    .unwrap(),
                "gzip" => flate2::read::GzDecoder::new(&answer.bytes[..])
                    .read_to_end(&mut bytes)
                    .unwrap(),
                _ => (&answer.bytes[..]).read_to_end(&mut bytes).unwrap(),
            };
            assert!(bytes == plain.bytes, "{name} {encoding}");
            assert!(encoding.is_empty() || answer.bytes.len() < plain.bytes.len());
        }
    }
}

/// The three packages, and of each only what the page loads, with its licence.
#[tokio::test]
async fn only_named_files_of_modules_are_there() {
    let api = Api::new().await;
    let folder = folder(&api).await;
    for (name, media_type) in [
        (
            "modules/brotli-wasm/LICENSE.txt",
            "text/plain; charset=utf-8",
        ),
        (
            "modules/brotli-wasm/brotli_wasm.js",
            "text/javascript; charset=utf-8",
        ),
        (
            "modules/brotli-wasm/brotli_wasm_bg.wasm",
            "application/wasm",
        ),
        (
            "modules/client-zip/LICENSE.txt",
            "text/plain; charset=utf-8",
        ),
        (
            "modules/client-zip/index.js",
            "text/javascript; charset=utf-8",
        ),
        ("modules/uqr/LICENSE.txt", "text/plain; charset=utf-8"),
        ("modules/uqr/index.js", "text/javascript; charset=utf-8"),
    ] {
        let answer = get(&api, &format!("/assets/{folder}/{name}"), &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, media_type)
        );
        let wasm = answer
            .header("content-security-policy")
            .contains("wasm-unsafe-eval");
        assert!(!wasm, "only the worker that loads it may run WASM: {name}");
    }
    let wasm = format!("/assets/{folder}/modules/brotli-wasm/brotli_wasm_bg.wasm");
    assert!(get(&api, &wasm, &[]).await.bytes.starts_with(b"\0asm"));
}
