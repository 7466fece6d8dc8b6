//! The manifest as it travels: `nonce || AEAD(manifest_key, nonce, aad = "manifest", padded JSON)`.

use alloc::vec::Vec;

use rand_core::CryptoRng;

use super::{MAX_PADDED, Manifest, ManifestError};
use crate::cipher::{Aes256Gcm, ChaCha20Poly1305, OVERHEAD, Suite};
use crate::header::{ContainerKeys, Header};
use crate::message;

/// Longest sealed manifest, in bytes.
pub const MAX_SEALED: usize = MAX_PADDED + OVERHEAD;

const ASSOCIATED_DATA: &[u8] = b"manifest";

/// Why a sealed manifest cannot be opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenManifestError {
    /// It is authentic, but its writer broke a rule.
    #[error("the manifest breaks a rule: {0}")]
    Rule(#[from] ManifestError),
    /// It does not authenticate: another share's, damaged or cut.
    #[error("the manifest is damaged")]
    Sealed,
}

impl Manifest {
    /// Seals a manifest that keeps every rule for a payload of `plaintext_len` bytes of plaintext.
    ///
    /// Under one share key seal one manifest only: a server could otherwise choose between two.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn seal(
        &self,
        header: &Header,
        keys: &ContainerKeys,
        plaintext_len: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, ManifestError> {
        let padded = self.print(plaintext_len)?;
        let key = keys.manifest.as_bytes();
        Ok(match header.suite() {
            Suite::Aes256Gcm => message::seal::<Aes256Gcm>(key, ASSOCIATED_DATA, rng, &padded),
            Suite::ChaCha20Poly1305 => {
                message::seal::<ChaCha20Poly1305>(key, ASSOCIATED_DATA, rng, &padded)
            }
        })
    }

    /// Opens a sealed manifest and checks every rule again.
    ///
    /// # Errors
    /// [`OpenManifestError`]; nothing of a manifest that breaks a rule is released.
    pub fn open(
        sealed: &[u8],
        header: &Header,
        keys: &ContainerKeys,
        plaintext_len: u64,
    ) -> Result<Self, OpenManifestError> {
        // Before it is copied: an answer's length is the server's word.
        if sealed.len() > MAX_SEALED {
            return Err(OpenManifestError::Sealed);
        }
        let key = keys.manifest.as_bytes();
        let padded = match header.suite() {
            Suite::Aes256Gcm => message::open::<Aes256Gcm>(key, ASSOCIATED_DATA, sealed),
            Suite::ChaCha20Poly1305 => {
                message::open::<ChaCha20Poly1305>(key, ASSOCIATED_DATA, sealed)
            }
        }
        .map_err(|_| OpenManifestError::Sealed)?;
        Ok(Self::parse(&padded, plaintext_len)?)
    }
}
