//! Opening a link: the steps that `get` and `info` share. Spends nothing.

use std::path::Path;

use onekey_client::OpenedShare;
use onekey_core::url::Link;

use crate::message::{Failure, warn};
use crate::password;
use crate::runtime::Runtime;

/// Opens what is behind a link. Asks for the password if the link has one.
///
/// # Errors
/// [`Failure`] with the exit code that tells gone from wrong key from damaged.
pub(super) fn open(
    runtime: &Runtime,
    link: &Link,
    password_file: Option<&Path>,
) -> Result<Opened, Failure> {
    let first = super::impatient_client(&link.server)?;
    let has_password = runtime.wait(first.wants_password(link))?;
    let password = if has_password {
        Some(password::recall(password_file)?)
    } else {
        if password_file.is_some() {
            warn("the link has no password: --password-file was not used");
        }
        None
    };
    let client = super::client(&link.server, None)?;
    let share = runtime.wait(client.open(link, password.as_ref()))?;
    Ok(Opened {
        share,
        has_password,
    })
}

/// What is behind a link.
#[derive(Debug)]
pub(super) struct Opened {
    /// The share.
    pub(super) share: OpenedShare,
    /// Whether the link has a password.
    pub(super) has_password: bool,
}
