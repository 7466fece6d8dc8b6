//! The spaces after a manifest's JSON, which hide how much it lists.

use alloc::vec::Vec;

/// Bytes of the shortest padded manifest.
pub const MIN_PADDED: usize = 4096;

/// Bytes of the longest padded manifest.
pub const MAX_PADDED: usize = 8 << 20;

/// Every padded manifest is a multiple of so many bytes.
pub const PADDED_MULTIPLE: usize = 512;

/// Why a manifest has no padded form, or a text is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PaddingError {
    /// The length is not a multiple of 512 bytes: nobody padded this.
    #[error("the manifest's length is not a multiple of {PADDED_MULTIPLE} bytes")]
    Multiple,
    /// It is longer than 8 MiB: too many files for one share.
    #[error("the manifest is longer than {MAX_PADDED} bytes")]
    TooLong,
}

/// Returns `json` with spaces up to the next power of two, at least 4,096 bytes.
///
/// ```
/// use onekey_core::manifest::{MAX_PADDED, PaddingError, pad};
///
/// assert_eq!(pad("{}")?.len(), 4096);
/// assert_eq!(pad(&"x".repeat(MAX_PADDED + 1)), Err(PaddingError::TooLong));
/// # Ok::<(), PaddingError>(())
/// ```
///
/// # Errors
/// [`PaddingError::TooLong`] above 8 MiB.
pub fn pad(json: &str) -> Result<Vec<u8>, PaddingError> {
    if json.len() > MAX_PADDED {
        return Err(PaddingError::TooLong);
    }
    let len = json.len().next_power_of_two().max(MIN_PADDED);
    let mut padded = Vec::with_capacity(len);
    padded.extend_from_slice(json.as_bytes());
    padded.resize(len, b' ');
    Ok(padded)
}

/// Returns `padded` without its trailing spaces. Any multiple of 512 bytes will do, so that
/// writers may learn to pad otherwise.
///
/// ```
/// use onekey_core::manifest::{PaddingError, pad, unpad};
///
/// assert_eq!(unpad(&pad("{}")?), Ok(b"{}".as_slice()));
/// assert_eq!(unpad(b"{}"), Err(PaddingError::Multiple));
/// # Ok::<(), PaddingError>(())
/// ```
///
/// # Errors
/// [`PaddingError`] for a length that no writer makes.
pub fn unpad(padded: &[u8]) -> Result<&[u8], PaddingError> {
    if padded.len() > MAX_PADDED {
        return Err(PaddingError::TooLong);
    }
    if !padded.len().is_multiple_of(PADDED_MULTIPLE) {
        return Err(PaddingError::Multiple);
    }
    let end = padded.iter().rposition(|&byte| byte != b' ');
    Ok(&padded[..end.map_or(0, |last| last + 1)])
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn pads_to_powers_of_two() {
        for (len, padded) in [
            (0, 4096),
            (4096, 4096),
            (4097, 8192),
            (5 << 20, MAX_PADDED),
            (MAX_PADDED, MAX_PADDED),
        ] {
            assert_eq!(pad(&"x".repeat(len)).map(|p| p.len()), Ok(padded), "{len}");
        }
    }

    #[test]
    fn reads_any_multiple_of_512() {
        for len in [512, 1536, 4096, 4608, MAX_PADDED] {
            let mut padded = vec![b' '; len];
            padded[..2].copy_from_slice(b"{}");
            assert_eq!(unpad(&padded), Ok(b"{}".as_slice()), "{len}");
            assert_eq!(unpad(&padded[1..]), Err(PaddingError::Multiple), "{len}");
        }
        assert_eq!(unpad(&[]), Ok(b"".as_slice()));
        assert_eq!(unpad(&[b' '; 512]), Ok(b"".as_slice()));
    }

    #[test]
    fn t30_length_is_checked_before_anything_is_read() {
        let long = vec![b' '; MAX_PADDED + PADDED_MULTIPLE];
        assert_eq!(unpad(&long), Err(PaddingError::TooLong));
    }

    #[test]
    fn only_spaces_are_padding() {
        let mut padded = [b' '; 512];
        padded[..3].copy_from_slice(b"{}\n");
        assert_eq!(unpad(&padded), Ok(b"{}\n".as_slice()));
    }
}
