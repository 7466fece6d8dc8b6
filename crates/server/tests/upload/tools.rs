//! What programs fetch, and where `/` leads.

use axum::body::Body;
use axum::http::Request;
use onekey_server::Config;
use onekey_server::config::UploadRedirect;
use serde_json::{Value, json};

use crate::common::Answer;
use crate::direct::{Direct, SECRET, post, text, wanting_secret, with_body};

async fn get(direct: &Direct, path: &str, accept: &str) -> Answer {
    let request = Request::get(path)
        .header("host", "files.example")
        .header("accept", accept);
    direct.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn sharex_gets_an_uploader_that_imports() {
    let open = Direct::new().await;
    let closed = Direct::with(wanting_secret()).await;
    for (direct, arguments) in [
        (&open, Value::Null),
        (&closed, json!({"secret": "{inputbox:Upload secret}"})),
    ] {
        let answer = get(direct, "/sharex.sxcu", "*/*").await;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(
            answer.header("content-disposition"),
            "attachment; filename=\"files.example.sxcu\""
        );
        assert!(!text(&answer).contains(SECRET));
        let uploader = answer.ok();
        for (field, value) in [
            ("Version", json!("17.0.0")),
            (
                "DestinationType",
                json!("ImageUploader, TextUploader, FileUploader"),
            ),
            ("RequestMethod", json!("POST")),
            ("RequestURL", json!("http://files.example/")),
            ("Headers", json!({"Accept": "application/json"})),
            ("Body", json!("MultipartFormData")),
            ("Arguments", arguments),
            ("FileFormName", json!("file")),
            ("URL", json!("{json:url}")),
            ("ThumbnailURL", json!("{json:thumbnail_url}")),
            ("DeletionURL", json!("{json:delete_url}")),
            ("ErrorMessage", json!("{json:error.message}")),
        ] {
            assert_eq!(uploader[field], value, "{field}");
        }
    }
}

#[tokio::test]
async fn the_upload_script_names_the_server_and_no_secret() {
    let mut config = wanting_secret();
    config.public_url = Some("https://[::1]:8443/files".parse().unwrap());
    let direct = Direct::with(config).await;
    let answer = get(&direct, "/upload.sh", "*/*").await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let script = text(&answer);
    assert!(script.starts_with("#!/bin/sh\n"));
    assert!(
        script.contains("'https://[::1]:8443/files'") && !script.contains('@'),
        "{script}"
    );
    assert!(!script.contains(SECRET));
    let uploader = get(&direct, "/sharex.sxcu", "*/*").await;
    assert_eq!(uploader.ok()["RequestURL"], "https://[::1]:8443/files/");
    let name = uploader.header("content-disposition");
    assert_eq!(name, "attachment; filename=\"---1-.sxcu\"");
}

#[tokio::test]
async fn crawlers_and_browsers_find_what_they_ask_for() {
    for direct in [true, false] {
        let mut config = Config::default();
        config.direct = direct;
        let direct = Direct::with(config).await;
        let robots = get(&direct, "/robots.txt", "*/*").await;
        assert_eq!(robots.status, 200);
        assert!(text(&robots).ends_with("User-agent: *\nAllow: /\n"));
        let icon = get(&direct, "/favicon.ico", "image/*").await;
        assert_eq!(icon.header("content-type"), "image/svg+xml");
        assert!(text(&icon).starts_with("<svg "));
    }
}

#[tokio::test]
async fn upload_redirect_leads_from_home_alone() {
    let mut config = Config::default();
    config.upload_redirect = Some(UploadRedirect::new("https://example.org/form").unwrap());
    let direct = Direct::with(config).await;
    for accept in ["text/html", "*/*"] {
        let answer = get(&direct, "/", accept).await;
        assert_eq!(answer.status, 302);
        assert_eq!(answer.header("location"), "https://example.org/form#");
    }
    for path in ["/s", "/robots.txt", "/healthz"] {
        assert_eq!(get(&direct, path, "text/html").await.status, 200, "{path}");
    }
    #[cfg(feature = "web")]
    {
        let page = get(&direct, "/send", "text/html").await;
        assert_eq!(
            (page.status.as_u16(), page.header("content-type")),
            (200, "text/html; charset=utf-8")
        );
    }
    direct.stored(with_body(post("/"), b"x")).await;
}
