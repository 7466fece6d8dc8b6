//! What a link protects, asked for on every route that there is.

use onekey_core::base64url;
use onekey_core::keys::PasswordKey;
use onekey_core::password::Password;
use serde_json::{Value, json};

use crate::common::Api;
use crate::common::sender::Sender;
use crate::operations::{Operation, filled, operations};

/// Wrong proofs of one client that are answered before all of its proofs are refused for a time.
const ATTEMPTS: usize = 10;

/// A share whose link wants a password, and the key that goes with it.
async fn with_password(api: &Api) -> (Sender, PasswordKey, Value) {
    let mut sender = Sender::new(5_000);
    let password = Password::new("correct horse").unwrap();
    let password = password.stretch(&sender.link);
    sender.create(api).await.put_parts(api).await;
    let mut body = sender.complete_body();
    body["link"] = sender.link_body_with(Some(&password));
    sender.complete_with(api, body.clone()).await.ok();
    (sender, password, body)
}

#[tokio::test]
async fn t25_nothing_leaves_any_route_before_a_right_proof() {
    let api = Api::new().await;
    let (shared, password, body) = with_password(&api).await;
    let secrets = [
        base64url::encode(shared.header.as_bytes()),
        body["link"]["envelope"].as_str().unwrap().to_owned(),
        body["manifest"].as_str().unwrap()[..64].to_owned(),
    ];
    let told = |answer: &[u8]| {
        let text = String::from_utf8_lossy(answer);
        secrets.iter().any(|secret| text.contains(secret.as_str()))
            || answer
                .windows(32)
                .any(|bytes| bytes == &shared.payload[..32])
    };
    // The right proof gets them, so they are what to look for.
    let path = filled("/api/v1/links/{locator}/open", &shared);
    let right = shared.proof_auth_with(Some(&password));
    assert!(told(
        &api.call("POST", &path, &right, Value::Null).await.bytes
    ));

    // The key without the password, and whatever a stranger can make up.
    let stranger = Sender::new(0);
    let authorizations = [
        String::new(),
        shared.proof_auth(),
        stranger.proof_auth(),
        stranger.owner_auth(),
        format!("Onekey-Grant {}", "A".repeat(43)),
        format!("Onekey-Proof {}", shared.locator()),
        "Bearer guess".to_owned(),
    ];
    for (method, path, _) in operations(&api).await {
        for authorization in &authorizations {
            let path = filled(&path, &shared);
            let answer = api.call(&method, &path, authorization, json!({})).await;
            assert!(!told(&answer.bytes), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn t25_guesses_are_counted_on_every_route_that_takes_a_proof() {
    let api = Api::new().await;
    let taking_proofs: Vec<Operation> = operations(&api)
        .await
        .into_iter()
        .filter(|(_, _, schemes)| schemes.iter().any(|scheme| scheme == "proof"))
        .collect();
    assert!(taking_proofs.len() >= 2);
    for (method, path, _) in &taking_proofs {
        let (shared, password, _) = with_password(&api).await;
        let guess = shared.proof_auth();
        for _ in 0..ATTEMPTS {
            let path = filled(path, &shared);
            let answer = api.call(method, &path, &guess, Value::Null).await;
            answer.refused(403, "proof_rejected");
        }
        // All of them together have one limit, before the proof is looked at.
        let right = shared.proof_auth_with(Some(&password));
        for (method, path, _) in &taking_proofs {
            let path = filled(path, &shared);
            let answer = api.call(method, &path, &right, Value::Null).await;
            answer.refused(429, "too_many_attempts");
        }
    }
}
