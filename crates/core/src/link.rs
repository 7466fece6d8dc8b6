//! A link's derivations: locator, proof and the envelope that wraps the share key.

use alloc::string::String;

use rand_core::CryptoRng;

use crate::base64url;
use crate::cipher::{Aes256Gcm, OVERHEAD};
use crate::derive::hkdf;
use crate::keys::{KEY_LEN, LinkKey, Locator, PasswordKey, Proof, ShareKey, WrapKey};
use crate::message;

/// Bytes of an envelope: nonce, wrapped share key, tag.
pub const ENVELOPE_LEN: usize = KEY_LEN + OVERHEAD;

/// Bytes of an ETag before base64url.
const ETAG_LEN: usize = 12;

/// A wrapped share key.
pub type Envelope = [u8; ENVELOPE_LEN];

/// The key in the link, or the password, does not open this.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("wrong key or password, or the envelope is damaged")]
pub struct UnwrapError;

impl LinkKey {
    /// Derives the link's public name.
    pub fn locator(&self) -> Locator {
        Locator::from_bytes(hkdf(&[self.as_bytes()], b"", &[b"onekey/v1/locator"]))
    }

    /// Derives what shows the server that a receiver holds this key and knows the password.
    pub fn proof(&self, password: Option<&PasswordKey>) -> Proof {
        Proof::from_bytes(hkdf(&self.with(password), b"", &[b"onekey/v1/proof"]))
    }

    /// Derives the key of the link's envelope.
    pub fn wrap_key(&self, password: Option<&PasswordKey>) -> WrapKey {
        WrapKey::from_bytes(hkdf(&self.with(password), b"", &[b"onekey/v1/envelope"]))
    }

    /// Derives the ETag of the file at `path`, as a direct answer sends it: 16 characters that tell
    /// nothing of the key.
    pub fn etag(&self, path: &str) -> String {
        let tag: [u8; ETAG_LEN] = hkdf(
            &[self.as_bytes()],
            b"",
            &[b"onekey/v1/etag", &[0], path.as_bytes()],
        );
        base64url::encode(&tag)
    }

    /// `K || P`.
    fn with<'k>(&'k self, password: Option<&'k PasswordKey>) -> [&'k [u8]; 2] {
        [self.as_bytes(), password.map_or(&[], |key| key.as_bytes())]
    }
}

impl WrapKey {
    /// Wraps `share` for the link at `locator`.
    pub fn wrap(&self, locator: &Locator, share: &ShareKey, rng: &mut impl CryptoRng) -> Envelope {
        wrap(self.as_bytes(), locator.as_bytes(), share, rng)
    }

    /// Unwraps the share key from an envelope of the link at `locator`.
    ///
    /// # Errors
    /// [`UnwrapError`]: another key or password, another link's envelope, or damage.
    pub fn unwrap(&self, locator: &Locator, envelope: &Envelope) -> Result<ShareKey, UnwrapError> {
        unwrap(self.as_bytes(), locator.as_bytes(), envelope)
    }
}

/// Wraps a share key; envelopes are always AES-256-GCM.
pub(crate) fn wrap(
    key: &[u8; KEY_LEN],
    aad: &[u8],
    share: &ShareKey,
    rng: &mut impl CryptoRng,
) -> Envelope {
    message::seal::<Aes256Gcm>(key, aad, rng, share.as_bytes())
        .try_into()
        .expect("a key and its overhead are as long as an envelope")
}

/// Unwraps a share key.
pub(crate) fn unwrap(
    key: &[u8; KEY_LEN],
    aad: &[u8],
    envelope: &Envelope,
) -> Result<ShareKey, UnwrapError> {
    let mut envelope = zeroize::Zeroizing::new(*envelope);
    let cipher = <Aes256Gcm as aead::KeyInit>::new(key.into());
    let share =
        message::decrypt_in_place(&cipher, aad, &mut envelope[..]).map_err(|_| UnwrapError)?;
    Ok(ShareKey::from_bytes(
        (&*share)
            .try_into()
            .expect("an envelope holds exactly one key"),
    ))
}
