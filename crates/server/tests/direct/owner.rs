//! Deleting by a direct link: the owner's token, and no GET ever.

use axum::http::StatusCode;
use onekey_core::keys::OwnerSecret;

use crate::ask;
use crate::common::Api;
use crate::share::{Direct, OnDisk};

#[tokio::test]
async fn l4_the_owner_deletes_and_nobody_else() {
    let disk = OnDisk::new().await;
    let api = &disk.api;
    let shared = Direct::file("a.png", "image/png", 10).put(api).await;
    let stranger = OwnerSecret::generate(&mut rand::rng())
        .token()
        .to_base64url();
    let other = format!("Onekey-Owner {stranger}");
    for fields in [
        &[][..],
        &[("authorization", &*other)],
        &[("authorization", "Onekey-Owner x")],
        &[("authorization", "Bearer open-sesame")],
    ] {
        let answer = ask(api, "DELETE", &shared.path(".png"), fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{fields:?}");
        assert!(
            answer.text().ends_with("Onekey-Owner\n"),
            "{}",
            answer.text()
        );
    }
    let owner = shared.owner_auth();
    let json = [("authorization", &*other), ("accept", "application/json")];
    let answer = ask(api, "DELETE", &shared.path(""), &json).await;
    assert!(
        answer
            .text()
            .starts_with("{\"error\":{\"code\":\"owner_rejected\"")
    );
    let one = ask(
        api,
        "DELETE",
        &shared.path("/a.png"),
        &[("authorization", &owner)],
    )
    .await;
    assert_eq!(one.status, StatusCode::BAD_REQUEST);
    assert_eq!(shared.get(api, "", &[]).await.status, StatusCode::OK);

    let answer = ask(
        api,
        "DELETE",
        &shared.path(".png"),
        &[("authorization", &owner)],
    )
    .await;
    assert_eq!(
        (answer.status, answer.bytes.len()),
        (StatusCode::NO_CONTENT, 0)
    );
    shared.get(api, "", &[]).await.is_nothing();
    assert_eq!(disk.blobs(), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn l4_a_get_deletes_nothing() {
    let api = Api::new().await;
    let shared = Direct::file("a.png", "image/png", 10).put(&api).await;
    let owner = shared.owner_auth();
    for behind in ["?delete", "?_method=DELETE", "/delete", ".png?delete=1"] {
        for method in ["GET", "HEAD", "POST"] {
            let fields = [
                ("authorization", &*owner),
                ("x-http-method-override", "DELETE"),
            ];
            ask(&api, method, &shared.path(behind), &fields).await;
        }
    }
    assert_eq!(shared.get(&api, "", &[]).await.bytes, shared.plaintext);
}
