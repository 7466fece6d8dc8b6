//! HTML and the service worker: fixed names, never kept, and nothing allowed but what is named.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use onekey_server::Config;
use tower::ServiceExt;

use crate::common::Api;
use crate::{BROWSER, ask, assets_in, folder, get};

const ID: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// Every address of HTML: path, status, and what leads from it to the server's root.
fn pages() -> [(String, u16, &'static str); 9] {
    [
        ("/".into(), 200, ""),
        ("/send".into(), 200, ""),
        ("/s".into(), 200, ""),
        ("/s/".into(), 200, "../"),
        (format!("/manage/{ID}"), 200, "../"),
        ("/tools".into(), 200, ""),
        ("/upload".into(), 200, ""),
        (format!("/s%23{ID}"), 404, ""),
        (format!("/s/%23{ID}"), 404, "../"),
    ]
}

/// The policy of a page; one with the plain upload form may post it to its own origin, and one that is nothing else needs
/// no scripts.
fn policy(path: &str) -> String {
    if path == "/upload" {
        return "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; \
                frame-ancestors 'none'"
            .into();
    }
    let target = if matches!(path, "/" | "/send") {
        "'self'"
    } else {
        "'none'"
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
         worker-src 'self'; base-uri 'none'; form-action {target}; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types onekey"
    )
}

#[tokio::test]
async fn t16_html_has_every_field_and_is_never_kept() {
    let api = Api::new().await;
    let folder = folder(&api).await;
    for (path, status, up) in pages() {
        let answer = get(&api, &path, &[BROWSER]).await;
        assert_eq!(answer.status, status, "{path}");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("content-type", "text/html; charset=utf-8"),
            ("content-security-policy", policy(&path).as_str()),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("referrer-policy", "no-referrer"),
            ("vary", "accept"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"));
        assert!(!answer.headers.contains_key("set-cookie"));
        let html = answer.text();
        assert!(html.starts_with("<!doctype html>"), "{path}");
        for placeholder in ["{assets}", "{preload}", "{form}", "<!--"] {
            assert!(!html.contains(placeholder), "{path}: {placeholder}");
        }
        // A page without any asset says nothing about where they are.
        for at in html
            .match_indices(&format!("assets/{folder}"))
            .map(|(at, _)| at)
        {
            let before = &html[..at];
            assert!(before.ends_with(up), "{path}");
            assert!(!before.ends_with(&format!("../{up}")), "{path}");
        }
    }
}

#[tokio::test]
async fn words_for_all_who_do_not_ask_for_html() {
    let api = Api::new().await;
    for (path, status, _) in pages() {
        for accept in [
            &[] as &[_],
            &[("accept", "*/*")],
            &[("accept", "text/plain")],
            &[("accept", "text/html;q=0, */*")],
            &[("accept", "text/html-like")],
        ] {
            let answer = get(&api, &path, accept).await;
            assert_eq!(answer.status, status, "{path} {accept:?}");
            assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
            assert_eq!(answer.header("vary"), "accept");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert!(answer.text().contains("onekey "), "{}", answer.text());
        }
        for accept in [
            &[("accept", "TEXT/HTML")] as &[_],
            &[("accept", "text/plain, text/html;q=0.1")],
            &[("accept", "text/plain"), ("accept", "text/html")],
        ] {
            let answer = get(&api, &path, accept).await;
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        }
    }
    // Nothing is nothing, also for browsers.
    for path in [
        "/nothing",
        "/sent",
        "/download/",
        "/download/x.js",
        "/html/send.html",
        "/service-worker.js",
    ] {
        let answer = get(&api, path, &[BROWSER]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text()),
            (404, "There is nothing here.\n"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn head_has_the_fields_of_get() {
    let api = Api::new().await;
    let module = format!("/assets/{}/modules/uqr/index.js", folder(&api).await);
    let mut paths: Vec<String> = pages().map(|(path, ..)| path).into();
    paths.extend([
        module,
        "/download/service-worker.js".into(),
        "/assets/x/y.js".into(),
    ]);
    for path in paths {
        let fields = [BROWSER, ("accept-encoding", "br")];
        let (get, head) = (
            get(&api, &path, &fields).await,
            ask(&api, "HEAD", &path, &fields).await,
        );
        assert!(head.bytes.is_empty(), "{path}");
        assert_eq!(
            (get.status, get.headers),
            (head.status, head.headers),
            "{path}"
        );
    }
}

#[tokio::test]
async fn t9_the_service_worker_may_load_our_scripts_and_no_wasm() {
    let api = Api::new().await;
    let answer = get(&api, "/download/service-worker.js", &[]).await;
    assert_eq!(answer.status, 200);
    for (name, value) in [
        ("cache-control", "no-store"),
        ("content-type", "text/javascript; charset=utf-8"),
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'; \
             require-trusted-types-for 'script'; trusted-types onekey",
        ),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value);
    }
    // Its scope is its folder and never more.
    assert!(!answer.headers.contains_key("service-worker-allowed"));
    assert!(!answer.text().contains("{assets}"));
}

#[tokio::test]
async fn what_pages_name_is_there() {
    let api = Api::new().await;
    let folder = folder(&api).await;
    let mut texts = Vec::new();
    for (path, ..) in pages() {
        texts.push(get(&api, &path, &[BROWSER]).await);
    }
    texts.push(get(&api, "/download/service-worker.js", &[]).await);
    for text in &texts {
        for name in assets_in(text.text(), &folder)
            .iter()
            .filter(|name| name.contains('.'))
        {
            let asset = get(&api, &format!("/assets/{folder}/{name}"), &[]).await;
            assert_eq!(asset.status, 200, "{name}");
        }
    }
}

/// Under a prefix everything stands as it does without, as every address in the page is relative.
#[tokio::test]
async fn the_page_works_under_a_prefix_and_within_another_application() {
    let api = Api::new().await;
    let folder = folder(&api).await;
    let nested = [
        Router::new().nest("/a/files", api.server.router()),
        Router::new().nest_service("/a/files", api.server.router()),
    ];
    for router in nested {
        let ask = async |path: &str| {
            let request = Request::get(path).header(BROWSER.0, BROWSER.1);
            let request = request.body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            let (parts, body) = answer.into_parts();
            let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            (parts, String::from_utf8(body.to_vec()).unwrap())
        };
        for (path, status, _) in pages() {
            let (parts, html) = ask(&format!("/a/files{path}")).await;
            if path == "/" && parts.status != 200 {
                // axum's `nest` gives this address to nobody.
                assert_eq!(parts.status, 404);
                continue;
            }
            assert_eq!(parts.status, status, "{path}");
            let direct = get(&api, &path, &[BROWSER]).await;
            assert_eq!(html, direct.text(), "{path}");
        }
        let (parts, _) = ask(&format!("/a/files/assets/{folder}/modules/uqr/index.js")).await;
        assert_eq!(parts.status, 200);
        assert!(
            parts.headers["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        // Without its slash the prefix would lead relative addresses beside the server.
        let (parts, _) = ask("/a/files").await;
        assert_eq!(
            (parts.status.as_u16(), &parts.headers["location"]),
            (308, &"files/".parse().unwrap())
        );
        assert_eq!(parts.headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn an_address_of_a_thousand_folders_costs_nothing() {
    let api = Api::new().await;
    let path = format!("/s%23{}", "a/".repeat(1000));
    let answer = get(&api, &path, &[BROWSER]).await;
    assert_eq!(answer.status, 404);
    // No such page is made: words need no addresses.
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert!(answer.bytes.len() < 1000, "{}", answer.bytes.len());
}

#[tokio::test]
async fn the_folder_is_named_by_hash() {
    let first = folder(&Api::new().await).await;
    assert_eq!(first.len(), 32);
    assert!(first.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(first, folder(&Api::with(Config::default()).await).await);
}
