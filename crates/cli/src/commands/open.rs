//! Opening a link: the steps that `get` and `info` share. Spends nothing.

use std::path::Path;

use onekey_client::{GetState, OpenError, OpenedShare};
use onekey_core::url::Link;

use crate::message::{Failure, warn};
use crate::password;
use crate::runtime::Runtime;

/// Opens what is behind a link. Asks for the password if the link has one and none is given. A link that has ended opens
/// all the same where a get of it in `state` was cut off, as its grant may still serve; whether that is so is returned too.
///
/// # Errors
/// [`Failure`] with the exit code that tells gone from wrong key from damaged.
pub(super) fn open(
    runtime: &Runtime,
    link: &Link,
    password_file: Option<&Path>,
    state: Option<&GetState>,
) -> Result<(OpenedShare, bool), Failure> {
    // Before the first question: only a right proof learns why a link is gone.
    let given = password::given(password_file)?;
    let client = super::client(&link.server, None)?;
    let mut opened_again = false;
    let share = match runtime.wait(client.open(link, given.as_ref())) {
        Err(OpenError::PasswordRequired) => {
            let typed = password::recall()?;
            runtime.wait(client.open(link, Some(&typed)))?
        }
        Err(
            error @ (OpenError::Expired | OpenError::Gone | OpenError::Revoked | OpenError::UsedUp),
        ) => {
            let again = |password: Option<&_>| match state {
                Some(state) => runtime.wait(client.open_again(link, password, state)),
                None => Ok(None),
            };
            let share = match again(given.as_ref()) {
                Err(OpenError::PasswordRequired) => again(Some(&password::recall()?))?,
                share => share?,
            };
            opened_again = true;
            share.ok_or(error)?
        }
        opened => opened?,
    };
    if password_file.is_some() && !share.has_password() {
        warn("the link has no password: --password-file was not used");
    }
    Ok((share, opened_again))
}
