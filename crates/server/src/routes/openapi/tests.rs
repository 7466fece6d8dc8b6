use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Request as HttpRequest, StatusCode};
use http_body_util::BodyExt;
use onekey_core::wire::{API_PREFIX, ErrorCode};
use tower::ServiceExt;

use super::*;
use crate::Server;
use crate::config::UploadSecret;

type Table = BTreeMap<String, BTreeSet<String>>;

/// The route table, read from its source: a router cannot be asked what it holds.
fn table() -> Table {
    let source = include_str!("../../routes.rs");
    let (_, router) = source.split_once("fn router(").unwrap();
    let (api, rest) = router.split_once(".nest(").unwrap();
    let (rest, direct) = rest.split_once("fn direct()").unwrap();
    let (_, people) = direct.split_once("#[cfg(feature = \"web\")]").unwrap();
    let (page, words) = people.split_once("#[cfg(not(feature = \"web\"))]").unwrap();
    let people = if cfg!(feature = "web") { page } else { words };
    let mut table = Table::new();
    for (prefix, text) in [(API_PREFIX, api), ("", rest), ("", people)] {
        for route in text.split(".route(").skip(1) {
            let mut quoted = route.split('"');
            // A name that may hold slashes is a name all the same.
            let path = format!("{prefix}{}", quoted.nth(1).unwrap()).replace("{*", "{");
            let handlers = quoted.next().unwrap();
            let words = handlers.split(|c: char| !c.is_ascii_lowercase() && c != '(');
            let methods = words.filter_map(|word| word.split_once('(').map(|(method, _)| method));
            let known = ["get", "post", "put", "patch", "delete"];
            let methods = methods.filter(|method| known.contains(method));
            table
                .entry(path)
                .or_default()
                .extend(methods.map(str::to_owned));
        }
    }
    assert!(table.len() > 10, "{table:?}");
    table
}

/// The documented routes. HEAD comes with every GET and is described where it says more.
fn documented(document: &Value) -> Table {
    let paths = document["paths"].as_object().unwrap();
    let methods = |item: &Value| {
        let methods = item.as_object().unwrap().keys().cloned();
        methods.filter(|method| method != "head").collect()
    };
    let all = paths.iter();
    all.map(|(path, item)| (path.clone(), methods(item)))
        .collect()
}

#[test]
fn every_route_is_documented_and_no_other() {
    assert_eq!(documented(&document(&Config::default())), table());
}

#[tokio::test]
async fn the_router_takes_what_is_documented_and_nothing_else() {
    let config = Config {
        direct: false,
        ..Config::default()
    };
    let server = Server::new(config).await.unwrap();
    for (path, methods) in documented(&document(&Config::default())) {
        for method in ["get", "post", "put", "patch", "delete"] {
            let uri = path.replace("{n}", "0").replace(['{', '}'], "");
            let request = HttpRequest::builder()
                .method(method.to_uppercase().as_str())
                .uri(&uri);
            let request = request.body(Body::empty()).unwrap();
            let answer = server.router().oneshot(request).await.unwrap();
            let taken = answer.status() != StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(taken, methods.contains(method), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_document_is_served_and_every_reference_leads_somewhere() {
    let server = Server::new(Config::default()).await.unwrap();
    let request = HttpRequest::get("/api/v1/openapi.json");
    let request = request.body(Body::empty()).unwrap();
    let answer = server.router().oneshot(request).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let served: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(served, document(&Config::default()));

    let schemas = served["components"]["schemas"].as_object().unwrap();
    let text = served.to_string();
    let references: BTreeSet<_> = text
        .split("#/components/schemas/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let named: BTreeSet<_> = schemas.keys().map(String::as_str).collect();
    assert_eq!(references, named, "none is missing and none is in vain");

    let mut ids = BTreeSet::new();
    for operation in served["paths"].as_object().unwrap().values() {
        for operation in operation.as_object().unwrap().values() {
            assert!(ids.insert(operation["operationId"].as_str().unwrap()));
            assert!(!operation["responses"].as_object().unwrap().is_empty());
            for scheme in operation["security"].as_array().into_iter().flatten() {
                for name in scheme.as_object().unwrap().keys() {
                    assert!(served["components"]["securitySchemes"][name].is_object());
                }
            }
        }
    }
}

/// A forgotten limit must not become none: the document says so as well.
#[test]
fn nullable_fields_are_required_and_unknown_ones_refused() {
    let schemas = schemas();
    for (name, left_out) in [
        ("CreateUpload", Some("owner_envelope")),
        ("NewLink", Some("label")),
        ("CompleteUpload", None),
    ] {
        let schema = &schemas[name];
        assert_eq!(schema["additionalProperties"], false, "{name}");
        let fields = schema["properties"].as_object().unwrap().keys();
        let expected: BTreeSet<_> = fields
            .map(String::as_str)
            .filter(|field| Some(*field) != left_out)
            .collect();
        let required = schema["required"].as_array().unwrap();
        let required: BTreeSet<_> = required.iter().filter_map(Value::as_str).collect();
        assert_eq!(required, expected, "{name}");
    }
}

/// Names as they go over the wire, not as Rust has them.
#[test]
fn enums_hold_the_texts_of_the_wire() {
    let schemas = schemas();
    let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(schemas["ErrorCode"]["enum"], json!(codes));
    for (name, value) in [("LinkState", "used_up"), ("UploadState", "receiving")] {
        let values = schemas[name]["enum"].as_array().unwrap();
        assert!(values.contains(&json!(value)), "{name}");
    }
}

/// `method_not_allowed` belongs to no route, `quota` is reserved.
#[test]
fn every_code_is_somewhere() {
    let documented: Vec<ErrorCode> = ROUTES.iter().flat_map(Route::codes).collect();
    for code in ErrorCode::ALL {
        let nowhere = [ErrorCode::MethodNotAllowed, ErrorCode::Quota].contains(code);
        assert_eq!(documented.contains(code), !nowhere, "{}", code.as_str());
    }
}

#[test]
fn the_document_follows_the_configuration() {
    let secret =
        |config: &Config| document(config)["paths"]["/api/v1/uploads"]["post"]["security"].clone();
    let mut config = Config::default();
    assert_eq!(secret(&config), Value::Null);
    assert_eq!(document(&config)["servers"][0]["url"], "/");
    config.upload_secret = Some(UploadSecret::new("open-sesame").unwrap());
    config.public_url = Some("https://example.org/files".parse().unwrap());
    assert_eq!(secret(&config), json!([{"upload_secret": []}]));
    assert_eq!(document(&config)["servers"][0]["url"], "/files");
    assert!(!document(&config).to_string().contains("open-sesame"));
}

#[test]
fn bytes_have_the_alphabet_of_their_length() {
    let schemas = schemas();
    let link = &schemas["NewLink"]["properties"];
    assert_eq!(link["locator"]["pattern"], "^[A-Za-z0-9_-]{21}[AQgw]$");
    assert_eq!(
        link["verifier"]["pattern"],
        "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
    );
    assert_eq!(link["envelope"]["pattern"], "^[A-Za-z0-9_-]{80}$");
    // A version is a text, not bytes.
    let server = &schemas["ServerDescription"]["properties"];
    assert_eq!(server["version"].get("pattern"), None);
}
