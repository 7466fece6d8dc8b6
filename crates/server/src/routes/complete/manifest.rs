//! The sealed manifest: all that can be checked without its key is its length.

use onekey_core::cipher::OVERHEAD;
use onekey_core::manifest::{MAX_SEALED, PADDED_MULTIPLE};

use crate::error::ApiError;

/// Refuses what no manifest seals to: plaintext or junk in its place is caught here (T1).
pub(super) fn check(sealed: &[u8]) -> Result<(), ApiError> {
    let padded = sealed.len().checked_sub(OVERHEAD).filter(|len| *len > 0);
    match padded {
        Some(_) if sealed.len() > MAX_SEALED => Err(ApiError::too_large(MAX_SEALED as u64)),
        Some(len) if len.is_multiple_of(PADDED_MULTIPLE) => Ok(()),
        _ => Err(ApiError::bad_request(
            "manifest: this is not the length of a sealed manifest",
        )),
    }
}
