//! The upload secret: whether a request gave it, and how often it was guessed.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use onekey_core::wire::ErrorCode;
use rand::Rng;

use crate::app::App;
use crate::clock::UnixTime;
use crate::error::ApiError;
use crate::extract::client_key;
use crate::meta::{ClientKey, Pepper};

/// Wrong secrets of one client in one window; then right ones are refused as well, or guessing would go on.
const WRONG_SECRETS: u32 = 10;

/// Seconds of a window.
const SECRET_WINDOW: i64 = 10 * 60;

/// Clients that are counted at once; with more, all are forgotten and counting begins anew.
const MAX_CLIENTS: usize = 65_536;

/// Wrong secrets by client, in memory alone.
pub(crate) struct Attempts {
    /// Behind it addresses are nobody's, and it ends with the process.
    pepper: Pepper,
    window: Mutex<Window>,
}

#[derive(Default)]
struct Window {
    ends: UnixTime,
    wrong: HashMap<ClientKey, u32>,
}

impl Default for Attempts {
    fn default() -> Self {
        let mut pepper = [0; 32];
        rand::rng().fill_bytes(&mut pepper);
        Self {
            pepper: Pepper(pepper),
            window: Mutex::default(),
        }
    }
}

impl fmt::Debug for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attempts(..)")
    }
}

impl Attempts {
    /// Looks whether a secret is right, unless the client has tried too often. One lock around both, so that no
    /// number of guesses at once gets past the limit.
    fn judge(
        &self,
        client: ClientKey,
        now: UnixTime,
        is_right: impl FnOnce() -> bool,
    ) -> Result<bool, ApiError> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= window.ends {
            window.wrong.clear();
            window.ends = now + SECRET_WINDOW;
        }
        let wrong = window.wrong.get(&client).copied().unwrap_or(0);
        if wrong >= WRONG_SECRETS {
            let left = u32::try_from(window.ends - now).unwrap_or(u32::MAX);
            return Err(ApiError::too_many_secrets(left));
        }
        let right = is_right();
        if !right {
            if window.wrong.len() >= MAX_CLIENTS {
                window.wrong.clear();
            }
            window.wrong.insert(client, wrong + 1);
        }
        Ok(right)
    }
}

/// What a request has shown so far.
pub(crate) struct Gate {
    app: Arc<App>,
    client: ClientKey,
    open: bool,
}

impl Gate {
    pub(crate) fn new(app: &Arc<App>, request: &Parts) -> Self {
        let trusted = &app.config.trusted_proxies;
        Self {
            app: Arc::clone(app),
            client: client_key(request, trusted, &app.secret_attempts.pepper),
            open: app.config.upload_secret.is_none(),
        }
    }

    /// Takes a secret that the client sent. An empty one is none, and where none is wanted any will do.
    pub(crate) fn show(&mut self, given: &[u8]) -> Result<(), ApiError> {
        let Some(secret) = &self.app.config.upload_secret else {
            return Ok(());
        };
        if given.is_empty() {
            return Ok(());
        }
        let is_right = || std::str::from_utf8(given).is_ok_and(|given| secret.accepts(given));
        let attempts = &self.app.secret_attempts;
        if !attempts.judge(self.client, self.app.now(), is_right)? {
            return Err(ApiError::new(
                ErrorCode::UploadSecretRejected,
                "the upload secret is wrong",
            ));
        }
        self.open = true;
        Ok(())
    }

    /// Refuses if a secret is wanted and was not given; `how` says how to.
    pub(crate) fn require(&self, how: &str) -> Result<(), ApiError> {
        if self.open {
            return Ok(());
        }
        Err(ApiError::new(
            ErrorCode::UploadSecretRequired,
            format!("this server wants an upload secret: send it as {how}"),
        ))
    }
}

impl FromRequestParts<Arc<App>> for Gate {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self::new(app, parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: ClientKey = ClientKey([1; 16]);

    #[test]
    fn l1_guesses_are_counted_by_client_and_forgotten_with_the_window() {
        let attempts = Attempts::default();
        let judge = |client, now, right| attempts.judge(client, now, || right).ok();
        assert_eq!(judge(CLIENT, 1000, true), Some(true));
        for _ in 0..WRONG_SECRETS {
            assert_eq!(judge(CLIENT, 1000, false), Some(false));
        }
        assert_eq!(judge(CLIENT, 1000, false), None);
        assert_eq!(
            judge(CLIENT, 1599, true),
            None,
            "nor is a right one looked at"
        );
        assert_eq!(judge(ClientKey([2; 16]), 1599, true), Some(true));
        assert_eq!(judge(CLIENT, 1600, true), Some(true));
    }

    #[test]
    fn t8_clients_do_not_fill_the_memory() {
        let attempts = Attempts::default();
        for number in 0..2 * MAX_CLIENTS as u128 + 2 {
            let client = ClientKey(number.to_be_bytes());
            assert!(matches!(attempts.judge(client, 0, || false), Ok(false)));
        }
        assert!(attempts.window.lock().unwrap().wrong.len() <= MAX_CLIENTS);
    }
}
