//! Completing an upload.

use axum::body::Body;
use axum::http::Request;
use onekey_server::Config;
use serde_json::Value;
use serde_json::json;

use crate::common::Api;
use crate::common::sender::PART_SIZE;
use crate::common::sender::Sender;

#[tokio::test]
async fn t29_every_number_is_checked() {
    let api = Api::new().await;
    let sender = Sender::ready(5_000, &api).await;
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
    let sender = Sender::ready(10, &api).await;
    for manifest in [
        String::new(),
        "e30".into(),
        onekey_core::base64url::encode(&[b' '; 4096]),
    ] {
        let mut body = sender.complete_body();
        body["manifest"] = json!(manifest);
        sender
            .refused_complete(&api, body, 400, "bad_request")
            .await;
    }
    assert_eq!(sender.status(&api).await["state"], "receiving");
}

#[tokio::test]
async fn bad_request_for_links_that_contradict_themselves() {
    let mut config = Config::default();
    config.direct = false;
    let api = Api::with(config).await;
    let sender = Sender::ready(10, &api).await;
    let refused = async |changes: Value| {
        let mut body = sender.complete_body();
        for (field, value) in changes.as_object().unwrap() {
            body["link"][field] = value.clone();
        }
        sender
            .refused_complete(&api, body, 400, "bad_request")
            .await;
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
            .refused_complete(&api, body, 400, "bad_request")
            .await;
    }
    assert_eq!(sender.status(&api).await["state"], "receiving");
}

#[tokio::test]
async fn parts_missing_until_all_are_there() {
    let api = Api::new().await;
    let mut sender = Sender::new(10_000);
    sender.create(&api).await;
    let body = sender.complete_body();
    sender
        .refused_complete(&api, body.clone(), 409, "parts_missing")
        .await;
    let parts: Vec<(usize, Vec<u8>)> = sender.parts().map(|(n, p)| (n, p.to_vec())).collect();
    for (number, bytes) in parts.iter().rev().take(parts.len() - 1) {
        sender.put_part(&api, *number, bytes).await.ok();
        sender
            .refused_complete(&api, body.clone(), 409, "parts_missing")
            .await;
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
    let sender = Sender::ready(10_000, &api).await;
    for lie in [
        28,
        sender.size() - 1,
        sender.size() + 1,
        sender.size() + PART_SIZE,
    ] {
        let mut body = sender.complete_body();
        body["size"] = json!(lie);
        sender
            .refused_complete(&api, body, 409, "parts_missing")
            .await;
    }
    assert_eq!(sender.status(&api).await["state"], "receiving");
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
        .refused_complete(&api, body, 409, "locator_taken")
        .await;
    assert_eq!(second.status(&api).await["state"], "receiving");
}

#[tokio::test]
async fn complete_differs_from_its_first_body() {
    let api = Api::new().await;
    let sender = Sender::ready(10, &api).await;
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
        .refused_complete(&api, other, 409, "complete_differs")
        .await;
    assert_eq!(
        sender.described(&api).await["links"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
