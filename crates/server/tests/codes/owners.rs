//! What only the owner may do, and when.

use serde_json::Value;
use serde_json::json;

use crate::common::Api;
use crate::common::sender::PART_SIZE;
use crate::common::sender::Sender;

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
            ("PATCH", format!("/api/v1/shares/{}", shared.id)),
            ("DELETE", format!("/api/v1/shares/{}", shared.id)),
            ("POST", format!("/api/v1/shares/{}/links", shared.id)),
            ("PATCH", format!("/api/v1/links/{}", shared.locator())),
            ("DELETE", format!("/api/v1/links/{}", shared.locator())),
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
