//! The owner's derivations: token, envelope and sealed labels.

use alloc::string::String;
use alloc::vec::Vec;

use rand_core::CryptoRng;

use crate::cipher::Aes256Gcm;
use crate::derive::hkdf;
use crate::header::Header;
use crate::keys::{Locator, OwnerKey, OwnerSecret, OwnerToken, ShareKey};
use crate::link::{self, Envelope, UnwrapError};
use crate::message;

/// Longest label, in bytes of UTF-8 before sealing.
pub const MAX_LABEL_LEN: usize = 256;

/// Why a label cannot be sealed or opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// Another owner secret, another link's label, or damage.
    #[error("wrong owner secret, or the label is damaged")]
    Rejected,
    /// It has more than [`MAX_LABEL_LEN`] bytes.
    #[error("the label is longer than {MAX_LABEL_LEN} bytes")]
    TooLong,
}

impl OwnerSecret {
    /// Derives what the owner sends to change or delete the share.
    pub fn token(&self) -> OwnerToken {
        OwnerToken::from_bytes(hkdf(&[self.as_bytes()], b"", &[b"onekey/v1/owner"]))
    }

    /// Derives the key of the owner's envelope and labels.
    pub fn key(&self) -> OwnerKey {
        OwnerKey::from_bytes(hkdf(&[self.as_bytes()], b"", &[b"onekey/v1/owner-seal"]))
    }
}

impl OwnerKey {
    /// Wraps the share key for its owner, bound to the share's header.
    pub fn wrap(&self, header: &Header, share: &ShareKey, rng: &mut impl CryptoRng) -> Envelope {
        link::wrap(self.as_bytes(), &envelope_aad(header), share, rng)
    }

    /// Unwraps the share key from the owner's envelope.
    ///
    /// # Errors
    /// [`UnwrapError`]: another secret, another share's envelope, or damage.
    pub fn unwrap(&self, header: &Header, envelope: &Envelope) -> Result<ShareKey, UnwrapError> {
        link::unwrap(self.as_bytes(), &envelope_aad(header), envelope)
    }

    /// Seals the label of the link at `locator`.
    ///
    /// # Errors
    /// [`LabelError::TooLong`].
    pub fn seal_label(
        &self,
        locator: &Locator,
        label: &str,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, LabelError> {
        if label.len() > MAX_LABEL_LEN {
            return Err(LabelError::TooLong);
        }
        let aad = label_aad(locator);
        Ok(message::seal::<Aes256Gcm>(
            self.as_bytes(),
            &aad,
            rng,
            label.as_bytes(),
        ))
    }

    /// Opens a sealed label of the link at `locator`.
    ///
    /// # Errors
    /// [`LabelError::Rejected`], also for a text that is not UTF-8.
    pub fn open_label(&self, locator: &Locator, sealed: &[u8]) -> Result<String, LabelError> {
        let label = message::open::<Aes256Gcm>(self.as_bytes(), &label_aad(locator), sealed)
            .map_err(|_| LabelError::Rejected)?;
        String::from_utf8(label).map_err(|_| LabelError::Rejected)
    }
}

fn envelope_aad(header: &Header) -> Vec<u8> {
    [b"share".as_slice(), header.fixed()].concat()
}

fn label_aad(locator: &Locator) -> Vec<u8> {
    [b"label".as_slice(), locator.as_bytes()].concat()
}
