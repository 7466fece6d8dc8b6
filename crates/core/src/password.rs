//! Passwords: an optional second factor beside the link key.

use alloc::string::String;

use hmac::Hmac;
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::derive::hkdf;
use crate::keys::{KEY_LEN, LinkKey, PasswordKey};

/// Rounds of PBKDF2. About half a second: once for a sender or receiver, a million times that for a
/// guesser, who also needs the link key and is counted by the server.
pub const PBKDF2_ROUNDS: u32 = 1_000_000;

/// Longest password, in bytes of UTF-8 after NFC.
pub const MAX_PASSWORD_LEN: usize = 1024;

/// Bytes of the salt that the link key gives.
const SALT_LEN: usize = 16;

/// Why a text cannot be a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// It has no character. A form's empty field means no password: do not call then.
    #[error("the password is empty")]
    Empty,
    /// It is not UTF-8.
    #[error("the password is not valid Unicode")]
    NotUnicode,
    /// It has more than [`MAX_PASSWORD_LEN`] bytes.
    #[error("the password is longer than {MAX_PASSWORD_LEN} bytes")]
    TooLong,
}

/// A password in Unicode's normalisation form C, so that every keyboard gives the same bytes.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Password(String);

impl Password {
    /// Takes what a person typed.
    ///
    /// ```
    /// use onekey_core::password::{Password, PasswordError};
    ///
    /// assert!(Password::new("correct horse").is_ok());
    /// assert_eq!(Password::new("").unwrap_err(), PasswordError::Empty);
    /// ```
    ///
    /// # Errors
    /// [`PasswordError`].
    pub fn new(text: &str) -> Result<Self, PasswordError> {
        // NFC grows a text at most threefold, so this bounds the work before it is done.
        if text.len() > 3 * MAX_PASSWORD_LEN {
            return Err(PasswordError::TooLong);
        }
        let password = Self(text.nfc().collect());
        match password.0.len() {
            0 => Err(PasswordError::Empty),
            1..=MAX_PASSWORD_LEN => Ok(password),
            _ => Err(PasswordError::TooLong),
        }
    }

    /// Takes the bytes of a file or of standard input, without one LF or CRLF at their end.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub fn from_file(bytes: &[u8]) -> Result<Self, PasswordError> {
        let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let line = if line.len() < bytes.len() {
            line.strip_suffix(b"\r").unwrap_or(line)
        } else {
            line
        };
        Self::new(core::str::from_utf8(line).map_err(|_| PasswordError::NotUnicode)?)
    }

    /// Derives `P` for one link. Slow on purpose: run it off the threads that serve others.
    pub fn stretch(&self, link: &LinkKey) -> PasswordKey {
        let salt: [u8; SALT_LEN] = hkdf(&[link.as_bytes()], b"", &[b"onekey/v1/password-salt"]);
        let mut key = [0; KEY_LEN];
        pbkdf2::pbkdf2::<Hmac<Sha256>>(self.0.as_bytes(), &salt, PBKDF2_ROUNDS, &mut key)
            .expect("HMAC takes a key of any length");
        PasswordKey::from_bytes(key)
    }
}

impl core::fmt::Debug for Password {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Password(..)")
    }
}
