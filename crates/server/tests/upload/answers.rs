//! What a client gets: the forms of an answer, the link's terms, the addresses in it.

use axum::body::Body;
use axum::http::Request;
use onekey_core::base64url;
use onekey_core::header::Header;
use onekey_core::url::{Form, Link, ManageLink};
use onekey_server::Config;
use serde_json::{Value, json};

use crate::common::START;
use crate::direct::{Direct, form, post, put, send, text, with_body};
use crate::opened::Opened;

fn png() -> Request<Body> {
    form(&[(r#"name="file"; filename="s.png""#, None, b"pixels")])
}

fn accepting(mut request: Request<Body>, accept: &str) -> Request<Body> {
    request
        .headers_mut()
        .insert("accept", accept.parse().unwrap());
    request
}

#[tokio::test]
async fn the_answer_has_the_form_that_was_asked_for() {
    let direct = Direct::new().await;
    let json = "application/json";
    let plain = "text/plain; charset=utf-8";
    for (accept, of_post, of_put) in [
        ("*/*", (302, plain), (201, plain)),
        ("text/plain", (201, plain), (201, plain)),
        ("text/plain;q=0", (302, plain), (201, plain)),
        ("application/json", (201, json), (201, json)),
        (
            "text/html, Application/JSON;q=0.5",
            (201, json),
            (201, json),
        ),
        (
            "text/html,application/xhtml+xml,*/*;q=0.8",
            (302, plain),
            (201, plain),
        ),
    ] {
        for (request, expected) in [(png(), of_post), (with_body(put("/s.png"), b"x"), of_put)] {
            let answer = direct.send(accepting(request, accept)).await;
            let got = (answer.status.as_u16(), answer.header("content-type"));
            assert_eq!(got, expected, "{accept}");
            assert!(
                answer
                    .header("location")
                    .starts_with("http://files.example/")
            );
        }
    }
}

#[tokio::test]
async fn json_always_has_every_field() {
    let direct = Direct::new().await;
    let answer = direct.send(accepting(png(), "application/json")).await.ok();
    let url = answer["url"].as_str().unwrap();
    let key = Link::parse(url).unwrap().key;
    let private = Link::parse(answer["private_url"].as_str().unwrap()).unwrap();
    assert_eq!((private.key, private.form), (key, Form::Private));
    assert_eq!(answer["thumbnail_url"], url);
    for (field, value) in [
        ("name", json!("s.png")),
        ("size", json!(6)),
        ("type", json!("image/png")),
        ("expires_at", json!(null)),
    ] {
        assert_eq!(answer[field], value, "{field}");
    }
    let names = [
        "url",
        "private_url",
        "thumbnail_url",
        "delete_url",
        "id",
        "name",
        "size",
        "type",
        "expires_at",
    ];
    let mut found: Vec<_> = answer.as_object().unwrap().keys().collect();
    found.sort();
    let mut names = names.to_vec();
    names.sort_unstable();
    assert_eq!(found, names);

    let two = [
        (r#"name="file"; filename="a.png""#, None, &b"12"[..]),
        (r#"name="file"; filename="b.png""#, None, b"345"),
    ];
    let answer = direct
        .send(accepting(form(&two), "application/json"))
        .await
        .ok();
    for (field, value) in [
        ("name", json!(null)),
        ("size", json!(5)),
        ("type", json!(null)),
        ("thumbnail_url", json!(null)),
    ] {
        assert_eq!(answer[field], value, "{field}");
    }
    assert_eq!(answer.as_object().unwrap().len(), names.len());
    let text = with_body(put("/a.txt").header("accept", "application/json"), b"");
    assert_eq!(direct.send(text).await.ok()["thumbnail_url"], Value::Null);
}

#[tokio::test]
async fn the_manage_link_is_the_owners() {
    let direct = Direct::new().await;
    let answer = direct.send(accepting(png(), "application/json")).await.ok();
    let manage = ManageLink::parse(answer["delete_url"].as_str().unwrap()).unwrap();
    assert_eq!(answer["id"], manage.share.to_base64url());
    let owner = format!("Onekey-Owner {}", manage.secret.token().to_base64url());
    let ask = async |method: &str| {
        let path = format!("/api/v1/shares/{}", manage.share.to_base64url());
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", &owner).body(Body::empty());
        send(&direct.router, request.unwrap()).await
    };
    let share = ask("GET").await.ok();
    let link = &share["links"][0];
    assert_eq!(
        (&link["direct"], &link["password"]),
        (&json!(true), &json!(false))
    );
    // The owner can add links later: the envelope opens to the share's key.
    let bytes = |field: &str| base64url::decode_vec(share[field].as_str().unwrap()).unwrap();
    let header = Header::parse(&bytes("header")).unwrap();
    let envelope = bytes("owner_envelope").try_into().unwrap();
    let key = manage.secret.key().unwrap(&header, &envelope).unwrap();
    assert!(header.keys(&key).is_ok());
    let opened = Opened::of(&direct.router, answer["url"].as_str().unwrap()).await;
    opened.is("s.png", "image/png", b"pixels");
    ask("DELETE").await.ok();
    direct.server.sweep().await.unwrap();
    direct.nothing_left().await;
}

#[tokio::test]
async fn a_refusal_has_the_form_that_was_asked_for() {
    let direct = Direct::new().await;
    let answer = direct.send(form(&[])).await;
    assert_eq!(
        (answer.status.as_u16(), text(&answer).lines().count()),
        (400, 1)
    );
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let answer = direct.send(accepting(form(&[]), "application/json")).await;
    answer.refused(400, "bad_request");
    let put = with_body(put("/a").header("onekey-downloads", "0"), b"x");
    assert!(text(&direct.send(put).await).starts_with("downloads"));
}

#[tokio::test]
async fn a_link_ends_as_the_server_or_the_sender_says() {
    let day = 24 * 3600;
    for (max, default, asked, expires_at) in [
        (None, None, None, Some(None)),
        (None, Some(day), None, Some(Some(day))),
        (None, Some(day), Some("never"), Some(None)),
        (None, Some(day), Some("7d"), Some(Some(7 * day))),
        (Some(day), None, None, Some(Some(day))),
        (Some(day), Some(60), None, Some(Some(60))),
        (Some(day), None, Some("never"), None),
        (Some(day), None, Some("2d"), None),
        (Some(day), None, Some("90"), Some(Some(90))),
    ] {
        let mut config = Config::default();
        (config.max_expiry, config.direct_expiry) = (max, default);
        let direct = Direct::with(config).await;
        let mut request = put("/a").header("accept", "application/json");
        if let Some(asked) = asked {
            request = request.header("onekey-expires", asked);
        }
        let answer = direct.send(with_body(request, b"x")).await;
        match expires_at {
            None => {
                answer.refused(400, "bad_request");
                direct.nothing_left().await;
            }
            Some(seconds) => {
                let expires_at = seconds.map(|seconds| START as u64 + seconds);
                assert_eq!(
                    answer.ok()["expires_at"],
                    json!(expires_at),
                    "{max:?} {default:?} {asked:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn l5_the_cap_is_the_links_and_an_upload_spends_nothing() {
    let direct = Direct::new().await;
    let request = put("/a").header("onekey-downloads", "1");
    let url = text(&direct.send(with_body(request, b"x")).await);
    // `of` takes the only one.
    let opened = Opened::of(&direct.router, &url).await;
    assert_eq!(opened.answer["downloads_left"], 1);
}

#[tokio::test]
async fn r10_a_host_header_does_not_decide_where_a_public_url_does() {
    let mut config = Config::default();
    config.public_url = Some("https://example.org/files".parse().unwrap());
    let direct = Direct::with(config).await;
    let request = Request::put("/a.png").header("host", "evil.example");
    let request = request
        .header("x-forwarded-host", "evil.example")
        .header("accept", "application/json");
    let answer = direct.send(with_body(request, b"x")).await;
    for field in ["url", "private_url", "thumbnail_url", "delete_url"] {
        let url = answer.ok()[field].as_str().unwrap().to_owned();
        assert!(url.starts_with("https://example.org/files/"), "{url}");
    }
}

#[tokio::test]
async fn r8_a_request_without_a_sound_host_is_refused() {
    let direct = Direct::new().await;
    for host in [None, Some("a b"), Some("a/b")] {
        let mut request = Request::put("/a");
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let answer = direct.send(with_body(request, b"x")).await;
        assert_eq!(answer.status, 400, "{host:?}");
    }
    direct.nothing_left().await;
}

#[tokio::test]
async fn the_prefix_of_a_mounted_server_is_in_its_links() {
    let direct = Direct::new().await;
    let app = axum::Router::new().nest_service("/files", direct.router.clone());
    for path in ["/files", "/files/"] {
        let request = with_body(post(path), b"x");
        let url = text(&send(&app, request).await);
        assert!(url.starts_with("http://files.example/files/"), "{url}");
        Opened::of(&direct.router, &url).await;
    }
}

#[tokio::test]
async fn drive_by_posts_of_other_sites_are_refused() {
    let direct = Direct::new().await;
    for accept in ["*/*", "application/json"] {
        let mut request = accepting(png(), accept);
        let fields = request.headers_mut();
        fields.insert("sec-fetch-site", "cross-site".parse().unwrap());
        let answer = direct.send(request).await;
        if accept == "*/*" {
            assert_eq!(
                (answer.status.as_u16(), text(&answer).lines().count()),
                (403, 1)
            );
        } else {
            answer.refused(403, "cross_site");
        }
    }
    direct.nothing_left().await;
    for site in ["same-origin", "same-site", "none"] {
        let mut request = png();
        let fields = request.headers_mut();
        fields.insert("sec-fetch-site", site.parse().unwrap());
        assert_eq!(direct.send(request).await.status, 302, "{site}");
    }
}

#[tokio::test]
async fn a_server_without_the_direct_mode_has_none_of_these_addresses() {
    let mut config = Config::default();
    config.direct = false;
    let direct = Direct::with(config).await;
    assert_eq!(direct.send(png()).await.status, 405);
    for path in ["/", "/robots.txt"] {
        let answer = direct.send(with_body(put(path), b"x")).await;
        assert_eq!(answer.status, 405, "{path}");
    }
    for path in ["/a.png", "/sharex.sxcu", "/upload.sh"] {
        let answer = direct.send(with_body(put(path), b"x")).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    direct.nothing_left().await;
}
