//! Keys, secrets and public names: one type for each use.
//!
//! Secret types are wiped when dropped, compare in constant time and print as `ShareKey(..)`.
//! They have no conversion into each other but the derivations of [`crate::link`],
//! [`crate::owner`] and [`crate::header`].

mod public;
mod secret;

pub use public::{Locator, OwnerVerifier, ShareId, Verifier};
pub use secret::{
    Grant, LinkKey, ManifestKey, OwnerKey, OwnerSecret, OwnerToken, PasswordKey, PayloadKey, Proof,
    ShareKey, WrapKey,
};

/// Bytes of every secret key and of every proof, token and verifier.
pub const KEY_LEN: usize = 32;

/// Bytes of the names that the server knows: a locator, a share id.
pub const ID_LEN: usize = 16;
