//! Links with a cap: a page with a button, a POST that spends, a grant that serves.

use axum::http::StatusCode;
use futures_util::future::join_all;
use onekey_server::Config;
use serde_json::json;

use crate::common::Api;
use crate::share::{Direct, OnDisk, Shared};
use crate::{BROWSER, Fetched, ask, get};

async fn capped(api: &Api, downloads: u64) -> Shared {
    let direct = Direct::file("any name.mp4", "video/mp4", 3000);
    direct
        .link(json!({"max_downloads": downloads, "expires_in": 3600}))
        .put(api)
        .await
}

/// Returns the path that a redirect leads to, from `path`.
pub(crate) fn location(path: &str, answer: &Fetched) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let (folder, _) = path.rsplit_once('/').unwrap();
    let location = answer.header("location").strip_prefix("./").unwrap();
    format!("{folder}/{location}")
}

/// Takes a download and returns the path that serves it.
async fn granted(api: &Api, shared: &Shared, behind: &str) -> String {
    let path = shared.path(behind);
    location(
        path.split('?').next().unwrap(),
        &shared.post(api, behind).await,
    )
}

#[tokio::test]
async fn l5_only_a_post_spends() {
    let api = Api::new().await;
    let shared = capped(&api, 2).await;
    for (method, fields) in [
        ("GET", &[][..]),
        ("GET", &[BROWSER]),
        ("GET", &[("range", "bytes=0-32767")]),
        (
            "GET",
            &[
                ("accept", "*/*"),
                ("user-agent", "Slackbot-LinkExpanding 1.0"),
            ],
        ),
        ("GET", &[("if-none-match", "*")]),
        ("GET", &[BROWSER, ("purpose", "prefetch")]),
        ("HEAD", &[]),
        ("HEAD", &[BROWSER]),
        ("OPTIONS", &[]),
    ] {
        let answer = ask(&api, method, &shared.path(".mp4"), fields).await;
        assert!(
            !answer.bytes.starts_with(&shared.plaintext[..10]),
            "{method} {fields:?}"
        );
        if method != "OPTIONS" {
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
    assert_eq!(shared.described(&api).await["downloads"], 0);
    let path = granted(&api, &shared, ".mp4").await;
    assert_eq!(shared.described(&api).await["downloads"], 1);
    for _ in 0..3 {
        let answer = get(&api, &path, &[BROWSER]).await;
        assert!(answer.bytes == shared.plaintext);
        assert_eq!(answer.header("cache-control"), "no-store");
        let part = get(&api, &path, &[("range", "bytes=2000-")]).await;
        assert!(part.bytes == shared.plaintext[2000..]);
        assert_eq!(ask(&api, "HEAD", &path, &[]).await.status, StatusCode::OK);
    }
    assert_eq!(shared.described(&api).await["downloads"], 1);
}

#[tokio::test]
async fn a_person_gets_a_button_and_a_program_words() {
    let api = Api::new().await;
    let shared = capped(&api, 2).await;
    let page = shared.get(&api, "", &[BROWSER]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    for part in [
        "any name.mp4",
        "2.9 KiB",
        "2 downloads left",
        "<form method=\"post\">",
        "<html lang=\"en\">",
    ] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    assert!(!page.text().contains(&shared.key.to_base64url()) && !page.text().contains("<script"));
    let policy = page.header("content-security-policy");
    assert_eq!(
        policy,
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let german = shared
        .get(&api, "", &[BROWSER, ("accept-language", "de-AT,de;q=0.9")])
        .await;
    assert!(german.text().contains("noch 2 Downloads") && german.text().contains("lang=\"de\""));
    for fields in [&[][..], &[("accept", "*/*")], &[("accept", "video/mp4")]] {
        let words = shared.get(&api, "", fields).await;
        assert_eq!(words.status, StatusCode::FORBIDDEN);
        assert!(words.text().contains("curl -L -d ''"), "{}", words.text());
    }
    assert_eq!(shared.described(&api).await["downloads"], 0);
}

#[tokio::test]
async fn a_redirect_keeps_the_path_and_the_wish_to_save() {
    let api = Api::new().await;
    let shared = capped(&api, 9).await;
    for behind in [
        "",
        "/",
        ".mp4",
        "/any%20name.mp4",
        "/a:b.mp4",
        ".mp4?download&utm_source=x",
    ] {
        let path = granted(&api, &shared, behind).await;
        let answer = get(&api, &path, &[]).await;
        assert!(answer.bytes == shared.plaintext, "{behind} led to {path}");
        let way = if behind.contains("download") {
            "attachment"
        } else {
            "inline"
        };
        assert!(
            answer.header("content-disposition").starts_with(way),
            "{behind}"
        );
    }
    // A link without a cap spends nothing, and leads to itself.
    let free = Direct::file("a.png", "image/png", 10).put(&api).await;
    let answer = free.post(&api, ".png?download").await;
    assert_eq!(
        location(&free.path(".png"), &answer),
        free.path(".png?download")
    );
    assert_eq!(free.described(&api).await["downloads"], 0);
}

#[tokio::test]
async fn l5_100_posts_on_a_cap_of_10_get_exactly_10() {
    let disk = OnDisk::new().await;
    for api in [&Api::with(Config::default()).await, &disk.api] {
        let shared = capped(api, 10).await;
        let served = join_all((0..100).map(|_| async {
            let answer = shared.post(api, "").await;
            if answer.status == StatusCode::NOT_FOUND {
                answer.is_nothing();
                return false;
            }
            let path = location(&shared.path(""), &answer);
            get(api, &path, &[]).await.bytes == shared.plaintext
        }));
        let served = served.await.into_iter().filter(|served| *served).count();
        assert_eq!(served, 10);
        let link = shared.described(api).await;
        assert_eq!(
            (&link["downloads"], &link["state"]),
            (&json!(10), &json!("used_up"))
        );
    }
}

#[tokio::test]
async fn l6_what_ended_serves_those_who_have_a_grant_and_nobody_else() {
    let api = Api::new().await;
    let shared = capped(&api, 1).await;
    let path = granted(&api, &shared, "").await;
    shared.get(&api, "", &[BROWSER]).await.is_nothing();
    shared.post(&api, "").await.is_nothing();
    assert!(get(&api, &path, &[]).await.bytes == shared.plaintext);
    // Its time ends, too, without a sweep.
    api.clock.advance(3600);
    assert!(get(&api, &path, &[("range", "bytes=5-")]).await.bytes == shared.plaintext[5..]);
    shared.get(&api, "", &[]).await.is_nothing();
    api.clock.advance(23 * 3600);
    get(&api, &path, &[]).await.is_nothing();
}

#[tokio::test]
async fn l6_expiry_is_checked_when_it_is_read() {
    let api = Api::new().await;
    let direct = Direct::file("a.png", "image/png", 10).link(json!({"expires_in": 60}));
    let shared = direct.put(&api).await;
    api.clock.advance(59);
    assert_eq!(shared.get(&api, "", &[]).await.status, StatusCode::OK);
    api.clock.advance(1);
    shared.get(&api, "", &[]).await.is_nothing();
}

#[tokio::test]
async fn revoked_ends_a_grant_at_once() {
    let api = Api::new().await;
    let shared = capped(&api, 5).await;
    let path = granted(&api, &shared, "").await;
    assert!(get(&api, &path, &[]).await.bytes == shared.plaintext);
    let link = format!("/api/v1/links/{}", shared.key.locator().to_base64url());
    api.call("DELETE", &link, &shared.owner_auth(), json!(null))
        .await
        .ok();
    get(&api, &path, &[]).await.is_nothing();
    get(&api, &path, &[("if-none-match", "*")])
        .await
        .is_nothing();
}

#[tokio::test]
async fn a_grant_opens_only_its_own_link() {
    let api = Api::new().await;
    let (first, second) = (capped(&api, 5).await, capped(&api, 5).await);
    let path = granted(&api, &first, "").await;
    let (_, grant) = path.split_once('?').unwrap();
    let answer = second.get(&api, &format!("?{grant}"), &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let page = second.get(&api, &format!("?{grant}"), &[BROWSER]).await;
    assert!(page.text().contains("5 downloads left"));
}

#[tokio::test]
async fn l5_a_grant_that_served_nothing_gives_its_download_back() {
    let disk = OnDisk::new().await;
    let api = &disk.api;
    let shared = capped(api, 1).await;
    let path = granted(api, &shared, "").await;
    // Heads, what is known, ranges that cannot be and damage hand out no byte.
    let etag = format!("\"{}\"", shared.key.etag("any name.mp4"));
    assert_eq!(ask(api, "HEAD", &path, &[]).await.status, StatusCode::OK);
    let known = get(api, &path, &[("if-none-match", &etag)]).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    let past = get(api, &path, &[("range", "bytes=9999-")]).await;
    assert_eq!(past.status, StatusCode::RANGE_NOT_SATISFIABLE);
    let blob = disk.blob(&shared.payload);
    std::fs::write(&blob, vec![0; shared.payload.len()]).unwrap();
    assert_eq!(
        get(api, &path, &[]).await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    std::fs::write(&blob, &shared.payload).unwrap();
    api.clock.advance(600);
    api.server.sweep().await.unwrap();
    assert_eq!(shared.described(api).await["downloads"], 0);
    let button = get(api, &path, &[BROWSER]).await;
    assert!(button.text().contains("one download left"));
    let again = granted(api, &shared, "").await;
    assert!(get(api, &again, &[]).await.bytes == shared.plaintext);
    api.clock.advance(600);
    api.server.sweep().await.unwrap();
    assert_eq!(shared.described(api).await["downloads"], 1);
}

#[tokio::test]
async fn a_page_of_another_site_spends_nothing() {
    let api = Api::new().await;
    let shared = capped(&api, 1).await;
    let answer = ask(
        &api,
        "POST",
        &shared.path(""),
        &[("sec-fetch-site", "cross-site")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(shared.described(&api).await["downloads"], 0);
}

#[tokio::test]
async fn nothing_is_spent_on_what_cannot_be_sent() {
    let api = Api::new().await;
    let files: [(&str, &str, &[u8]); 2] =
        [("a.txt", "text/plain", b"a"), ("b.txt", "text/plain", b"b")];
    let shared = Direct::of(&files)
        .compressed(0)
        .link(json!({"max_downloads": 1}))
        .put(&api)
        .await;
    shared.post(&api, "/c.txt").await.is_nothing();
    for behind in ["/a.txt", "?zip"] {
        assert_eq!(shared.post(&api, behind).await.status, StatusCode::CONFLICT);
    }
    assert_eq!(shared.described(&api).await["downloads"], 0);
    let path = granted(&api, &shared, "/b.txt").await;
    assert_eq!(get(&api, &path, &[]).await.bytes, b"b");
}
