//! Names and one-way values: what the server may know.

use alloc::string::String;
use core::fmt;

use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{ID_LEN, KEY_LEN, OwnerToken, Proof};
use crate::base64url::{self, DecodeError};

macro_rules! public {
    ($(#[$doc:meta])* $name:ident, $len:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Takes the bytes as they are.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// Returns the bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// Returns the text that the protocol uses.
            pub fn to_base64url(&self) -> String {
                base64url::encode(&self.0)
            }

            /// Parses the text that the protocol uses.
            ///
            /// # Errors
            /// [`DecodeError`] for anything but the one canonical text.
            pub fn from_base64url(text: &str) -> Result<Self, DecodeError> {
                base64url::decode(text).map(Self)
            }
        }

        impl fmt::Debug for $name {
            // Ids and locators stay out of logs as well: a log must not say who opened what.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

public! {
    /// The public name of a link, derived from its key. Only holders of the key know it.
    Locator, ID_LEN
}
public! {
    /// The server-made name of an upload and of the share that it becomes.
    ShareId, ID_LEN
}
public! {
    /// What the server keeps of a proof: its SHA-256.
    Verifier, KEY_LEN
}
public! {
    /// What the server keeps of an owner token: its SHA-256.
    OwnerVerifier, KEY_LEN
}

impl ShareId {
    /// Makes a new one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; ID_LEN];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }
}

impl Verifier {
    /// Returns the verifier of `proof`.
    pub fn of(proof: &Proof) -> Self {
        Self(Sha256::digest(proof.as_bytes()).into())
    }

    /// Tells in constant time whether `proof` is the right one.
    pub fn accepts(&self, proof: &Proof) -> bool {
        self.0.ct_eq(&Self::of(proof).0).into()
    }
}

impl OwnerVerifier {
    /// Returns the verifier of `token`.
    pub fn of(token: &OwnerToken) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Tells in constant time whether `token` is the right one.
    pub fn accepts(&self, token: &OwnerToken) -> bool {
        self.0.ct_eq(&Self::of(token).0).into()
    }
}
