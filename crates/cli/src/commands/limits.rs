//! Limits of links as typed, and as a server allows them.

use onekey_client::{DirectError, PutError};
use onekey_core::wire::ServerDescription;

use crate::exit::Exit;
use crate::message::Failure;
use crate::units::{self, Expiry};

/// Returns the seconds until a link ends, or `None` for never.
pub(super) const fn seconds(expiry: Expiry) -> Option<u64> {
    match expiry {
        Expiry::In(seconds) => Some(seconds),
        Expiry::Never => None,
    }
}

/// Refuses a direct link on a server that opens none.
///
/// # Errors
/// [`Failure`] with the client's own words.
pub(super) fn check_direct(server: &ServerDescription, asked: bool) -> Result<(), Failure> {
    if asked && !server.direct {
        return Err(PutError::from(DirectError::Off).into());
    }
    Ok(())
}

/// Compares an end that is asked for with what the server allows.
///
/// # Errors
/// [`Failure`] that names the option.
pub(super) fn check_expiry(
    server: &ServerDescription,
    asked: Option<Expiry>,
) -> Result<(), Failure> {
    let (Some(most), Some(asked)) = (server.max_expiry, asked) else {
        return Ok(());
    };
    match asked {
        Expiry::In(seconds) if seconds <= most => Ok(()),
        _ => {
            let words = units::words(most);
            let failure = Failure::new(
                Exit::Failed,
                format!("on this server a link lives {words} at most"),
            );
            Err(failure.hint(format!("write --expires {}", units::letters(most))))
        }
    }
}
