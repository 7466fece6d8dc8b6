//! Every code of the protocol, provoked: stable code, status, a sentence, and nothing changed.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use common::Api;
use common::sender::{PART_SIZE, Sender, content_digest};
use futures_util::stream;
use onekey_core::wire::ErrorCode;
use onekey_server::Config;
use onekey_server::config::{FreeFloor, UploadSecret};
use serde_json::{Value, json};

/// Codes that no test here provokes, with the reason.
const ELSEWHERE: [(&str, &str); 3] = [
    ("internal", "needs a store that lost bytes: faults.rs"),
    ("unavailable", "needs a store that fails: faults.rs"),
    (
        "quota",
        "daily quotas come with a later step; the code is reserved",
    ),
];

/// Codes that the tests of this file provoke: a test names its code.
const HERE: [&str; 24] = [
    "bad_request",
    "complete_differs",
    "cross_site",
    "digest_mismatch",
    "expired",
    "length_required",
    "link_gone",
    "locator_taken",
    "method_not_allowed",
    "not_found",
    "owner_rejected",
    "part_busy",
    "part_exists",
    "parts_missing",
    "proof_rejected",
    "range_not_satisfiable",
    "revoked",
    "storage_full",
    "too_large",
    "too_many_attempts",
    "upload_secret_rejected",
    "upload_secret_required",
    "used_up",
    "wrong_state",
];

#[test]
fn every_code_is_provoked() {
    let mut tested: Vec<&str> = HERE
        .into_iter()
        .chain(ELSEWHERE.map(|(code, _)| code))
        .collect();
    tested.sort_unstable();
    let mut all: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    all.sort_unstable();
    assert_eq!(tested, all);
    let source = include_str!("codes.rs");
    for code in HERE {
        let named = |line: &str| line.starts_with("async fn ") && line.contains(code);
        assert!(source.lines().any(named), "no test is named for {code}");
    }
}

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
async fn t29_every_number_is_checked() {
    let api = Api::new().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await.put_parts(&api).await;
    let body = sender.complete_body();
    let odd = [
        "\"1\"", "\"\"", "-1", "1e309", "1.5", "[1]", "{}", "true", "NaN", "0",
    ];
    for field in ["size", "max_downloads", "expires_in"] {
        for value in odd {
            let text = if field == "size" {
                body.to_string().replace(
                    &format!("\"size\":{}", sender.size()),
                    &format!("\"size\":{value}"),
                )
            } else {
                let old = body["link"][field].to_string();
                body.to_string().replace(
                    &format!("\"{field}\":{old}"),
                    &format!("\"{field}\":{value}"),
                )
            };
            assert_ne!(text, body.to_string(), "{field} is in the body");
            let request = Request::post(format!("/api/v1/uploads/{}/complete", sender.id))
                .header("authorization", sender.owner_auth())
                .body(Body::from(text))
                .unwrap();
            api.send(request).await.refused(400, "bad_request");
        }
    }
    assert_eq!(sender.status(&api).await["state"], "receiving");
    sender.complete_with(&api, body).await.ok();
}

#[tokio::test]
async fn t1_bad_request_for_a_manifest_that_is_not_sealed() {
    let api = Api::new().await;
    let mut sender = Sender::new(10);
    sender.create(&api).await.put_parts(&api).await;
    for manifest in [
        String::new(),
        "e30".into(),
        onekey_core::base64url::encode(&[b' '; 4096]),
    ] {
        let mut body = sender.complete_body();
        body["manifest"] = json!(manifest);
        sender
            .complete_with(&api, body)
            .await
            .refused(400, "bad_request");
    }
    assert_eq!(sender.status(&api).await["state"], "receiving");
}

#[tokio::test]
async fn bad_request_for_links_that_contradict_themselves() {
    let api = Api::new().await;
    let mut sender = Sender::new(10);
    sender.create(&api).await.put_parts(&api).await;
    let refused = async |changes: Value| {
        let mut body = sender.complete_body();
        for (field, value) in changes.as_object().unwrap() {
            body["link"][field] = value.clone();
        }
        sender
            .complete_with(&api, body)
            .await
            .refused(400, "bad_request");
    };
    refused(json!({"direct": true, "password": true})).await;
    refused(json!({"direct": true})).await;
    refused(json!({"expires_in": 59})).await;
    refused(json!({"expires_in": 1_u64 << 40})).await;
    refused(json!({"max_downloads": 0})).await;
    refused(json!({"max_downloads": 1_u64 << 53})).await;
    refused(json!({"label": "AAAA"})).await;
    refused(json!({"label": onekey_core::base64url::encode(&[0; 28 + 257])})).await;
    refused(json!({"locator": "AAAA"})).await;
    refused(json!({"max_download": 1})).await;
    for field in ["max_downloads", "expires_in"] {
        let mut body = sender.complete_body();
        body["link"].as_object_mut().unwrap().remove(field);
        sender
            .complete_with(&api, body)
            .await
            .refused(400, "bad_request");
    }
    assert_eq!(sender.status(&api).await["state"], "receiving");
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

#[tokio::test]
async fn t18_owner_rejected_on_every_route_of_an_upload_or_share() {
    let api = Api::new().await;
    let shared = Sender::share(5_000, &api).await;
    let mut open = Sender::new(5_000);
    open.create(&api).await;
    let stranger = Sender::new(0).owner_auth();
    let proof = shared.proof_auth();
    let part = open.payload[..PART_SIZE as usize].to_vec();
    for authorization in ["", &stranger, &proof, "Onekey-Owner", "Onekey-Owner AAAA"] {
        for (method, path) in [
            ("GET", format!("/api/v1/uploads/{}", open.id)),
            ("DELETE", format!("/api/v1/uploads/{}", open.id)),
            ("POST", format!("/api/v1/uploads/{}/complete", open.id)),
            ("GET", format!("/api/v1/shares/{}", shared.id)),
            ("DELETE", format!("/api/v1/shares/{}", shared.id)),
        ] {
            let answer = api.call(method, &path, authorization, Value::Null).await;
            answer.refused(403, "owner_rejected");
        }
        let mut request = open.part_request(0, &part);
        request
            .headers_mut()
            .insert("authorization", authorization.parse().unwrap());
        api.send(request).await.refused(403, "owner_rejected");
    }
    assert_eq!(open.status(&api).await["received"], json!([]));
    assert_eq!(shared.described(&api).await["links"][0]["state"], "live");
}

#[tokio::test]
async fn t23_owner_rejected_for_all_that_a_receiver_can_derive() {
    use onekey_core::keys::OwnerSecret;
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let derived = [
        *shared.link.as_bytes(),
        *shared.share.as_bytes(),
        *shared.link.proof(None).as_bytes(),
        *shared.link.wrap_key(None).as_bytes(),
    ];
    for bytes in derived {
        let as_token = onekey_core::base64url::encode(&bytes);
        let as_secret = OwnerSecret::from_bytes(bytes).token().to_base64url();
        for token in [as_token, as_secret] {
            let path = format!("/api/v1/shares/{}", shared.id);
            let answer = api
                .call(
                    "DELETE",
                    &path,
                    &format!("Onekey-Owner {token}"),
                    Value::Null,
                )
                .await;
            answer.refused(403, "owner_rejected");
        }
    }
    shared.open(&api).await.ok();
}

#[tokio::test]
async fn t32_proof_rejected_and_no_counter_touched() {
    let api = Api::new().await;
    let shared =
        Sender::share_with(10, &api, |body| body["link"]["max_downloads"] = json!(1)).await;
    let wrong = Sender::new(0).proof_auth();
    for path in ["open", "grants"] {
        let path = format!("/api/v1/links/{}/{path}", shared.locator());
        for authorization in [wrong.as_str(), "", "Onekey-Proof", &shared.owner_auth()] {
            let answer = api.call("POST", &path, authorization, Value::Null).await;
            answer.refused(403, "proof_rejected");
            assert!(answer.bytes.len() < 200, "nothing but the refusal leaves");
        }
    }
    api.get(&format!("/api/v1/links/{}", shared.locator()), "")
        .await
        .ok();
    let link = &shared.described(&api).await["links"][0];
    assert_eq!(
        (&link["downloads"], &link["downloads_left"]),
        (&json!(0), &json!(1))
    );
    shared.grant(&api).await.ok();
}

#[tokio::test]
async fn cross_site_pages_change_nothing() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    for (method, path, authorization) in [
        ("POST", "/api/v1/uploads".to_owned(), String::new()),
        (
            "POST",
            format!("/api/v1/links/{}/grants", shared.locator()),
            shared.proof_auth(),
        ),
        (
            "DELETE",
            format!("/api/v1/shares/{}", shared.id),
            shared.owner_auth(),
        ),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", authorization)
            .header("sec-fetch-site", "cross-site")
            .body(Body::from(shared.create_body().to_string()))
            .unwrap();
        api.send(request).await.refused(403, "cross_site");
    }
    assert_eq!(shared.described(&api).await["links"][0]["downloads"], 0);
}

#[tokio::test]
async fn not_found_for_what_never_was() {
    let api = Api::new().await;
    let stranger = Sender::new(0);
    let id = "AAAAAAAAAAAAAAAAAAAAAA";
    for (method, path) in [
        ("GET", format!("/api/v1/uploads/{id}")),
        ("DELETE", format!("/api/v1/shares/{id}")),
        ("GET", "/api/v1/uploads/..%2f..%2fetc".to_owned()),
        ("GET", "/api/v1/shares/short".to_owned()),
        ("GET", "/api/v1/nothing".to_owned()),
        ("GET", "/api/v2/server".to_owned()),
    ] {
        let answer = api
            .call(method, &path, &stranger.owner_auth(), Value::Null)
            .await;
        assert_eq!(answer.status, 404, "{path}");
        if path.starts_with("/api/v1") {
            answer.refused(404, "not_found");
        }
    }
    let grant = format!("Onekey-Grant {}", "A".repeat(43));
    for authorization in ["", "Onekey-Grant", grant.as_str(), &stranger.owner_auth()] {
        api.get("/api/v1/payload", authorization)
            .await
            .refused(404, "not_found");
    }
}

#[tokio::test]
async fn link_gone_is_the_same_for_unknown_and_ended_links() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    api.clock.advance(3601);
    let unknown = Sender::new(0);
    let wrong = unknown.proof_auth();
    for path in ["open", "grants"] {
        let ask = async |locator: String| {
            let path = format!("/api/v1/links/{locator}/{path}");
            api.call("POST", &path, &wrong, Value::Null).await
        };
        let (never, ended) = (ask(unknown.locator()).await, ask(shared.locator()).await);
        never.refused(404, "link_gone");
        assert_eq!((never.status, never.bytes), (ended.status, ended.bytes));
    }
    for locator in [
        unknown.locator(),
        shared.locator(),
        "x".into(),
        "%00".into(),
    ] {
        let path = format!("/api/v1/links/{locator}");
        api.get(&path, "").await.refused(404, "link_gone");
    }
}

#[tokio::test]
async fn expired_is_said_to_a_right_proof_for_thirty_days() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    api.clock.advance(3601);
    shared.open(&api).await.refused(410, "expired");
    shared.grant(&api).await.refused(410, "expired");
    api.clock.advance(31 * 24 * 3600);
    api.server.sweep().await.unwrap();
    shared.open(&api).await.refused(404, "link_gone");
}

#[tokio::test]
async fn used_up_is_said_to_a_right_proof() {
    let api = Api::new().await;
    let shared =
        Sender::share_with(10, &api, |body| body["link"]["max_downloads"] = json!(2)).await;
    shared.granted(&api).await;
    assert_eq!(shared.grant(&api).await.ok()["downloads_left"], 0);
    shared.grant(&api).await.refused(410, "used_up");
    shared.open(&api).await.refused(410, "used_up");
}

#[tokio::test]
async fn revoked_is_said_to_a_right_proof_and_ends_grants_at_once() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let grant = shared.granted(&api).await;
    api.get("/api/v1/payload", &grant).await;
    assert_eq!(shared.delete(&api).await.status, 204);
    assert_eq!(
        shared.delete(&api).await.status,
        204,
        "deleting again changes nothing"
    );
    shared.open(&api).await.refused(410, "revoked");
    shared.grant(&api).await.refused(410, "revoked");
    api.get("/api/v1/payload", &grant)
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn length_required_for_parts() {
    let api = Api::new().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await;
    let part = &sender.payload[..PART_SIZE as usize];
    let mut request = sender.part_request(0, part);
    request.headers_mut().remove("content-length");
    api.send(request).await.refused(411, "length_required");
    assert_eq!(sender.status(&api).await["received"], json!([]));
}

#[tokio::test]
async fn bad_request_for_parts_of_another_length_or_number() {
    let api = Api::new().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await;
    let part = sender.payload[..PART_SIZE as usize].to_vec();
    sender
        .put_part(&api, 0, &part[1..])
        .await
        .refused(400, "bad_request");
    sender
        .put_part(&api, 1, &part)
        .await
        .refused(400, "bad_request");
    sender
        .put_part(&api, 2, b"x")
        .await
        .refused(400, "bad_request");
    sender
        .put_part(&api, 9_999, &part)
        .await
        .refused(400, "bad_request");
    for number in ["+0", "00", "-0", "0x0", "4294967296"] {
        let mut request = sender.part_request(0, &part);
        let path = format!("/api/v1/uploads/{}/parts/{number}", sender.id);
        *request.uri_mut() = path.parse().unwrap();
        api.send(request).await.refused(404, "not_found");
    }
    for length in ["-1", "abc", "1e3", "99999999999999999999"] {
        let mut request = sender.part_request(0, &part);
        request
            .headers_mut()
            .insert("content-length", length.parse().unwrap());
        api.send(request).await.refused(400, "bad_request");
    }
    let mut request = sender.part_request(0, &part);
    request.headers_mut().remove("content-digest");
    api.send(request).await.refused(400, "bad_request");
    // Announced as long as the part, but the body is shorter or longer.
    for body in [&part[1..], &[part.as_slice(), b"x"].concat()] {
        let mut request = sender.part_request(0, &part);
        *request.body_mut() = Body::from(body.to_vec());
        api.send(request).await.refused(400, "bad_request");
    }
    assert_eq!(sender.status(&api).await["received"], json!([]));
}

#[tokio::test]
async fn digest_mismatch_is_never_recorded() {
    let api = Api::new().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await;
    let part = sender.payload[..PART_SIZE as usize].to_vec();
    let mut request = sender.part_request(0, &part);
    let other = content_digest(b"other");
    request
        .headers_mut()
        .insert("content-digest", other.parse().unwrap());
    api.send(request).await.refused(422, "digest_mismatch");
    assert_eq!(sender.status(&api).await["received"], json!([]));
    sender.put_part(&api, 0, &part).await.ok();
}

#[tokio::test]
async fn part_exists_and_is_kept() {
    let api = Api::new().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await.put_parts(&api).await;
    let part = sender.payload[..PART_SIZE as usize].to_vec();
    assert_eq!(
        sender.put_part(&api, 0, &part).await.status,
        204,
        "the same again is fine"
    );
    let mut other = part.clone();
    other[100] ^= 1;
    sender
        .put_part(&api, 0, &other)
        .await
        .refused(409, "part_exists");
    let body = sender.complete_body();
    sender.complete_with(&api, body).await.ok();
    let grant = sender.granted(&api).await;
    assert_eq!(
        api.get("/api/v1/payload", &grant).await.bytes,
        sender.payload
    );
}

/// The slow writer: the first PUT is still arriving when the second comes.
#[tokio::test(start_paused = true)]
async fn part_busy_after_waiting_and_the_first_writer_wins() {
    let api = Api::new().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await;
    let part = sender.payload[..PART_SIZE as usize].to_vec();
    let (first_half, second_half) = part.split_at(1000);
    let pieces = [first_half.to_vec(), second_half.to_vec()];
    // The second half comes after the second writer has waited its 30 seconds.
    let slow = stream::unfold(pieces.into_iter(), |mut pieces| async {
        let piece = pieces.next()?;
        tokio::time::sleep(Duration::from_secs(29)).await;
        Some((Ok::<_, std::io::Error>(piece), pieces))
    });
    let mut request = sender.part_request(0, &part);
    *request.body_mut() = Body::from_stream(slow);
    let first = api.send(request);
    let second = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut other = part.clone();
        other[100] ^= 1;
        sender
            .put_part(&api, 0, &other)
            .await
            .refused(409, "part_busy");
    };
    let (first, ()) = tokio::join!(first, second);
    assert_eq!(first.status, 204);
    sender.put_parts(&api).await;
    let body = sender.complete_body();
    sender.complete_with(&api, body).await.ok();
    let grant = sender.granted(&api).await;
    assert_eq!(
        api.get("/api/v1/payload", &grant).await.bytes,
        sender.payload
    );
}

#[tokio::test]
async fn parts_missing_until_all_are_there() {
    let api = Api::new().await;
    let mut sender = Sender::new(10_000);
    sender.create(&api).await;
    let body = sender.complete_body();
    sender
        .complete_with(&api, body.clone())
        .await
        .refused(409, "parts_missing");
    let parts: Vec<(usize, Vec<u8>)> = sender.parts().map(|(n, p)| (n, p.to_vec())).collect();
    for (number, bytes) in parts.iter().rev().take(parts.len() - 1) {
        sender.put_part(&api, *number, bytes).await.ok();
        sender
            .complete_with(&api, body.clone())
            .await
            .refused(409, "parts_missing");
    }
    assert_eq!(
        sender.status(&api).await["received"],
        json!([[1, parts.len() - 1]])
    );
    sender.put_part(&api, 0, &parts[0].1).await.ok();
    sender.complete_with(&api, body).await.ok();
}

#[tokio::test]
async fn t2_parts_missing_when_the_size_was_a_lie() {
    let api = Api::new().await;
    let mut sender = Sender::new(10_000);
    sender.create(&api).await.put_parts(&api).await;
    for lie in [
        28,
        sender.size() - 1,
        sender.size() + 1,
        sender.size() + PART_SIZE,
    ] {
        let mut body = sender.complete_body();
        body["size"] = json!(lie);
        sender
            .complete_with(&api, body)
            .await
            .refused(409, "parts_missing");
    }
    assert_eq!(sender.status(&api).await["state"], "receiving");
}

#[tokio::test]
async fn wrong_state_after_complete_and_after_abort() {
    let api = Api::new().await;
    let shared = Sender::share(5_000, &api).await;
    let part = shared.payload[..PART_SIZE as usize].to_vec();
    shared
        .put_part(&api, 0, &part)
        .await
        .refused(409, "wrong_state");
    let upload = format!("/api/v1/uploads/{}", shared.id);
    let answer = api
        .call("DELETE", &upload, &shared.owner_auth(), Value::Null)
        .await;
    answer.refused(409, "wrong_state");
    shared.open(&api).await.ok();

    let mut open = Sender::new(10);
    open.create(&api).await;
    let share = format!("/api/v1/shares/{}", open.id);
    let answer = api
        .call("DELETE", &share, &open.owner_auth(), Value::Null)
        .await;
    answer.refused(409, "wrong_state");
    let upload = format!("/api/v1/uploads/{}", open.id);
    let answer = api
        .call("DELETE", &upload, &open.owner_auth(), Value::Null)
        .await;
    assert_eq!(answer.status, 204);
}

#[tokio::test]
async fn locator_taken_for_ever() {
    let api = Api::new().await;
    let first = Sender::share(10, &api).await;
    first.delete(&api).await;
    api.clock.advance(400 * 24 * 3600);
    api.server.sweep().await.unwrap();
    let mut second = Sender::new(10);
    second.link = first.link.clone();
    second.create(&api).await.put_parts(&api).await;
    let body = second.complete_body();
    second
        .complete_with(&api, body)
        .await
        .refused(409, "locator_taken");
    assert_eq!(second.status(&api).await["state"], "receiving");
}

#[tokio::test]
async fn complete_differs_from_its_first_body() {
    let api = Api::new().await;
    let mut sender = Sender::new(10);
    sender.create(&api).await.put_parts(&api).await;
    let body = sender.complete_body();
    let answer = sender.complete_with(&api, body.clone()).await.ok();
    api.clock.advance(30);
    assert_eq!(
        sender.complete_with(&api, body.clone()).await.ok(),
        answer,
        "repeated, the same"
    );
    let mut other = body;
    other["link"]["expires_in"] = json!(7200);
    sender
        .complete_with(&api, other)
        .await
        .refused(409, "complete_differs");
    assert_eq!(
        sender.described(&api).await["links"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

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
async fn range_not_satisfiable_names_the_length_and_spends_nothing() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let grant = shared.granted(&api).await;
    let request = Request::get("/api/v1/payload")
        .header("authorization", &grant)
        .header("range", "bytes=1000000-")
        .body(Body::empty())
        .unwrap();
    let answer = api.send(request).await;
    answer.refused(416, "range_not_satisfiable");
    assert_eq!(
        answer.header("content-range"),
        format!("bytes */{}", shared.size())
    );
    // The grant was not used by that: it ends after ten minutes and the download comes back.
    api.clock.advance(601);
    api.server.sweep().await.unwrap();
    assert_eq!(shared.described(&api).await["links"][0]["downloads"], 0);
}

#[tokio::test]
async fn method_not_allowed_says_which_are() {
    let api = Api::new().await;
    let answer = api.call("POST", "/api/v1/server", "", Value::Null).await;
    answer.refused(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
}
