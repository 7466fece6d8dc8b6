//! Types: nothing that was sent runs here, whatever it says it is.

use crate::common::Api;
use crate::share::Direct;

const HTML: &[u8] = b"<!doctype html><script>document.title='ran'</script>";

#[tokio::test]
async fn s1_what_a_browser_would_run_goes_out_as_text_or_is_saved() {
    let api = Api::new().await;
    for (name, media_type, served, inline) in [
        ("a.html", "text/html", "text/plain; charset=utf-8", true),
        (
            "a.xhtml",
            "application/xhtml+xml",
            "text/plain; charset=utf-8",
            true,
        ),
        (
            "a.xml",
            "application/xml",
            "text/plain; charset=utf-8",
            true,
        ),
        ("a.xsl", "text/xsl", "text/plain; charset=utf-8", true),
        (
            "a.mml",
            "application/mathml+xml",
            "text/plain; charset=utf-8",
            true,
        ),
        ("a.shtml", "text/html", "text/plain; charset=utf-8", true),
        ("a.js", "text/javascript", "text/plain; charset=utf-8", true),
        ("a.css", "text/css", "text/plain; charset=utf-8", true),
        (
            "a.mht",
            "multipart/related",
            "application/octet-stream",
            false,
        ),
        (
            "a.wasm",
            "application/wasm",
            "application/octet-stream",
            false,
        ),
        (
            "a.swf",
            "application/x-shockwave-flash",
            "application/octet-stream",
            false,
        ),
        (
            "noending",
            "application/octet-stream",
            "application/octet-stream",
            false,
        ),
        ("a.svg", "image/svg+xml", "image/svg+xml", true),
    ] {
        let shared = Direct::of(&[(name, media_type, HTML)]).put(&api).await;
        // What stands behind the key never decides.
        for behind in ["", ".html", "/index.html", ".js", ".svg"] {
            let answer = shared.get(&api, behind, &[]).await;
            assert_eq!(answer.header("content-type"), served, "{name} as {behind}");
            let way = if inline { "inline" } else { "attachment" };
            assert!(
                answer.header("content-disposition").starts_with(way),
                "{name}"
            );
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert!(
                answer
                    .header("content-security-policy")
                    .ends_with("; sandbox")
            );
        }
    }
}

#[tokio::test]
async fn s2_a_type_that_lies_is_not_repeated() {
    let api = Api::new().await;
    for (media_type, served) in [
        ("text/html", "text/plain; charset=utf-8"),
        ("Text/HTML;charset=utf-7", "text/plain; charset=utf-8"),
        ("image/svg+xml ; a=b", "image/svg+xml"),
        ("image/png; charset=x", "image/png"),
        (
            "multipart/x-mixed-replace;boundary=x",
            "application/octet-stream",
        ),
        ("image/png, text/html", "application/octet-stream"),
        ("x", "application/octet-stream"),
    ] {
        let shared = Direct::of(&[("x.png", media_type, HTML)]).put(&api).await;
        let answer = shared.get(&api, ".png", &[]).await;
        assert_eq!(answer.header("content-type"), served, "{media_type}");
    }
}

#[tokio::test]
async fn s1_scripts_styles_and_workers_are_not_there() {
    let api = Api::new().await;
    let shared = Direct::of(&[("a.js", "text/javascript", b"1")])
        .put(&api)
        .await;
    for destination in [
        "script",
        "style",
        "worker",
        "sharedworker",
        "serviceworker",
        "Script",
    ] {
        let fields = [("sec-fetch-dest", destination)];
        for behind in ["", ".js", "/a.js"] {
            shared.get(&api, behind, &fields).await.is_nothing();
        }
    }
    shared
        .get(&api, ".js", &[("service-worker", "script")])
        .await
        .is_nothing();
    for destination in ["document", "image", "video", "audio", "empty", "iframe"] {
        let answer = shared
            .get(&api, "", &[("sec-fetch-dest", destination)])
            .await;
        assert_eq!(answer.bytes, b"1", "{destination}");
    }
}
