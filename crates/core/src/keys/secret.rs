//! Secrets.

use alloc::string::String;
use core::fmt;

use rand_core::CryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::KEY_LEN;
use crate::base64url::{self, DecodeError};

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Zeroize, ZeroizeOnDrop)]
        pub struct $name([u8; KEY_LEN]);

        impl $name {
            /// Takes 32 bytes as they are.
            pub const fn from_bytes(bytes: [u8; KEY_LEN]) -> Self {
                Self(bytes)
            }

            /// Returns the secret bytes.
            pub const fn as_bytes(&self) -> &[u8; KEY_LEN] {
                &self.0
            }
        }

        impl ConstantTimeEq for $name {
            fn ct_eq(&self, other: &Self) -> Choice {
                self.0.ct_eq(&other.0)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.ct_eq(other).into()
            }
        }

        impl Eq for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

/// Adds generation, for the secrets that are made from randomness.
macro_rules! random {
    ($($name:ident),*) => {$(
        impl $name {
            /// Makes a new one.
            pub fn generate(rng: &mut impl CryptoRng) -> Self {
                let mut bytes = [0; KEY_LEN];
                rng.fill_bytes(&mut bytes);
                Self(bytes)
            }
        }
    )*};
}

/// Adds the text form, for the secrets that travel in a URL, a header field or a key file.
macro_rules! text {
    ($($name:ident),*) => {$(
        impl $name {
            /// Returns the 43 characters that a URL, a header field or a key file holds.
            ///
            /// It is spelled out, and not `Display`, so that no message prints it by accident.
            pub fn to_base64url(&self) -> String {
                base64url::encode(&self.0)
            }

            /// Parses the 43 characters.
            ///
            /// # Errors
            /// [`DecodeError`] for anything but the one canonical text.
            pub fn from_base64url(text: &str) -> Result<Self, DecodeError> {
                base64url::decode(text).map(Self)
            }
        }
    )*};
}

secret! {
    /// The right to fetch one payload: random, made by the server, kept there only as its hash.
    Grant
}
secret! {
    /// The key in a link, `K`: new for every link.
    LinkKey
}
secret! {
    /// The key of a manifest, derived from the share key and the header.
    ManifestKey
}
secret! {
    /// The key that wraps the share key and labels for the owner, derived from the owner secret.
    OwnerKey
}
secret! {
    /// The secret of a manage link, `O`: new for every upload, never derivable from a link.
    OwnerSecret
}
secret! {
    /// What the owner sends to change or delete, derived from the owner secret.
    OwnerToken
}
secret! {
    /// A password after its slow hash, `P`.
    PasswordKey
}
secret! {
    /// The key of the payload's chunks, derived from the share key and the header.
    PayloadKey
}
secret! {
    /// What a receiver sends to show that they hold the link key and know the password.
    Proof
}
secret! {
    /// The key of a share, `S`: new for every upload, wrapped once for each link.
    ShareKey
}
secret! {
    /// The key that wraps the share key in a link's envelope.
    WrapKey
}

random!(Grant, LinkKey, OwnerSecret, ShareKey);
text!(Grant, LinkKey, OwnerSecret, OwnerToken, Proof, ShareKey);
