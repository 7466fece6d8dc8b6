//! Proofs, and links that are not live.

use serde_json::Value;
use serde_json::json;

use crate::common::Api;
use crate::common::sender::Sender;

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
