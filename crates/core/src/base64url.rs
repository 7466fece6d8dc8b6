//! Base64url without padding (RFC 4648, section 5), canonical only.
//!
//! A value of n bytes has exactly one text: decoding refuses padding, white space, a wrong
//! length and spare bits that are not zero, so rows and limits may key on either form.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};

/// Why a text is not the base64url of the expected number of bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The text has another length than that many bytes have.
    #[error("expected {expected} characters of base64url, found {found}")]
    Length {
        /// Characters that the value must have.
        expected: usize,
        /// Characters that the text has.
        found: usize,
    },
    /// A character outside the alphabet, or a last character whose spare bits are not zero.
    #[error("not canonical base64url")]
    NotCanonical,
}

/// Returns the number of characters of `bytes` bytes.
pub const fn encoded_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// Returns the text of `bytes`.
pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Returns the `N` bytes that `text` stands for.
///
/// ```
/// use onekey_core::base64url;
///
/// assert_eq!(base64url::decode::<2>("-_8"), Ok([0xfb, 0xff]));
/// assert!(base64url::decode::<2>("-_9").is_err(), "spare bits are set");
/// assert!(base64url::decode::<2>("-_8=").is_err(), "padding");
/// ```
///
/// # Errors
/// [`DecodeError`], also for a text that decodes but is not what [`encode`] prints.
pub fn decode<const N: usize>(text: &str) -> Result<[u8; N], DecodeError> {
    let expected = encoded_len(N);
    if text.len() != expected {
        return Err(DecodeError::Length {
            expected,
            found: text.len(),
        });
    }
    let mut bytes = [0; N];
    let decoded =
        Base64UrlUnpadded::decode(text, &mut bytes).map_err(|_| DecodeError::NotCanonical)?;
    if decoded.len() == N {
        Ok(bytes)
    } else {
        Err(DecodeError::NotCanonical)
    }
}

/// Returns the bytes that `text` stands for, however many.
///
/// # Errors
/// [`DecodeError::NotCanonical`] for anything that is not what [`encode`] prints.
pub fn decode_vec(text: &str) -> Result<Vec<u8>, DecodeError> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| DecodeError::NotCanonical)
}
