//! Keys in paths: one text for each, one answer for all that open nothing.

use axum::http::StatusCode;
use onekey_core::keys::LinkKey;
use onekey_core::url::{Form, Link, ServerUrl, Suffix};
use onekey_server::Config;
use serde_json::json;

use crate::common::Api;
use crate::share::Direct;
use crate::{BROWSER, ask, get};

/// Keys that are tried where each costs little.
const KEYS: usize = 20_000;

#[tokio::test]
async fn c9_all_that_opens_nothing_gives_the_same_answer() {
    let api = Api::new().await;
    let sound = Direct::file("a.png", "image/png", 10).put(&api).await;
    let private = Direct::file("a.png", "image/png", 10)
        .link(json!({"direct": false}))
        .put(&api)
        .await;
    let expired = Direct::file("a.png", "image/png", 10)
        .link(json!({"expires_in": 60}))
        .put(&api)
        .await;
    let used_up = Direct::file("a.png", "image/png", 10)
        .link(json!({"max_downloads": 1}))
        .put(&api)
        .await;
    let revoked = Direct::file("a.png", "image/png", 10).put(&api).await;
    let deleted = Direct::file("a.png", "image/png", 10).put(&api).await;
    assert_eq!(used_up.post(&api, "").await.status, StatusCode::SEE_OTHER);
    let path = format!("/api/v1/links/{}", revoked.key.locator().to_base64url());
    api.call("DELETE", &path, &revoked.owner_auth(), json!(null))
        .await
        .ok();
    let path = format!("/api/v1/shares/{}", deleted.id);
    api.call("DELETE", &path, &deleted.owner_auth(), json!(null))
        .await
        .ok();
    api.clock.advance(60);

    let key = sound.key.to_base64url();
    let unknown = LinkKey::generate(&mut rand::rng()).to_base64url();
    // The last character has two spare bits.
    let last = key.chars().last().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let next = alphabet
        .chars()
        .nth(alphabet.find(last).unwrap() + 1)
        .unwrap();
    let spare = format!("{}{next}", &key[..42]);
    let mut nothing = vec![
        unknown.clone(),
        format!("{unknown}.png"),
        format!("{unknown}/any%20name.png"),
        format!("{unknown}?zip"),
        spare,
        key[1..].into(),
        format!("{key}A"),
        format!("{key}/.."),
        format!("{key}/%2e%2e"),
        format!("{key}/%ff"),
        private.key.to_base64url(),
        expired.key.to_base64url(),
        used_up.key.to_base64url(),
        revoked.key.to_base64url(),
        deleted.key.to_base64url(),
        "favicon.png".into(),
        "%FF".into(),
        "a/b".into(),
    ];
    nothing.push(format!("{}?grant={unknown}", expired.key.to_base64url()));
    for path in nothing {
        let path = format!("/{path}");
        for fields in [
            &[][..],
            &[BROWSER],
            &[("if-none-match", "*")],
            &[("range", "bytes=0-0")],
        ] {
            get(&api, &path, fields).await.is_nothing();
        }
        let head = ask(&api, "HEAD", &path, &[]).await;
        assert_eq!(head.status, StatusCode::NOT_FOUND, "{path}");
        ask(&api, "POST", &path, &[]).await.is_nothing();
    }
    assert_eq!(get(&api, &format!("/{key}"), &[]).await.bytes.len(), 10);
}

#[tokio::test]
async fn c9_where_direct_mode_is_off_nothing_opens() {
    let mut config = Config::default();
    config.direct = false;
    let api = Api::with(config).await;
    let private = Direct::file("a.png", "image/png", 10)
        .link(json!({"direct": false}))
        .put(&api)
        .await;
    private.get(&api, "", &[]).await.is_nothing();
    private.get(&api, "/a.png", &[BROWSER]).await.is_nothing();
}

#[tokio::test]
async fn p1_hostile_names_open_nothing() {
    let api = Api::new().await;
    let shared = Direct::file("a.png", "image/png", 10).put(&api).await;
    for behind in [
        "/..",
        "/%2e%2e",
        "/%2E%2e/etc/passwd",
        "/a/%2e%2e/%2e%2e/x",
        "/%2f",
        "/%2fetc",
        "//",
        "//a",
        "/.",
        "/%00",
        "/a%00b",
        "/%c0%ae%c0%ae",
        "/%ff",
        "/a%0d%0aX:%20y",
        "/%e2%80%8b/..",
    ] {
        shared.get(&api, behind, &[]).await.is_nothing();
        shared.post(&api, behind).await.is_nothing();
    }
    let long = format!("/{}", "x".repeat(5000));
    shared.get(&api, &long, &[]).await.is_nothing();
    // Names are not paths on the server's disk: these are the one file that there is.
    for behind in [
        "/CON",
        "/aux.txt",
        "/..%5c..%5cx",
        "/C:%5cx",
        "/*",
        "/[a]",
        "/~",
        "/-rf",
    ] {
        let answer = shared.get(&api, behind, &[]).await;
        assert!(answer.bytes == shared.plaintext, "{behind}");
    }
}

#[tokio::test]
async fn p2_no_character_is_a_pattern() {
    let api = Api::new().await;
    Direct::file("a.png", "image/png", 10).put(&api).await;
    for path in [
        "/*",
        "/%3F",
        "/[a]",
        "/%2A",
        "/%25",
        "/_%",
        "/{a,b}".replace(['{', '}'], "%7B").as_str(),
    ] {
        get(&api, path, &[]).await.is_nothing();
    }
    let files: [(&str, &str, &[u8]); 2] = [("ab", "a/b", b"ab"), ("ac", "a/b", b"ac")];
    let several = Direct::of(&files).put(&api).await;
    for behind in ["/*", "/a%3F", "/a[b]", "/%25", "/a_", "/AB", "/a"] {
        several.get(&api, behind, &[]).await.is_nothing();
    }
}

#[tokio::test]
async fn p4_every_key_opens_by_the_url_that_is_made_of_it() {
    let api = Api::new().await;
    let mut awkward = vec![[0_u8; 32], [0xff; 32]];
    // Base64url of these begins or ends with `-` or `_`.
    for first in [0xf8, 0xfc] {
        let mut key = [7; 32];
        key[0] = first;
        awkward.push(key);
    }
    for last in [0xff, 0xef] {
        let mut key = [7; 32];
        (key[30], key[31]) = (0xff, last);
        awkward.push(key);
    }
    for key in awkward {
        let key = LinkKey::from_bytes(key);
        let mut direct = Direct::file("a.png", "image/png", 10);
        direct.key = Some(key);
        let shared = direct.put(&api).await;
        for behind in ["", ".png", "/a.png"] {
            let answer = shared.get(&api, behind, &[]).await;
            assert!(
                answer.bytes == shared.plaintext,
                "{}{behind}",
                shared.path("")
            );
        }
    }
}

#[tokio::test]
async fn p4_random_keys_survive_the_way_into_a_url_and_back() {
    let server = ServerUrl::parse("https://example.org/files").unwrap();
    let rng = &mut rand::rng();
    for _ in 0..KEYS {
        let link = Link {
            server: server.clone(),
            key: LinkKey::generate(rng),
            form: Form::Direct {
                suffix: Suffix::extension("png").unwrap(),
            },
        };
        let url = link.to_url();
        assert!(Link::parse(&url) == Ok(link), "{url}");
    }
}
