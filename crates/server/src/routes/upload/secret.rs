//! The upload secret in header fields, in each of the ways that programs know.

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64ct::{Base64, Encoding};

use crate::error::ApiError;
use crate::upload_secret::Gate;

/// Shows every secret that the header holds; one that is wrong refuses, whatever the others are.
pub(super) fn show_fields(gate: &mut Gate, fields: &HeaderMap) -> Result<(), ApiError> {
    for field in fields.get_all("x-wonkey-secret") {
        gate.show(field.as_bytes().trim_ascii())?;
    }
    for field in fields.get_all(header::AUTHORIZATION) {
        if let Some(secret) = credential(field.as_bytes()) {
            gate.show(&secret)?;
        }
    }
    Ok(())
}

/// Returns the token of `Bearer` or the password of `Basic`. Other schemes are not about uploads.
fn credential(field: &[u8]) -> Option<Vec<u8>> {
    let space = field.iter().position(|&byte| byte == b' ')?;
    let (scheme, credential) = (&field[..space], field[space..].trim_ascii());
    if scheme.eq_ignore_ascii_case(b"bearer") {
        return Some(credential.to_vec());
    }
    if !scheme.eq_ignore_ascii_case(b"basic") {
        return None;
    }
    let text = std::str::from_utf8(credential).ok();
    let Some(decoded) = text.and_then(|text| Base64::decode_vec(text).ok()) else {
        // Nothing that could be right.
        return Some(vec![0]);
    };
    let colon = decoded.iter().position(|&byte| byte == b':');
    colon.map(|colon| decoded[colon + 1..].to_vec())
}

/// Refuses a secret in the address: proxies and browsers write addresses down.
pub(super) fn refuse_in_query(request: &Parts) -> Result<(), ApiError> {
    let query = request.uri.query().unwrap_or_default();
    let holds_secret = query.split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        name.eq_ignore_ascii_case("secret")
    });
    if holds_secret {
        return Err(ApiError::bad_request(
            "the secret goes into a form field or a header field: addresses end up in logs",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_authorization() {
        let ask = |field: &str| credential(field.as_bytes());
        let basic = |text: &str| format!("basic {}", Base64::encode_string(text.as_bytes()));
        assert_eq!(ask("Bearer  abc ").unwrap(), b"abc");
        assert_eq!(ask(&basic("me:abc:d")).unwrap(), b"abc:d");
        assert_eq!(ask(&basic(":")).unwrap(), b"");
        assert_eq!(ask(&basic("no colon")), None);
        assert_eq!(ask("Basic ???").unwrap(), [0]);
        assert_eq!(ask("Onekey-Owner abc"), None);
        assert_eq!(ask("Bearer"), None);
    }
}
