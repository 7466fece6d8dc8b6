//! Ciphers: two suites behind the `aead` traits, in pure Rust or from AWS-LC.

#[cfg(feature = "aws-lc")]
mod aws_lc;
#[cfg(fuzzing)]
mod danger;

use aead::consts::{U12, U16, U32};
use aead::{AeadInOut, KeyInit};

#[cfg(feature = "aws-lc")]
pub use aws_lc::{AwsLcAes256Gcm, AwsLcChaCha20Poly1305};
#[cfg(fuzzing)]
pub use danger::{DangerNoAes256Gcm, DangerNoChaCha20Poly1305};

/// AES-256-GCM in pure Rust (NIST SP 800-38D).
pub type RustAes256Gcm = aes_gcm::Aes256Gcm;

/// ChaCha20-Poly1305 in pure Rust (RFC 8439).
pub type RustChaCha20Poly1305 = chacha20poly1305::ChaCha20Poly1305;

/// The fastest AES-256-GCM that is compiled in.
pub type Aes256Gcm = ChosenAes256Gcm;

/// The fastest ChaCha20-Poly1305 that is compiled in.
pub type ChaCha20Poly1305 = ChosenChaCha20Poly1305;

#[cfg(all(feature = "aws-lc", not(fuzzing)))]
use aws_lc::{AwsLcAes256Gcm as ChosenAes256Gcm, AwsLcChaCha20Poly1305 as ChosenChaCha20Poly1305};
// A fuzzer cannot guess tags, so behind the real ones it would find nothing. Client and server refuse to
// compile with this.
#[cfg(fuzzing)]
use danger::{
    DangerNoAes256Gcm as ChosenAes256Gcm, DangerNoChaCha20Poly1305 as ChosenChaCha20Poly1305,
};
#[cfg(not(any(feature = "aws-lc", fuzzing)))]
use {RustAes256Gcm as ChosenAes256Gcm, RustChaCha20Poly1305 as ChosenChaCha20Poly1305};

/// Bytes of a nonce.
pub const NONCE_LEN: usize = 12;

/// Bytes of a tag.
pub const TAG_LEN: usize = 16;

/// Bytes that encryption adds to a message: its nonce in front, its tag behind.
pub const OVERHEAD: usize = NONCE_LEN + TAG_LEN;

/// Which cipher a container uses: byte 10 of its header.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Suite {
    /// AES-256-GCM: the only one for shares, as every browser has it.
    Aes256Gcm = 1,
    /// ChaCha20-Poly1305: for standalone streams.
    ChaCha20Poly1305 = 2,
}

impl Suite {
    /// Returns the suite with that number, or `None`.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Aes256Gcm),
            2 => Some(Self::ChaCha20Poly1305),
            _ => None,
        }
    }

    /// Returns the number in the header.
    pub const fn to_byte(self) -> u8 {
        self as u8
    }
}

/// An AEAD that a suite can use: 32-byte keys, 12-byte nonces, 16-byte tags.
///
/// Implement it for another backend of the same two algorithms; the bytes must be the same.
pub trait Cipher: AeadInOut<NonceSize = U12, TagSize = U16> + KeyInit<KeySize = U32> {
    /// The suite whose algorithm this is.
    const SUITE: Suite;
}

impl Cipher for RustAes256Gcm {
    const SUITE: Suite = Suite::Aes256Gcm;
}

impl Cipher for RustChaCha20Poly1305 {
    const SUITE: Suite = Suite::ChaCha20Poly1305;
}

/// The ciphers without security have no name outside of fuzz targets:
///
/// ```compile_fail
/// use onekey_core::cipher::DangerNoAes256Gcm;
/// ```
#[cfg(doctest)]
pub struct NoDanger;
