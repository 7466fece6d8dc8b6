//! Several links of one share: added, changed and revoked by the owner.

#![allow(clippy::unwrap_used)]

mod common;

use axum::body::Body;
use axum::http::Request;
use common::sender::Sender;
use common::{Answer, Api, START};
use onekey_core::base64url;
use onekey_core::link::Envelope;
use onekey_server::Config;
use onekey_server::config::UploadSecret;
use serde_json::{Value, json};

async fn add(api: &Api, sender: &Sender, body: Value) -> Answer {
    let path = format!("/api/v1/shares/{}/links", sender.id);
    api.call("POST", &path, &sender.owner_auth(), body).await
}

/// Adds a link with these limits.
async fn added(api: &Api, sender: &Sender, max_downloads: Value, expires_in: Value) -> Sender {
    let link = sender.with_another_link();
    let mut body = link.link_body();
    body["max_downloads"] = max_downloads;
    body["expires_in"] = expires_in;
    let answer = add(api, sender, body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    link
}

async fn patch(api: &Api, link: &Sender, change: Value) -> Answer {
    let path = format!("/api/v1/links/{}", link.locator());
    api.call("PATCH", &path, &link.owner_auth(), change).await
}

async fn patch_share(api: &Api, sender: &Sender, change: Value) -> Answer {
    let path = format!("/api/v1/shares/{}", sender.id);
    api.call("PATCH", &path, &sender.owner_auth(), change).await
}

async fn revoke(api: &Api, link: &Sender) -> Answer {
    let path = format!("/api/v1/links/{}", link.locator());
    api.call("DELETE", &path, &link.owner_auth(), Value::Null)
        .await
}

#[tokio::test]
async fn an_added_link_opens_the_same_share_within_its_own_limits() {
    let api = Api::new().await;
    let first = Sender::share(5_000, &api).await;
    let second = first.with_another_link();
    let mut body = second.link_body();
    body["max_downloads"] = json!(1);
    body["expires_in"] = json!(60);
    let answer = add(&api, &first, body).await;
    assert_eq!(answer.status, 201);
    assert_eq!(
        answer.json(),
        json!({"locator": second.locator(), "expires_at": START + 60})
    );

    let opened = second.open(&api).await.ok();
    let envelope: Envelope = base64url::decode(opened["envelope"].as_str().unwrap()).unwrap();
    let locator = second.link.locator();
    let share = second.link.wrap_key(None).unwrap(&locator, &envelope);
    assert_eq!(share.unwrap().as_bytes(), first.share.as_bytes());
    assert_eq!(
        (&opened["downloads_left"], &opened["size"]),
        (&json!(1), &json!(first.size()))
    );
    assert_eq!(opened["manifest"], first.open(&api).await.ok()["manifest"]);
    // A key opens its own link alone.
    let path = format!("/api/v1/links/{}/open", first.locator());
    let proof = second.proof_auth();
    let crossed = api.call("POST", &path, &proof, Value::Null).await;
    crossed.refused(403, "proof_rejected");

    let grant = second.granted(&api).await;
    let payload = api.get("/api/v1/payload", &grant).await;
    assert_eq!(payload.bytes, first.payload);
    second.grant(&api).await.refused(410, "used_up");
    api.clock.advance(60);
    second.open(&api).await.refused(410, "expired");
    first.grant(&api).await.ok();

    let links = first.described(&api).await;
    assert_eq!(links["expires_at"], START + 3600);
    let links = links["links"].as_array().unwrap();
    let seen = links.iter().map(|link| (&link["locator"], &link["state"]));
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [
            (&json!(first.locator()), &json!("live")),
            (&json!(second.locator()), &json!("expired"))
        ]
    );
}

#[tokio::test]
async fn a_link_is_added_without_the_upload_secret_and_only_once() {
    let mut config = Config::default();
    config.upload_secret = Some(UploadSecret::new("open-sesame").unwrap());
    let api = Api::with(config).await;
    let mut first = Sender::new(10);
    let created = api
        .call(
            "POST",
            "/api/v1/uploads",
            "Bearer open-sesame",
            first.create_body(),
        )
        .await;
    first.id = created.ok()["id"].as_str().unwrap().to_owned();
    let body = first.with_another_link().link_body();
    // Until it is a share it has no links.
    add(&api, &first, body.clone())
        .await
        .refused(409, "wrong_state");
    first.put_parts(&api).await.complete(&api).await;

    let path = format!("/api/v1/shares/{}/links", first.id);
    let without = api
        .call("POST", &path, "Bearer open-sesame", body.clone())
        .await;
    without.refused(403, "owner_rejected");
    add(&api, &first, body.clone()).await.ok();
    add(&api, &first, body.clone())
        .await
        .refused(409, "locator_taken");
    add(&api, &first, first.link_body())
        .await
        .refused(409, "locator_taken");
    assert_eq!(
        first.described(&api).await["links"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn a_change_touches_only_the_fields_that_are_present() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let link = added(&api, &shared, json!(3), json!(600)).await;
    api.clock.advance(10);
    for (change, max_downloads, expires_at) in [
        (json!({}), json!(3), json!(START + 600)),
        (json!({"max_downloads": 5}), json!(5), json!(START + 600)),
        (json!({"expires_in": 60}), json!(5), json!(START + 70)),
        (
            json!({"max_downloads": null}),
            json!(null),
            json!(START + 70),
        ),
        (json!({"expires_in": null}), json!(null), json!(null)),
        (
            json!({"max_downloads": 1, "expires_in": 100}),
            json!(1),
            json!(START + 110),
        ),
    ] {
        let answer = patch(&api, &link, change.clone()).await.ok();
        assert_eq!(
            (&answer["max_downloads"], &answer["expires_at"]),
            (&max_downloads, &expires_at),
            "{change}"
        );
        let described = shared.described(&api).await;
        assert_eq!(described["links"][1], answer, "{change}");
        assert_eq!(described["links"][0]["expires_at"], START + 3600);
    }
}

#[tokio::test]
async fn limits_are_checked_wherever_they_are_set() {
    let mut config = Config::default();
    config.max_expiry = Some(86_400);
    let api = Api::with(config).await;
    let shared = Sender::share(10, &api).await;
    let before = shared.described(&api).await;
    for change in [
        json!({"max_downloads": 0}),
        json!({"max_downloads": -1}),
        json!({"max_downloads": 1.5}),
        json!({"max_downloads": "5"}),
        json!({"max_downloads": 1_u64 << 53}),
        json!({"expires_in": 59}),
        json!({"expires_in": 86_401}),
        json!({"expires_in": null}),
        json!({"max_downloads": 5, "expires_in": 0}),
    ] {
        patch(&api, &shared, change.clone())
            .await
            .refused(400, "bad_request");
        let mut body = shared.with_another_link().link_body();
        for (field, value) in change.as_object().unwrap() {
            body[field] = value.clone();
        }
        add(&api, &shared, body).await.refused(400, "bad_request");
        if let Some(expires_in) = change.get("expires_in") {
            let change = json!({"expires_in": expires_in});
            patch_share(&api, &shared, change)
                .await
                .refused(400, "bad_request");
        }
    }
    for text in [
        "",
        "null",
        "5",
        "{\"max_download\":5}",
        "{\"label\":null}",
        "{\"expires_in\":60,\"expires_in\":70}",
        "{\"expires_at\":1900000000}",
    ] {
        let paths = [
            format!("/api/v1/links/{}", shared.locator()),
            format!("/api/v1/shares/{}", shared.id),
        ];
        for path in paths {
            let request = Request::patch(path).header("authorization", shared.owner_auth());
            let answer = api.send(request.body(Body::from(text)).unwrap()).await;
            answer.refused(400, "bad_request");
        }
    }
    let change = json!({"max_downloads": 5});
    patch_share(&api, &shared, change)
        .await
        .refused(400, "bad_request");
    // What a link forgets is not taken as no limit.
    let mut body = shared.with_another_link().link_body();
    body.as_object_mut().unwrap().remove("max_downloads");
    add(&api, &shared, body).await.refused(400, "bad_request");
    let mut body = shared.with_another_link().link_body();
    (body["direct"], body["password"]) = (json!(true), json!(true));
    add(&api, &shared, body).await.refused(400, "bad_request");
    assert_eq!(shared.described(&api).await, before);
}

#[tokio::test]
async fn a_link_that_ended_lives_again_when_its_limits_are_raised() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let link = added(&api, &shared, json!(2), json!(60)).await;
    link.granted(&api).await;
    link.granted(&api).await;
    link.open(&api).await.refused(410, "used_up");
    let answer = patch(&api, &link, json!({"max_downloads": 1})).await.ok();
    assert_eq!(
        (&answer["downloads"], &answer["downloads_left"]),
        (&json!(2), &json!(0))
    );
    link.grant(&api).await.refused(410, "used_up");
    patch(&api, &link, json!({"max_downloads": 3})).await.ok();
    assert_eq!(link.grant(&api).await.ok()["downloads_left"], 0);
    patch(&api, &link, json!({"max_downloads": 4})).await.ok();

    api.clock.advance(60);
    link.open(&api).await.refused(410, "expired");
    patch(&api, &link, json!({"expires_in": 60})).await.ok();
    assert_eq!(link.open(&api).await.ok()["expires_at"], START + 120);

    // Thirty days after its end only the locator is left.
    api.clock.advance(60 + 30 * 86_400);
    patch_share(&api, &shared, json!({"expires_in": null}))
        .await
        .ok();
    let kept = added(&api, &shared, json!(null), json!(60)).await;
    api.clock.advance(60 + 30 * 86_400);
    api.server.sweep().await.unwrap();
    patch(&api, &kept, json!({"expires_in": 60}))
        .await
        .refused(403, "owner_rejected");
    kept.open(&api).await.refused(404, "link_gone");
}

#[tokio::test]
async fn t19_revoked_link_ends_at_once_for_good_and_alone() {
    let api = Api::new().await;
    let first = Sender::share(20_000, &api).await;
    let revoked = added(&api, &first, json!(null), json!(null)).await;
    let grant = revoked.granted(&api).await;
    let unused = revoked.granted(&api).await;
    let of_first = first.granted(&api).await;
    api.get("/api/v1/payload", &grant).await;

    for _again in 0..2 {
        let answer = revoke(&api, &revoked).await;
        assert_eq!((answer.status.as_u16(), answer.bytes.len()), (204, 0));
        for grant in [&grant, &unused] {
            let answer = api.get("/api/v1/payload", grant).await;
            answer.refused(404, "not_found");
        }
        revoked.open(&api).await.refused(410, "revoked");
        revoked.grant(&api).await.refused(410, "revoked");
        let path = format!("/api/v1/links/{}", revoked.locator());
        api.get(&path, "").await.refused(404, "link_gone");
        for change in [
            json!({}),
            json!({"expires_in": null}),
            json!({"max_downloads": 9}),
        ] {
            let answer = patch(&api, &revoked, change).await;
            answer.refused(409, "wrong_state");
        }
        patch_share(&api, &first, json!({"expires_in": null}))
            .await
            .ok();
        let again = add(&api, &first, revoked.link_body()).await;
        again.refused(409, "locator_taken");
    }
    let payload = api.get("/api/v1/payload", &of_first).await;
    assert_eq!(payload.bytes, first.payload);
    first.grant(&api).await.ok();

    // Of a deleted share's links there is nothing more to revoke, and nothing comes back.
    first.delete(&api).await.ok();
    assert_eq!(revoke(&api, &first).await.status, 204);
    patch(&api, &first, json!({"expires_in": null}))
        .await
        .refused(409, "wrong_state");
    patch_share(&api, &first, json!({"expires_in": null}))
        .await
        .refused(409, "wrong_state");
    first.open(&api).await.refused(410, "revoked");
}

#[tokio::test]
async fn a_share_without_a_live_link_goes_and_one_that_gets_one_stays() {
    let api = Api::new().await;
    let (gone, kept) = (Sender::share(10, &api).await, Sender::share(10, &api).await);
    for shared in [&gone, &kept] {
        patch_share(&api, shared, json!({"expires_in": null}))
            .await
            .ok();
        api.server.sweep().await.unwrap();
        revoke(&api, shared).await.ok();
    }
    api.server.sweep().await.unwrap();
    api.clock.advance(1800);
    let link = added(&api, &kept, json!(1), json!(null)).await;
    api.clock.advance(1800);
    api.server.sweep().await.unwrap();
    let path = format!("/api/v1/shares/{}", gone.id);
    let answer = api.get(&path, &gone.owner_auth()).await;
    answer.refused(404, "not_found");
    link.granted(&api).await;
}

#[tokio::test]
async fn a_shares_change_sets_the_end_of_all_its_links() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let revoked = added(&api, &shared, json!(1), json!(70)).await;
    let spent = added(&api, &shared, json!(1), json!(80)).await;
    revoke(&api, &revoked).await.ok();
    spent.granted(&api).await;
    api.clock.advance(5);
    for (change, end) in [
        (json!({"expires_in": 60}), json!(START + 65)),
        (json!({"expires_in": null}), json!(null)),
        (json!({}), json!(null)),
    ] {
        let answer = patch_share(&api, &shared, change).await.ok();
        assert_eq!(answer, shared.described(&api).await);
        let ends: Vec<&Value> = (0..3)
            .map(|at| &answer["links"][at]["expires_at"])
            .collect();
        assert_eq!(ends, [&end, &json!(START + 70), &end]);
        assert_eq!(answer["links"][1]["state"], "revoked");
        assert_eq!(answer["links"][2]["state"], "used_up");
    }
}

#[tokio::test]
async fn a_stranger_learns_of_no_locator_whether_it_exists() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let revoked = added(&api, &shared, json!(1), json!(60)).await;
    let tombstone = added(&api, &shared, json!(1), json!(60)).await;
    revoke(&api, &tombstone).await.ok();
    patch_share(&api, &shared, json!({"expires_in": null}))
        .await
        .ok();
    api.clock.advance(31 * 86_400);
    api.server.sweep().await.unwrap();
    revoke(&api, &revoked).await.ok();
    let unknown = Sender::new(0);
    let before = shared.described(&api).await;
    assert_eq!(before["links"].as_array().unwrap().len(), 2);

    let stranger = Sender::share(10, &api).await;
    for authorization in [String::new(), stranger.owner_auth(), shared.proof_auth()] {
        for method in ["PATCH", "DELETE"] {
            let mut answers = Vec::new();
            for link in [&unknown, &shared, &revoked, &tombstone] {
                let path = format!("/api/v1/links/{}", link.locator());
                let change = json!({"max_downloads": 1});
                let answer = api.call(method, &path, &authorization, change).await;
                answer.refused(403, "owner_rejected");
                answers.push(answer.bytes);
            }
            answers.dedup();
            assert_eq!(answers.len(), 1);
        }
    }
    assert_eq!(shared.described(&api).await, before);
}
