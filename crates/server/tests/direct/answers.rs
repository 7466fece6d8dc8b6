//! What is said about a file: every field, what caches may do, what a reader has already.

use axum::http::StatusCode;
use onekey_core::keys::LinkKey;
use serde_json::json;

use crate::common::Api;
use crate::share::Direct;
use crate::{ask, get};

/// The fields of a file's answer, but for those of its own.
const FIXED: [(&str, &str); 8] = [
    ("accept-ranges", "bytes"),
    ("access-control-allow-origin", "*"),
    (
        "content-security-policy",
        "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; sandbox",
    ),
    ("cross-origin-resource-policy", "cross-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-accel-buffering", "no"),
    ("x-content-type-options", "nosniff"),
    ("x-robots-tag", "noindex, nofollow, noarchive"),
];

#[tokio::test]
async fn a_file_has_every_field_and_no_other() {
    let api = Api::new().await;
    let shared = Direct::file("dir/any name.png", "image/png", 2500)
        .put(&api)
        .await;
    let etag = format!("\"{}\"", shared.key.etag("dir/any name.png"));
    for behind in [
        "",
        ".png",
        ".tar.gz",
        "/any name.png".replace(' ', "%20").as_str(),
        "/other.html",
        "/",
        "?utm_source=x&x",
    ] {
        let answer = shared.get(&api, behind, &[]).await;
        assert_eq!(
            (answer.status, answer.broken),
            (StatusCode::OK, false),
            "{behind}"
        );
        assert!(answer.bytes == shared.plaintext, "{behind}");
        let mut right = vec![
            ("cache-control", "private, max-age=300"),
            ("content-disposition", "inline; filename=\"any name.png\""),
            ("content-length", "2500"),
            ("content-type", "image/png"),
            ("etag", &*etag),
        ];
        right.extend(FIXED);
        right.sort_unstable();
        let mut fields: Vec<(&str, &str)> = answer
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .collect();
        fields.sort_unstable();
        assert_eq!(fields, right, "{behind}");
    }
}

#[tokio::test]
async fn r2_a_head_says_what_a_get_would() {
    let api = Api::new().await;
    let shared = Direct::file("a.mp4", "video/mp4", 5000).put(&api).await;
    let etag = format!("\"{}\"", shared.key.etag("a.mp4"));
    for fields in [
        &[][..],
        &[("range", "bytes=100-2000")],
        &[("range", "bytes=9000-")],
        &[("if-none-match", &*etag)],
        &[("range", "bytes=1-"), ("if-range", "\"x\"")],
    ] {
        let got = shared.get(&api, "", fields).await;
        let head = ask(&api, "HEAD", &shared.path(""), fields).await;
        assert_eq!(
            (head.status, head.bytes.len()),
            (got.status, 0),
            "{fields:?}"
        );
        assert_eq!(head.headers, got.headers, "{fields:?}");
    }
}

#[tokio::test]
async fn c10_nothing_is_compressed() {
    let api = Api::new().await;
    let shared = Direct::of(&[("a.txt", "text/plain", &[b'x'; 5000])])
        .put(&api)
        .await;
    let fields = [("accept-encoding", "gzip, br, zstd")];
    let answer = shared.get(&api, "", &fields).await;
    assert_eq!(answer.header("content-length"), "5000");
    assert!(answer.bytes == shared.plaintext);
    for name in ["content-encoding", "vary", "transfer-encoding"] {
        assert_eq!(answer.header(name), "", "{name}");
    }
}

#[tokio::test]
async fn c11_every_length_from_nothing_to_a_chunk_and_one_more() {
    let api = Api::new().await;
    for exponent in [10, 16] {
        let chunk = 1 << exponent;
        for len in [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 9 * chunk + 1] {
            let direct = Direct::file("a.bin", "application/zip", len).chunks(exponent);
            let shared = direct.put(&api).await;
            let answer = shared.get(&api, ".bin", &[]).await;
            assert_eq!(answer.status, StatusCode::OK, "{len}");
            assert_eq!(answer.header("content-length"), len.to_string());
            assert!(answer.bytes == shared.plaintext && !answer.broken, "{len}");
            assert_eq!(
                answer.header("content-disposition"),
                "attachment; filename=\"a.bin\""
            );
        }
    }
}

#[tokio::test]
async fn a_readers_cache_keeps_a_file_as_long_as_its_link_and_asks_again() {
    let api = Api::new().await;
    let never = Direct::file("a.png", "image/png", 10).put(&api).await;
    let soon = Direct::file("a.png", "image/png", 10)
        .link(json!({"expires_in": 400}))
        .put(&api)
        .await;
    for (later, kept) in [(0, 300), (101, 299), (298, 1)] {
        api.clock.advance(later);
        let answer = soon.get(&api, "", &[]).await;
        assert_eq!(
            answer.header("cache-control"),
            format!("private, max-age={kept}")
        );
        let answer = never.get(&api, "", &[]).await;
        assert_eq!(answer.header("cache-control"), "private, max-age=300");
    }
    api.clock.advance(1);
    soon.get(&api, "", &[]).await.is_nothing();
    let etag = format!("\"{}\"", soon.key.etag("a.png"));
    soon.get(&api, "", &[("if-none-match", &etag)])
        .await
        .is_nothing();
}

#[tokio::test]
async fn r2_what_the_reader_has_is_not_sent_again() {
    let api = Api::new().await;
    let shared = Direct::file("a.png", "image/png", 2500).put(&api).await;
    let etag = format!("\"{}\"", shared.key.etag("a.png"));
    for known in [
        etag.clone(),
        format!("W/{etag}"),
        format!("\"x\", {etag}"),
        "*".into(),
    ] {
        let answer = shared
            .get(
                &api,
                "",
                &[("if-none-match", &known), ("range", "bytes=0-1")],
            )
            .await;
        assert_eq!(
            (answer.status, answer.bytes.len()),
            (StatusCode::NOT_MODIFIED, 0),
            "{known}"
        );
        assert_eq!(answer.header("etag"), etag);
        assert_eq!(answer.header("cache-control"), "private, max-age=300");
        assert_eq!(answer.header("content-type"), "");
    }
    let other = shared.get(&api, "", &[("if-none-match", "\"x\"")]).await;
    assert!(other.bytes == shared.plaintext);
    // Not without the key.
    let unknown = LinkKey::generate(&mut rand::rng()).to_base64url();
    get(&api, &format!("/{unknown}"), &[("if-none-match", "*")])
        .await
        .is_nothing();
}

#[tokio::test]
async fn download_saves_what_would_be_shown() {
    let api = Api::new().await;
    let shared = Direct::file("a.png", "image/png", 10).put(&api).await;
    for behind in ["?download", ".png?download=1", "/x?a=b&download"] {
        let answer = shared.get(&api, behind, &[]).await;
        assert_eq!(
            answer.header("content-disposition"),
            "attachment; filename=\"a.png\""
        );
        assert_eq!(answer.header("content-type"), "image/png");
    }
}

#[tokio::test]
async fn a_wrong_method_is_named() {
    let api = Api::new().await;
    let shared = Direct::file("a.png", "image/png", 10).put(&api).await;
    let answer = ask(&api, "PATCH", &shared.path(".png"), &[]).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(
        answer.header("allow").contains("GET,HEAD"),
        "{:?}",
        answer.headers
    );
}
