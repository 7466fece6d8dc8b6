//! `Content-Digest` (RFC 9530): `sha-256=:BASE64:`.

use axum::http::HeaderMap;
use base64ct::{Base64, Encoding};

use crate::error::ApiError;
use crate::meta::Digest;

/// Returns the SHA-256 that the request announces. Other algorithms beside it do not count.
pub(super) fn announced(headers: &HeaderMap) -> Result<Digest, ApiError> {
    headers
        .get("content-digest")
        .and_then(|field| field.to_str().ok())
        .and_then(|field| field.split(',').find_map(sha256))
        .map(Digest)
        .ok_or_else(|| {
            ApiError::bad_request("send the part's digest as Content-Digest: sha-256=:BASE64:")
        })
}

fn sha256(member: &str) -> Option<[u8; 32]> {
    let text = member.trim().strip_prefix("sha-256=:")?.strip_suffix(':')?;
    let mut digest = [0; 32];
    let decoded = Base64::decode(text, &mut digest).ok()?;
    (decoded.len() == 32).then_some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sha_256_in_its_one_form_counts() {
        let ask = |field: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("content-digest", field.parse().unwrap());
            announced(&headers).map(|digest| digest.0).ok()
        };
        let empty = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
        assert!(ask(empty).is_some());
        assert_eq!(ask(&format!("sha-512=:AA==:, {empty}")), ask(empty));
        for bad in [
            "",
            "sha-256=",
            "sha-256=::",
            "sha-256=:AA==:",
            "md5=:AA==:",
            &empty[1..],
        ] {
            assert!(ask(bad).is_none(), "{bad}");
        }
        assert!(announced(&HeaderMap::new()).is_err());
    }
}
