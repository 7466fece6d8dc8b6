//! Links and their limits as a client asks for them, checked and with their end fixed.

use onekey_core::cipher::OVERHEAD;
use onekey_core::owner::MAX_LABEL_LEN;
use onekey_core::wire::{self, MAX_NUMBER, MIN_EXPIRES_IN};

use crate::app::App;
use crate::clock::UnixTime;
use crate::config::MAX_EXPIRES_IN;
use crate::error::ApiError;
use crate::meta::{LinkChange, MAX_DIRECT_MANIFEST, NewLink};

/// Returns the link to add, or refuses with the field's name.
pub(super) fn new_link(
    app: &App,
    link: &wire::NewLink,
    now: UnixTime,
) -> Result<NewLink, ApiError> {
    if link.direct && link.password {
        return Err(ApiError::bad_request(
            "direct: a link with a password never opens directly",
        ));
    }
    if link.direct && !app.config.direct {
        return Err(ApiError::bad_request(
            "direct: this server does not open links directly",
        ));
    }
    check_cap(link.max_downloads)?;
    let label_lengths = OVERHEAD..=OVERHEAD + MAX_LABEL_LEN;
    if link
        .label
        .as_ref()
        .is_some_and(|label| !label_lengths.contains(&label.len()))
    {
        return Err(ApiError::bad_request(
            "label: this is not the length of a sealed label",
        ));
    }
    Ok(as_sent(link, expires_at(app, link.expires_in, now)?))
}

/// Refuses a direct link to a share whose sealed manifest has `size` bytes, if that is too many.
pub(super) fn check_direct_manifest(size: u64) -> Result<(), ApiError> {
    if size > MAX_DIRECT_MANIFEST as u64 {
        return Err(ApiError::bad_request(format!(
            "direct: a share with so many files does not open directly; its sealed manifest may have at most \
             {MAX_DIRECT_MANIFEST} bytes"
        )));
    }
    Ok(())
}

/// Returns the link as it was sent, unchecked.
pub(super) fn as_sent(link: &wire::NewLink, expires_at: Option<UnixTime>) -> NewLink {
    NewLink {
        locator: link.locator,
        verifier: link.verifier,
        envelope: link.envelope,
        password: link.password,
        direct: link.direct,
        max_downloads: link.max_downloads,
        expires_at,
        label: link.label.clone(),
    }
}

/// Returns what is to change, or refuses with the field's name.
pub(super) fn change(
    app: &App,
    change: wire::ChangeLink,
    now: UnixTime,
) -> Result<LinkChange, ApiError> {
    if let Some(max_downloads) = change.max_downloads {
        check_cap(max_downloads)?;
    }
    let end = |expires_in| expires_at(app, expires_in, now);
    Ok(LinkChange {
        max_downloads: change.max_downloads,
        expires_at: change.expires_in.map(end).transpose()?,
    })
}

fn check_cap(max_downloads: Option<u64>) -> Result<(), ApiError> {
    if max_downloads.is_some_and(|max| !(1..=MAX_NUMBER).contains(&max)) {
        return Err(ApiError::bad_request(
            "max_downloads: wants at least 1, or null for no cap",
        ));
    }
    Ok(())
}

/// Returns the end that `expires_in` means, or refuses what this server does not allow.
pub(super) fn expires_at(
    app: &App,
    expires_in: Option<u64>,
    now: UnixTime,
) -> Result<Option<UnixTime>, ApiError> {
    expires_at_of(app, "expires_in", expires_in, now)
}

/// The same for a field of another name.
pub(super) fn expires_at_of(
    app: &App,
    field: &str,
    expires_in: Option<u64>,
    now: UnixTime,
) -> Result<Option<UnixTime>, ApiError> {
    let max = app.config.max_expiry;
    let Some(seconds) = expires_in else {
        return match max {
            None => Ok(None),
            Some(max) => Err(ApiError::bad_request(format!(
                "{field}: this server keeps links at most {max} seconds, not for ever"
            ))),
        };
    };
    let longest = max.unwrap_or(MAX_EXPIRES_IN);
    if !(MIN_EXPIRES_IN..=longest).contains(&seconds) {
        return Err(ApiError::bad_request(format!(
            "{field}: wants {MIN_EXPIRES_IN} to {longest} seconds"
        )));
    }
    let seconds = i64::try_from(seconds).expect("at most a hundred years");
    Ok(Some(now + seconds))
}
