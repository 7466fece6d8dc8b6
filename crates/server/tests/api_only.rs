//! The server without its page: words, as before there was one.

#![cfg(not(feature = "web"))]
#![allow(clippy::unwrap_used)]

mod common;

use axum::body::Body;
use axum::http::Request;
use common::Api;

#[tokio::test]
async fn there_are_words_and_no_page() {
    let api = Api::new().await;
    let server = api.get("/api/v1/server", "").await.ok();
    assert!(server["assets"].is_null());
    for (path, status) in [
        ("/", 200),
        ("/s", 200),
        ("/s/", 200),
        ("/manage/x", 200),
        ("/s%23x", 404),
        ("/send", 200),
        ("/tools", 200),
        ("/upload", 200),
        ("/assets/dev/send.js", 404),
        ("/download/service-worker.js", 404),
    ] {
        let request = Request::get(path).header("accept", "text/html");
        let answer = api.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(!answer.headers.contains_key("vary"));
    }
}
