//! What a sender wants of the link: `expires` and `downloads`, in a form or as header fields.

use axum::http::HeaderMap;
use onekey_core::wire::MAX_NUMBER;

use crate::app::App;
use crate::direct::receive::Terms;
use crate::error::ApiError;
use crate::routes::limits;

/// Longest value of `expires` and `downloads`.
const MAX_WISH: usize = 64;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wishes {
    /// Seconds, or `None` for never; unset where the server chooses.
    expires_in: Option<Option<u64>>,
    max_downloads: Option<u64>,
}

impl Wishes {
    /// Reads `Onekey-Expires` and `Onekey-Downloads`.
    pub(super) fn of_fields(fields: &HeaderMap) -> Result<Self, ApiError> {
        let mut wishes = Self::default();
        if let Some(expires) = fields.get("onekey-expires") {
            wishes.set_expires(expires.as_bytes())?;
        }
        if let Some(downloads) = fields.get("onekey-downloads") {
            wishes.set_downloads(downloads.as_bytes())?;
        }
        Ok(wishes)
    }

    /// Reads `12h`, `7d`, a number of seconds, or `never`. Nothing leaves it to the server.
    pub(super) fn set_expires(&mut self, value: &[u8]) -> Result<(), ApiError> {
        let refused = || {
            ApiError::bad_request(
                "expires: wants a time like 90s, 12h or 7d, a number of seconds, or never",
            )
        };
        self.expires_in = match short(value).ok_or_else(refused)? {
            "" => None,
            "never" => Some(None),
            text if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(Some(text.parse().map_err(|_| refused())?))
            }
            text => {
                let time = humantime::parse_duration(text).map_err(|_| refused())?;
                Some(Some(time.as_secs()))
            }
        };
        Ok(())
    }

    /// Reads a number of downloads. Nothing means no cap.
    pub(super) fn set_downloads(&mut self, value: &[u8]) -> Result<(), ApiError> {
        let refused = || {
            ApiError::bad_request("downloads: wants a number of at least 1, or nothing for no cap")
        };
        self.max_downloads = match short(value).ok_or_else(refused)? {
            "" => None,
            text if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                let number = text.parse().map_err(|_| refused())?;
                if !(1..=MAX_NUMBER).contains(&number) {
                    return Err(refused());
                }
                Some(number)
            }
            _ => return Err(refused()),
        };
        Ok(())
    }

    /// Returns the link's limits, counted from now, or refuses what the server does not allow.
    pub(super) fn terms(self, app: &App) -> Result<Terms, ApiError> {
        let config = &app.config;
        let expires_in = self.expires_in.unwrap_or_else(|| {
            let ends = [config.direct_expiry, config.max_expiry];
            ends.into_iter().flatten().min()
        });
        Ok(Terms {
            expires_at: limits::expires_at_of(app, "expires", expires_in, app.now())?,
            max_downloads: self.max_downloads,
        })
    }
}

fn short(value: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(value).ok()?.trim();
    (text.len() <= MAX_WISH).then_some(text)
}
