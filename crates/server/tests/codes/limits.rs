//! Sizes, room and attempts.

use axum::body::Body;
use axum::http::Request;
use futures_util::stream;
use onekey_core::wire::MAX_LINKS;
use onekey_server::Config;
use onekey_server::config::FreeFloor;
use serde_json::Value;

use crate::common::Api;
use crate::common::sender::PART_SIZE;
use crate::common::sender::Sender;

#[tokio::test]
async fn too_large_with_the_limit() {
    let mut config = Config::default();
    config.limits.max_size = Some(PART_SIZE);
    let api = Api::with(config).await;
    let sender = Sender::new(5_000);
    let answer = api
        .call("POST", "/api/v1/uploads", "", sender.create_body())
        .await;
    answer.refused(413, "too_large");
    assert!(String::from_utf8_lossy(&answer.bytes).contains(&PART_SIZE.to_string()));

    // Of unknown size: the part that would go over is refused before it is read.
    let mut pipe = Sender::new(5_000);
    let mut body = pipe.create_body();
    body["size"] = Value::Null;
    let answer = api.call("POST", "/api/v1/uploads", "", body).await;
    pipe.id = answer.ok()["id"].as_str().unwrap().to_owned();
    let parts: Vec<Vec<u8>> = pipe.parts().map(|(_, part)| part.to_vec()).collect();
    pipe.put_part(&api, 0, &parts[0]).await.ok();
    pipe.put_part(&api, 1, &parts[1])
        .await
        .refused(413, "too_large");
    pipe.put_part(&api, 0, &vec![0; PART_SIZE as usize + 1])
        .await
        .refused(413, "too_large");
}

#[tokio::test]
async fn t30_too_large_a_body_without_a_length_is_cut_early() {
    let api = Api::new().await;
    let megabyte = vec![b' '; 1 << 20];
    let endless = stream::repeat_with(move || Ok::<_, std::io::Error>(megabyte.clone()));
    let request = Request::post("/api/v1/uploads")
        .body(Body::from_stream(endless))
        .unwrap();
    api.send(request).await.refused(413, "too_large");
}

#[tokio::test]
async fn storage_full_before_the_first_byte() {
    let mut config = Config::default();
    config.limits.max_total = Some(3 * PART_SIZE);
    let api = Api::with(config).await;
    let mut first = Sender::new(2 * 4096);
    first.create(&api).await;
    let second = Sender::new(4096);
    let answer = api
        .call("POST", "/api/v1/uploads", "", second.create_body())
        .await;
    answer.refused(507, "storage_full");
    // What was reserved is free again after an abort.
    let upload = format!("/api/v1/uploads/{}", first.id);
    api.call("DELETE", &upload, &first.owner_auth(), Value::Null)
        .await
        .ok();
    api.call("POST", "/api/v1/uploads", "", second.create_body())
        .await
        .ok();
}

#[tokio::test]
async fn storage_full_at_the_free_floor() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::in_folder(folder.path());
    config.free_floor = FreeFloor::Bytes(u64::MAX);
    let api = Api::with(config).await;
    let answer = api
        .call("POST", "/api/v1/uploads", "", Sender::new(10).create_body())
        .await;
    answer.refused(507, "storage_full");
}

#[tokio::test]
async fn too_many_attempts_and_a_time_to_wait() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let path = format!("/api/v1/links/{}/open", shared.locator());
    for _ in 0..10 {
        let wrong = Sender::new(0).proof_auth();
        api.call("POST", &path, &wrong, Value::Null)
            .await
            .refused(403, "proof_rejected");
    }
    let answer = shared.open(&api).await;
    answer.refused(429, "too_many_attempts");
    let wait: i64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
    api.clock.advance(wait);
    shared.open(&api).await.refused(410, "expired");
}

#[tokio::test]
async fn too_many_links_and_none_of_them_lost() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let path = format!("/api/v1/shares/{}/links", shared.id);
    let add = async |link: &Sender| {
        let owner = shared.owner_auth();
        api.call("POST", &path, &owner, link.link_body()).await
    };
    let mut last = shared.with_another_link();
    for _ in 1..MAX_LINKS {
        last = shared.with_another_link();
        add(&last).await.ok();
    }
    let refused = shared.with_another_link();
    add(&refused).await.refused(409, "too_many_links");
    add(&last).await.refused(409, "locator_taken");
    refused.open(&api).await.refused(404, "link_gone");
    last.open(&api).await.ok();
    shared.open(&api).await.ok();
}
