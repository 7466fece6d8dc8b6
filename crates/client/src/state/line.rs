//! Lines of a state file: words, then a check over them.
//!
//! The check tells a whole line from one that a crash tore, or that never reached the disk. It is no signature: who can
//! write the file has the keys in it.

use onekey_core::base64url::encode;
use sha2::{Digest, Sha256};

/// Bytes of a line's check: a torn line passes once in 2^96.
const CHECK_LEN: usize = 12;

/// Adds check and end to a line's words.
pub(crate) fn checked(words: String) -> String {
    let check = check(&words);
    format!("{words} {check}\n")
}

/// Returns the words of a whole line.
pub(crate) fn words(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (words, found) = line.rsplit_once(' ')?;
    (check(words) == found).then_some(words)
}

/// Returns the check of a line's words.
pub(crate) fn check(words: &str) -> String {
    encode(&Sha256::digest(words)[..CHECK_LEN])
}
