//! `GET /api/v1/payload`: ranges, grants, and what spends a download.

#![allow(clippy::unwrap_used)]

mod common;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use common::sender::{PART_SIZE, Sender};
use common::{Answer, Api};
use futures_util::future::join_all;
use onekey_server::Config;
use serde_json::json;

async fn ask(api: &Api, method: &str, grant: &str, range: &str) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri("/api/v1/payload")
        .header("authorization", grant);
    if !range.is_empty() {
        request = request.header("range", range);
    }
    api.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn r1_every_range_gives_exactly_its_bytes() {
    let api = Api::new().await;
    let shared = Sender::share(20_000, &api).await;
    let grant = shared.granted(&api).await;
    let len = shared.size();
    let whole = ask(&api, "GET", &grant, "").await;
    assert_eq!(
        (whole.status, whole.header("content-length")),
        (StatusCode::OK, &*len.to_string())
    );
    assert_eq!(whole.bytes, shared.payload);
    for (first, last) in [
        (0, 0),
        (0, len - 1),
        (1, 1051),
        (1052, 2103),
        (len - 1, len - 1),
    ] {
        let answer = ask(&api, "GET", &grant, &format!("bytes={first}-{last}")).await;
        assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT);
        assert_eq!(
            answer.header("content-range"),
            format!("bytes {first}-{last}/{len}")
        );
        assert_eq!(answer.bytes, shared.payload[first as usize..=last as usize]);
        let head = ask(&api, "HEAD", &grant, &format!("bytes={first}-{last}")).await;
        assert_eq!(head.status, answer.status);
        assert_eq!(
            head.header("content-length"),
            (last - first + 1).to_string()
        );
        assert!(head.bytes.is_empty());
    }
    let suffix = ask(&api, "GET", &grant, "bytes=-5").await;
    assert_eq!(suffix.bytes, shared.payload[len as usize - 5..]);
    let several = ask(&api, "GET", &grant, "bytes=0-1,5-6").await;
    assert_eq!(
        (several.status, several.bytes.len()),
        (StatusCode::OK, len as usize)
    );
}

#[tokio::test]
async fn t35_one_grant_serves_ranges_and_reconnects_and_spends_once() {
    let api = Api::new().await;
    let shared = Sender::share_with(20_000, &api, |body| {
        body["link"]["max_downloads"] = json!(1)
    })
    .await;
    let grant = shared.granted(&api).await;
    for start in (0..shared.size()).step_by(5_000) {
        assert_eq!(
            ask(&api, "GET", &grant, &format!("bytes={start}-"))
                .await
                .bytes,
            shared.payload[start as usize..]
        );
    }
    let link = &shared.described(&api).await["links"][0];
    assert_eq!(
        (&link["downloads"], &link["downloads_left"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(link["last_used_at"], common::START);
}

#[tokio::test]
async fn t35_a_cap_1_download_in_progress_survives_the_sweeper() {
    let api = Api::new().await;
    let shared = Sender::share_with(20_000, &api, |body| {
        body["link"]["max_downloads"] = json!(1)
    })
    .await;
    let grant = shared.granted(&api).await;
    assert_eq!(
        ask(&api, "GET", &grant, "bytes=0-99").await.bytes,
        shared.payload[..100]
    );
    // The link is used up, and later expired too, but the grant lives a day.
    for _ in 0..23 {
        api.clock.advance(3600);
        api.server.sweep().await.unwrap();
        assert_eq!(
            ask(&api, "GET", &grant, "bytes=100-").await.bytes,
            shared.payload[100..]
        );
    }
    api.clock.advance(3600);
    assert_eq!(
        ask(&api, "GET", &grant, "").await.status,
        StatusCode::NOT_FOUND
    );
    // An hour after the grant's end the share and its bytes are gone.
    api.server.sweep().await.unwrap();
    api.clock.advance(3601);
    let report = api.server.sweep().await.unwrap();
    assert_eq!((report.shares, report.blobs), (1, 1));
}

#[tokio::test]
async fn t27_64_clients_on_a_cap_of_5_get_exactly_5() {
    let folder = tempfile::tempdir().unwrap();
    for config in [Config::default(), Config::in_folder(folder.path())] {
        let api = Api::with(config).await;
        let shared =
            Sender::share_with(5_000, &api, |body| body["link"]["max_downloads"] = json!(5)).await;
        let served = join_all((0..64).map(|_| async {
            let answer = shared.grant(&api).await;
            if answer.status != StatusCode::CREATED {
                answer.refused(410, "used_up");
                return false;
            }
            let grant = format!("Onekey-Grant {}", answer.json()["grant"].as_str().unwrap());
            ask(&api, "GET", &grant, "").await.bytes == shared.payload
        }))
        .await;
        assert_eq!(served.into_iter().filter(|served| *served).count(), 5);
        let link = &shared.described(&api).await["links"][0];
        assert_eq!(
            (&link["downloads"], &link["state"]),
            (&json!(5), &json!("used_up"))
        );
    }
}

#[tokio::test]
async fn t27_a_refunded_grant_gives_the_download_back_and_serves_no_byte() {
    let api = Api::new().await;
    let shared =
        Sender::share_with(5_000, &api, |body| body["link"]["max_downloads"] = json!(1)).await;
    let unused = shared.granted(&api).await;
    assert_eq!(ask(&api, "HEAD", &unused, "").await.status, StatusCode::OK);
    shared.grant(&api).await.refused(410, "used_up");
    api.clock.advance(600);
    api.server.sweep().await.unwrap();
    assert_eq!(
        ask(&api, "GET", &unused, "").await.status,
        StatusCode::NOT_FOUND
    );
    let grant = shared.granted(&api).await;
    assert_eq!(ask(&api, "GET", &grant, "").await.bytes, shared.payload);
    api.clock.advance(600);
    api.server.sweep().await.unwrap();
    shared.grant(&api).await.refused(410, "used_up");
}

#[tokio::test]
async fn t10_get_head_and_options_change_nothing() {
    let api = Api::new().await;
    let shared =
        Sender::share_with(5_000, &api, |body| body["link"]["max_downloads"] = json!(1)).await;
    let mut open = Sender::new(5_000);
    open.create(&api).await;
    let part = open.payload[..PART_SIZE as usize].to_vec();
    open.put_part(&api, 0, &part).await.ok();
    let state = async || {
        let (mut share, upload) = (shared.described(&api).await, open.status(&api).await);
        share["links"][0]["last_used_at"].take();
        (share, upload)
    };
    let before = state().await;
    let (share, upload, locator) = (&shared.id, &open.id, shared.locator());
    let paths = [
        "/".to_owned(),
        "/send".into(),
        "/s".into(),
        format!("/s%23{share}"),
        "/assets/none/none.js".into(),
        "/download/service-worker.js".into(),
        format!("/manage/{share}"),
        "/healthz".into(),
        "/readyz".into(),
        "/api/v1/server".into(),
        "/api/v1/uploads".into(),
        format!("/api/v1/uploads/{upload}"),
        format!("/api/v1/uploads/{upload}/parts/0"),
        format!("/api/v1/uploads/{upload}/complete"),
        format!("/api/v1/shares/{share}"),
        format!("/api/v1/shares/{share}/links"),
        format!("/api/v1/links/{locator}"),
        format!("/api/v1/links/{locator}/open"),
        format!("/api/v1/links/{locator}/grants"),
        "/api/v1/payload".into(),
    ];
    for path in paths {
        for method in ["GET", "HEAD", "OPTIONS"] {
            for authorization in [
                "".to_owned(),
                shared.proof_auth(),
                shared.owner_auth(),
                open.owner_auth(),
            ] {
                let request = Request::builder()
                    .method(method)
                    .uri(&path)
                    .header("authorization", authorization);
                api.send(request.body(Body::empty()).unwrap()).await;
            }
        }
    }
    assert_eq!(state().await, before);
    shared.grant(&api).await.ok();
}
