//! Every operation of the server, for what must hold of all.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::common::Api;
use crate::common::sender::Sender;

/// One operation: method, path, schemes of authorization.
pub(crate) type Operation = (String, String, Vec<String>);

/// Every operation of the server, as it describes itself: a new one is here without being told.
pub(crate) async fn operations(api: &Api) -> Vec<Operation> {
    let document = api.get("/api/v1/openapi.json", "").await.ok();
    let mut operations = Vec::new();
    let paths: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_value(document["paths"].clone()).unwrap();
    for (path, methods) in paths {
        for (method, operation) in methods {
            let schemes = operation["security"].as_array().into_iter().flatten();
            let schemes = schemes.flat_map(|scheme| scheme.as_object().unwrap().keys().cloned());
            operations.push((method.to_uppercase(), path.clone(), schemes.collect()));
        }
    }
    assert!(operations.len() > 20, "{}", operations.len());
    operations
}

/// Returns the path with the names of what `shared` made.
pub(crate) fn filled(path: &str, shared: &Sender) -> String {
    path.replace("{id}", &shared.id)
        .replace("{locator}", &shared.locator())
        .replace("{n}", "0")
        // No asset: those that are there may be kept (tests/web).
        .replace("{folder}/{name}", "none/none.js")
}

/// On answers of every kind: nobody keeps one, guesses its type, or learns where the reader came from; no browser asks for
/// a password or sends one by itself.
#[tokio::test]
async fn t16_t19_fields_of_every_answer() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let proof = shared.proof_auth();
    let grant = shared.granted(&api).await;
    let (mut succeeded, mut refused) = (0, 0);
    // What deletes comes last.
    let mut operations = operations(&api).await;
    operations.push(("GET".into(), "/nothing".into(), Vec::new()));
    operations.sort_by_key(|(method, ..)| method == "DELETE");
    for (method, path, schemes) in operations {
        let right = match schemes.first().map(String::as_str) {
            Some("owner") => shared.owner_auth(),
            Some("proof") => proof.clone(),
            Some("grant") => grant.clone(),
            _ => String::new(),
        };
        for authorization in [String::new(), right] {
            let path = filled(&path, &shared);
            let answer = api.call(&method, &path, &authorization, Value::Null).await;
            if answer.status.is_success() {
                succeeded += 1;
            } else {
                refused += 1;
            }
            assert_eq!(
                answer.header("cache-control"),
                "no-store",
                "{method} {path}"
            );
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("referrer-policy"), "no-referrer");
            for absent in ["www-authenticate", "set-cookie"] {
                assert!(!answer.headers.contains_key(absent), "{method} {path}");
            }
        }
    }
    assert!(succeeded > 10 && refused > 10, "{succeeded} {refused}");
}
