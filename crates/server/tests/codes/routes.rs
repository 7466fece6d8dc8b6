//! Addresses, methods, ranges and other sites.

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

use crate::common::Api;
use crate::common::sender::Sender;

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
            "PATCH",
            format!("/api/v1/shares/{}", shared.id),
            shared.owner_auth(),
        ),
        (
            "DELETE",
            format!("/api/v1/shares/{}", shared.id),
            shared.owner_auth(),
        ),
        (
            "POST",
            format!("/api/v1/shares/{}/links", shared.id),
            shared.owner_auth(),
        ),
        (
            "PATCH",
            format!("/api/v1/links/{}", shared.locator()),
            shared.owner_auth(),
        ),
        (
            "DELETE",
            format!("/api/v1/links/{}", shared.locator()),
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
    let links = &shared.described(&api).await["links"];
    assert_eq!(links.as_array().unwrap().len(), 1);
    assert_eq!(
        (&links[0]["downloads"], &links[0]["state"]),
        (&0.into(), &"live".into())
    );
}

#[tokio::test]
async fn not_found_for_what_never_was() {
    let api = Api::new().await;
    let stranger = Sender::new(0);
    let id = "AAAAAAAAAAAAAAAAAAAAAA";
    for (method, path) in [
        ("GET", format!("/api/v1/uploads/{id}")),
        ("PATCH", format!("/api/v1/shares/{id}")),
        ("DELETE", format!("/api/v1/shares/{id}")),
        ("POST", format!("/api/v1/shares/{id}/links")),
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
