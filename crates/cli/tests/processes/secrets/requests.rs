//! Requests that carry secrets where none belongs: typed, pasted, mangled or malicious.

use crate::client::Share;
use crate::http::{Connection, head};
use crate::server::Server;

/// Sends every one of them straight to the server: what a person types does not count as sent by the client.
pub(super) fn send_all(server: &Server, share: &Share) {
    let (link, manage) = share.parsed();
    let key = link.key.to_base64url();
    let secret = manage.secret.to_base64url();
    let token = manage.secret.token().to_base64url();
    let (id, locator) = (
        manage.share.to_base64url(),
        link.key.locator().to_base64url(),
    );

    let expected = [
        // Mail programs write %23 for #; others drop the s; people add endings.
        (format!("GET /s%23{key}"), 404),
        (format!("GET /s/%23{key}"), 404),
        (format!("GET /s/{key}"), 404),
        (format!("GET /{key}"), 404),
        (format!("GET /{key}.png"), 404),
        (format!("GET /{key}/any%20name.png"), 404),
        (format!("POST /{key}"), 404),
        (format!("GET /s?key={key}"), 200),
        (format!("GET /manage/{id}?secret={secret}"), 200),
        (format!("GET /manage/{id}%23{secret}"), 200),
        (
            format!("DELETE /api/v1/shares/{id}?secret={secret}&token={token}"),
            403,
        ),
        (format!("GET /api/v1/shares/{id}?owner={secret}"), 403),
        (format!("GET /api/v1/links/{locator}?key={key}"), 200),
        (format!("GET /api/v1/links/{key}"), 404),
        (format!("GET /api/v1/{key}"), 404),
        (format!("PUT /api/v1/uploads/{id}/parts/{key}"), 404),
        (format!("PATCH /api/v1/shares/{secret}"), 404),
        (format!("PUT /api/v1/shares/{secret}"), 405),
        (format!("{key} /s"), 405),
        (format!("GET http://127.0.0.1/{key}"), 404),
    ];
    for (request, status) in &expected {
        assert_eq!(
            send(server, &head(request, "", "")),
            Some(*status),
            "{request}"
        );
    }

    let field = |field: &str| head("GET /s", "", &format!("{field}\r\n"));
    let owner = format!("Onekey-Owner {secret}");
    let about = format!("GET /api/v1/shares/{id}");
    let json = format!("{{\"{key}\":\"{secret}\"}}");
    let length = format!("content-length: {}\r\n", json.len());
    for request in [
        field(&format!("referer: http://onekey/s#{key}")),
        field(&format!("cookie: key={key}")),
        field(&format!("user-agent: {key}")),
        field(&format!("x-forwarded-for: {key}")),
        field(&format!("{key}: {secret}")),
        field(&format!("host: {key}")),
        field(&format!("expect: {key}")),
        field(&format!("transfer-encoding: {key}")),
        field(&format!("content-length: {key}")),
        head(
            "POST /s",
            "",
            &format!("sec-fetch-site: cross-site\r\norigin: http://{key}\r\n"),
        ),
        head(
            "GET /api/v1/payload",
            &format!("Onekey-Grant {key}"),
            &format!("range: bytes={key}\r\n"),
        ),
        head(&about, &owner, ""),
        head(&about, &key, ""),
        head(&about, &format!("Bearer {secret}"), ""),
        head(&about, &format!("Onekey-Owner {token} {secret}"), ""),
        head("POST /api/v1/uploads", &format!("Bearer {key}"), &length) + &json,
        head(
            "POST /api/v1/uploads",
            &format!("Bearer {}", super::UPLOAD_SECRET),
            &length,
        ) + &json,
        head(
            &format!("POST /api/v1/uploads/{id}/complete"),
            &format!("Onekey-Owner {token}"),
            &length,
        ) + &json,
        // Not HTTP, each in its own way.
        format!("{key}\r\n\r\n"),
        format!("GET /{key}\r\n\r\n"),
        format!("GET /{key} HTTP/{secret}\r\n\r\n"),
        format!("GET /{key}\0 HTTP/1.1\r\n\r\n"),
        format!("GET /s HTTP/1.1\r\n{key}\x01: {secret}\r\n\r\n"),
        format!("GET /s HTTP/1.1\r\n{key}\r\n\r\n"),
        format!(
            "GET /s HTTP/1.1\r\nhost: x\r\n{}\r\n",
            format!("x: {key}\r\n").repeat(100)
        ),
        format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", key.repeat(8_000)),
        format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{key}{secret}"),
    ] {
        send(server, &request);
    }
    // One that breaks off in the middle of its body.
    let mut connection = Connection::open(server.address).unwrap();
    let auth = format!("Onekey-Owner {token}");
    let fields = format!("content-length: 1000\r\ncontent-digest: sha-256=:{key}:\r\n");
    let part = head(&format!("PUT /api/v1/uploads/{id}/parts/0"), &auth, &fields);
    connection.send(part + &key).unwrap();
}

/// Sends it on a connection of its own. Returns the status of the answer, if there is one.
fn send(server: &Server, request: &str) -> Option<u16> {
    let mut connection = Connection::open(server.address).unwrap();
    // The server may have refused before the last byte.
    let _ = connection.send(request);
    connection.answer().ok().map(|answer| answer.status)
}
