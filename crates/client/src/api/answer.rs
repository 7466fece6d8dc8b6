//! Answers: bounded, checked, turned into values or errors.

use onekey_core::wire::{ErrorBody, MAX_JSON_BODY};
use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::IDLE_WAIT;
use crate::error::{ApiError, NetworkError};

/// Longest sentence of a server that is shown, in characters.
const MAX_MESSAGE_LEN: usize = 300;

/// Reads the JSON of an answer with status `expected`, of at most `limit` bytes.
pub(super) async fn json<T: DeserializeOwned>(
    response: Response,
    expected: u16,
    limit: usize,
) -> Result<T, ApiError> {
    let response = expect(response, expected).await?;
    let body = read(response, limit).await?;
    serde_json::from_slice(&body).map_err(|_| ApiError::NotAServer { status: expected })
}

/// Takes an answer with status 204.
pub(super) async fn empty(response: Response) -> Result<(), ApiError> {
    expect(response, 204).await.map(drop)
}

/// Returns the answer if it has status `expected`, else the error that it tells.
pub(super) async fn expect(response: Response, expected: u16) -> Result<Response, ApiError> {
    if response.status() == expected {
        Ok(response)
    } else {
        Err(refusal(response).await)
    }
}

/// Reads what an answer with another status says.
pub(super) async fn refusal(response: Response) -> ApiError {
    let status = response.status();
    // As seconds only: the date form is what proxies send, whose answers are retried anyhow.
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|field| field.to_str().ok()?.parse().ok());
    let body = read(response, MAX_JSON_BODY).await.unwrap_or_default();
    match serde_json::from_slice::<ErrorBody>(&body) {
        Ok(ErrorBody { error }) => ApiError::Refused {
            code: error.code,
            message: printable(&error.message),
            retry_after,
        },
        Err(_) if status == StatusCode::PAYLOAD_TOO_LARGE => ApiError::BodyRefused,
        Err(_) => ApiError::NotAServer {
            status: status.as_u16(),
        },
    }
}

/// Reads a body of at most `limit` bytes; more is not from a onekey server.
async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, ApiError> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(bytes) = next(&mut response).await? {
        if body.len() + bytes.len() > limit {
            return Err(ApiError::NotAServer { status });
        }
        body.extend_from_slice(&bytes);
    }
    Ok(body)
}

/// Reads the next bytes of a body.
pub(super) async fn next(response: &mut Response) -> Result<Option<bytes::Bytes>, ApiError> {
    match timeout(IDLE_WAIT, response.chunk()).await {
        Ok(bytes) => bytes.map_err(ApiError::network),
        Err(_) => Err(ApiError::Network(NetworkError::Silent)),
    }
}

/// The server's sentence ends on a terminal: nothing in it may steer one.
fn printable(message: &str) -> String {
    message
        .chars()
        .filter(|&char| !char.is_control() && !is_bidi(char))
        .take(MAX_MESSAGE_LEN)
        .collect()
}

/// Characters that turn around the text behind them.
const fn is_bidi(char: char) -> bool {
    matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_a_server_steer_no_terminal() {
        assert_eq!(printable("a\x1b[2Jb\u{202e}c\r\nd\u{9b}e"), "a[2Jbcde");
        assert_eq!(printable(&"x".repeat(1000)).len(), MAX_MESSAGE_LEN);
    }
}
