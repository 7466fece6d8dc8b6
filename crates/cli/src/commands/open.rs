//! Opening a link: the steps that `get` and `info` share. Spends nothing.

use std::path::Path;

use onekey_client::{OpenError, OpenedShare};
use onekey_core::url::Link;

use crate::message::{Failure, warn};
use crate::password;
use crate::runtime::Runtime;

/// Opens what is behind a link. Asks for the password if the link has one and none is given.
///
/// # Errors
/// [`Failure`] with the exit code that tells gone from wrong key from damaged.
pub(super) fn open(
    runtime: &Runtime,
    link: &Link,
    password_file: Option<&Path>,
) -> Result<OpenedShare, Failure> {
    // Before the first question: only a right proof learns why a link is gone.
    let given = password::given(password_file)?;
    let client = super::client(&link.server, None)?;
    let share = match runtime.wait(client.open(link, given.as_ref())) {
        Err(OpenError::PasswordRequired) => {
            let typed = password::recall()?;
            runtime.wait(client.open(link, Some(&typed)))?
        }
        opened => opened?,
    };
    if password_file.is_some() && !share.has_password() {
        warn("the link has no password: --password-file was not used");
    }
    Ok(share)
}
