//! Creating an upload.

use axum::body::Body;
use axum::http::Request;
use onekey_server::Config;
use onekey_server::config::UploadSecret;
use serde_json::Value;
use serde_json::json;

use crate::common::Api;
use crate::common::sender::PART_SIZE;
use crate::common::sender::Sender;

#[tokio::test]
async fn bad_request_for_every_field_of_create() {
    let api = Api::new().await;
    let sender = Sender::new(10);
    let refused = async |field: &str, value: Value| {
        let mut body = sender.create_body();
        body[field] = value;
        api.call("POST", "/api/v1/uploads", "", body)
            .await
            .refused(400, "bad_request");
    };
    for size in [
        json!(0),
        json!(27),
        json!(1024 + 28),
        json!(1_u64 << 53),
        json!(-1),
    ] {
        refused("size", size).await;
    }
    for part_size in [
        json!(0),
        json!(1),
        json!(PART_SIZE + 1),
        json!(1052 * 70_000),
    ] {
        refused("part_size", part_size).await;
    }
    for header in [
        json!(null),
        json!(""),
        json!("A".repeat(96)),
        json!("A".repeat(95)),
    ] {
        refused("header", header).await;
    }
    refused("owner_verifier", json!("short")).await;
    refused("owner_envelope", json!("AAAA")).await;
    refused("unknown_field", json!(1)).await;
    api.call("POST", "/api/v1/uploads", "", json!([]))
        .await
        .refused(400, "bad_request");
    let mut without_size = sender.create_body();
    without_size.as_object_mut().unwrap().remove("size");
    api.call("POST", "/api/v1/uploads", "", without_size)
        .await
        .refused(400, "bad_request");
    // 2^53 - 1 bytes in parts this small would be more than 9,999 parts.
    refused("size", json!(PART_SIZE * 10_000 + 28)).await;
    let answer = api
        .send(
            Request::post("/api/v1/uploads")
                .body(Body::from("{"))
                .unwrap(),
        )
        .await;
    answer.refused(400, "bad_request");
}

#[tokio::test]
async fn bad_request_for_a_suite_that_browsers_lack() {
    use onekey_core::{base64url, cipher::Suite, header::Header, size::ChunkSize};
    let api = Api::new().await;
    let sender = Sender::new(10);
    let rng = &mut rand::rng();
    let header = Header::new(Suite::ChaCha20Poly1305, ChunkSize::MIN, &sender.share, rng);
    let mut body = sender.create_body();
    body["header"] = json!(base64url::encode(header.as_bytes()));
    api.call("POST", "/api/v1/uploads", "", body)
        .await
        .refused(400, "bad_request");
}

#[tokio::test]
async fn upload_secret_required_and_nothing_reserved() {
    let mut config = Config::default();
    config.upload_secret = Some(UploadSecret::new("open-sesame").unwrap());
    let api = Api::with(config).await;
    let body = Sender::new(10).create_body();
    let answer = api.call("POST", "/api/v1/uploads", "", body.clone()).await;
    answer.refused(401, "upload_secret_required");
    assert_eq!(
        answer.header("www-authenticate"),
        "",
        "a browser must not ask for a password"
    );
    api.call("POST", "/api/v1/uploads", "Bearer open-sesame", body)
        .await
        .ok();
}

#[tokio::test]
async fn upload_secret_rejected_when_wrong() {
    let mut config = Config::default();
    config.upload_secret = Some(UploadSecret::new("open-sesame").unwrap());
    let api = Api::with(config).await;
    let body = Sender::new(10).create_body();
    for wrong in ["Bearer open", "Bearer open-sesame2", "bearer OPEN-SESAME"] {
        api.call("POST", "/api/v1/uploads", wrong, body.clone())
            .await
            .refused(403, "upload_secret_rejected");
    }
}

/// Every request that changes something, by what it wants; a new route needs a line here.
#[tokio::test]
async fn t26_upload_secret_required_wherever_something_is_created() {
    let mut config = Config::default();
    config.upload_secret = Some(UploadSecret::new("open-sesame").unwrap());
    let api = Api::with(config).await;
    let mut open = Sender::new(10);
    let secret = "Bearer open-sesame";
    let created = api
        .call("POST", "/api/v1/uploads", secret, open.create_body())
        .await;
    open.id = created.ok()["id"].as_str().unwrap().to_owned();
    open.put_parts(&api).await.complete(&api).await;
    let of_share = format!("/api/v1/shares/{}", open.id);
    let (uploads, upload) = ("/api/v1/uploads", format!("/api/v1/uploads/{}", open.id));
    let of_link = format!("/api/v1/links/{}", open.locator());
    let routes = [
        ("POST", uploads.to_owned(), 401, "upload_secret_required"),
        ("PUT", format!("{upload}/parts/0"), 403, "owner_rejected"),
        ("POST", format!("{upload}/complete"), 403, "owner_rejected"),
        ("DELETE", upload, 403, "owner_rejected"),
        ("POST", format!("{of_share}/links"), 403, "owner_rejected"),
        ("PATCH", of_share.clone(), 403, "owner_rejected"),
        ("DELETE", of_share, 403, "owner_rejected"),
        ("PATCH", of_link.clone(), 403, "owner_rejected"),
        ("DELETE", of_link.clone(), 403, "owner_rejected"),
        ("POST", format!("{of_link}/open"), 403, "proof_rejected"),
        ("POST", format!("{of_link}/grants"), 403, "proof_rejected"),
    ];
    for (method, path, status, code) in &routes {
        let answer = api.call(method, path, "", Value::Null).await;
        answer.refused(*status, code);
        if *status != 401 {
            // What creates nothing gives the upload secret no right.
            let answer = api.call(method, path, secret, Value::Null).await;
            answer.refused(*status, code);
        }
    }
    let table = include_str!("../../src/routes.rs");
    // The direct mode's are in tests/upload/ and tests/direct/.
    let (table, _) = table.split_once("fn direct()").unwrap();
    let methods =
        ["post(", "put(", "patch(", "delete("].map(|method| table.matches(method).count());
    assert_eq!(methods.iter().sum::<usize>(), routes.len());
}
