//! `GET /api/v1/openapi.json`: every route, body and refusal, for programs that read such things. The direct mode is
//! not in it: its bodies are plain files, and docs/protocol.md says the rest.

mod routes;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use onekey_core::wire;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use self::routes::{Answer, Authorization, ROUTES, Request, Route};
use crate::app::App;
use crate::config::Config;

/// The types of all bodies.
#[derive(OpenApi)]
#[openapi(components(schemas(
    wire::ChangeLink,
    wire::ChangeShare,
    wire::CompleteUpload,
    wire::CreateUpload,
    wire::ErrorBody,
    wire::ErrorCode,
    wire::ErrorDetail,
    wire::GrantCreated,
    wire::LinkAdded,
    wire::LinkDescription,
    wire::LinkOpened,
    wire::LinkState,
    wire::NewLink,
    wire::ServerDescription,
    wire::ShareDescription,
    wire::SharedLink,
    wire::UploadCompleted,
    wire::UploadCreated,
    wire::UploadState,
    wire::UploadStatus,
)))]
struct Bodies;

/// The fields of requests that may be left out. All others are required, also those that may be null.
const OPTIONAL: [(&str, &str); 5] = [
    ("ChangeLink", "expires_in"),
    ("ChangeLink", "max_downloads"),
    ("ChangeShare", "expires_in"),
    ("CreateUpload", "owner_envelope"),
    ("NewLink", "label"),
];

pub(crate) async fn describe(State(app): State<Arc<App>>) -> impl IntoResponse {
    let text = app
        .openapi
        .get_or_init(|| document(&app.config).to_string());
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], text.clone())
}

fn document(config: &Config) -> Value {
    let mut paths = BTreeMap::<String, Map<String, Value>>::new();
    for route in ROUTES {
        let operations = paths.entry(route.path()).or_default();
        operations.insert(route.method.into(), operation(route, config));
    }
    let prefix = config.public_url.as_ref().map_or("", |url| url.prefix());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "onekey",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Protocol v1. docs/protocol.md says what the fields mean and what a client may repeat.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": if prefix.is_empty() { "/" } else { prefix }}],
        "paths": paths,
        "components": {"schemas": schemas(), "securitySchemes": schemes()},
    })
}

fn schemas() -> Value {
    let mut schemas = json!(Bodies::openapi().components.map(|all| all.schemas));
    for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
        let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
        let Some(fields) = fields else {
            continue;
        };
        fields.values_mut().for_each(name_alphabet);
        // What is an `Option` in Rust may be null, but must be there: in requests as in answers.
        let required = fields
            .keys()
            .filter(|field| !OPTIONAL.contains(&(name.as_str(), field.as_str())));
        schema["required"] = required.cloned().collect();
    }
    schemas
}

/// Texts of an exact length are bytes in base64url without padding: those that decode and encode to the same text.
fn name_alphabet(field: &mut Value) {
    let Some(len) = field.get("maxLength").and_then(Value::as_u64) else {
        return;
    };
    if field.get("minLength") != field.get("maxLength") {
        return;
    }
    // The last character holds the bits that are left of the last byte, then zeros.
    let (whole, last) = match len % 4 {
        2 => (len - 1, "[AQgw]"),
        3 => (len - 1, "[AEIMQUYcgkosw048]"),
        _ => (len, ""),
    };
    field["pattern"] = format!("^[A-Za-z0-9_-]{{{whole}}}{last}$").into();
}

fn schemes() -> Value {
    let schemes = Authorization::ALL.iter().map(|scheme| {
        let value = json!({
            "type": "http",
            "scheme": scheme.scheme(),
            "description": scheme.description(),
        });
        (scheme.name().to_owned(), value)
    });
    Value::Object(schemes.collect())
}

fn operation(route: &Route, config: &Config) -> Value {
    let mut operation = json!({
        "summary": route.summary,
        "operationId": route.operation_id(),
        "responses": responses(route),
    });
    let parameters = parameters(route);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    // A server without an upload secret takes uploads from anybody.
    let open =
        route.authorization == Some(Authorization::UploadSecret) && config.upload_secret.is_none();
    if let Some(scheme) = route.authorization.filter(|_| !open) {
        operation["security"] = json!([{ (scheme.name()): [] }]);
    }
    if let Some(content) = match route.request {
        Request::None => None,
        Request::Bytes => Some(json!({"application/octet-stream": {}})),
        Request::Json(name) => Some(json!({"application/json": {"schema": reference(name)}})),
    } {
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    operation
}

fn parameters(route: &Route) -> Vec<Value> {
    let names = route.path.split('/');
    let names = names.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = names.map(|name| {
        let schema = match name {
            "n" => json!({"type": "integer", "minimum": 0, "maximum": wire::MAX_PARTS - 1}),
            // These answer people, and any name with the same text.
            _ if !route.in_protocol => json!({"type": "string"}),
            // 128 bits in base64url: the last digit has only two of its six.
            _ => json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{21}[AQgw]$"}),
        };
        json!({"name": name, "in": "path", "required": true, "schema": schema})
    });
    let in_header = route.headers.iter().map(|(name, required, description)| {
        let schema = json!({"type": "string"});
        json!({"name": name, "in": "header", "required": required, "description": description,
            "schema": schema})
    });
    in_path.chain(in_header).collect()
}

fn responses(route: &Route) -> Value {
    let mut responses = Map::new();
    for (status, answer) in route.answers {
        let content = match answer {
            Answer::Bytes => json!({"application/octet-stream": {}}),
            Answer::Empty => Value::Null,
            Answer::Icon => json!({"image/svg+xml": {}}),
            Answer::Any => json!({"application/json": {"schema": {"type": "object"}}}),
            Answer::Json(name) => json!({"application/json": {"schema": reference(name)}}),
            #[cfg(feature = "web")]
            Answer::Asset => contents(crate::web::media_types()),
            #[cfg(feature = "web")]
            Answer::Page => contents(["text/html; charset=utf-8", "text/plain; charset=utf-8"]),
            #[cfg(feature = "web")]
            Answer::Script => contents(["text/javascript; charset=utf-8"]),
            Answer::Text => {
                json!({"text/plain; charset=utf-8": {"schema": {"type": "string"}}})
            }
        };
        let mut response = json!({"description": "done"});
        if !content.is_null() {
            response["content"] = content;
        }
        responses.insert(status.to_string(), response);
    }
    let mut refusals = BTreeMap::<u16, Vec<&str>>::new();
    for code in route.codes() {
        refusals
            .entry(code.status())
            .or_default()
            .push(code.as_str());
    }
    for (status, codes) in refusals {
        // The refusal of a HEAD has its fields and no body.
        let response = if route.method == "head" {
            json!({"description": codes.join(", ")})
        } else {
            json!({
                "description": codes.join(", "),
                "content": {"application/json": {"schema": {
                    "allOf": [reference("ErrorBody"), {"properties": {"error": {"properties":
                        {"code": {"enum": codes}}}}}],
                }}},
            })
        };
        responses.insert(status.to_string(), response);
    }
    Value::Object(responses)
}

/// Bodies of these types, of which a schema says nothing.
#[cfg(feature = "web")]
fn contents(media_types: impl IntoIterator<Item = &'static str>) -> Value {
    let types = media_types
        .into_iter()
        .map(|media_type| (media_type.to_owned(), json!({})));
    Value::Object(types.collect())
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
