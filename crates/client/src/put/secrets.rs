//! The secrets of an upload.

use std::sync::Arc;

use onekey_core::cipher::{Aes256Gcm, Suite};
use onekey_core::header::{ContainerKeys, Header};
use onekey_core::keys::{OwnerSecret, OwnerToken, OwnerVerifier, ShareKey};
use onekey_core::manifest::Manifest;
use onekey_core::payload::PayloadCipher;
use onekey_core::size::ChunkSize;
use onekey_core::wire::CreateUpload;

use super::journal::Saved;
use crate::error::PutError;

/// The secrets of one upload. Starting again makes new ones, so that no server can mix two uploads.
pub(super) struct Secrets {
    share: ShareKey,
    owner: OwnerSecret,
    header: Header,
    keys: ContainerKeys,
    cipher: Arc<PayloadCipher<Aes256Gcm>>,
}

impl Secrets {
    pub(super) fn new(chunk_size: ChunkSize) -> Self {
        let rng = &mut rand::rng();
        let share = ShareKey::generate(rng);
        let header = Header::new(Suite::Aes256Gcm, chunk_size, &share, rng);
        let keys = header
            .keys(&share)
            .expect("the header was made for this key");
        let cipher =
            PayloadCipher::new(&header, &keys).expect("the header was made for this suite");
        Self {
            owner: OwnerSecret::generate(rng),
            cipher: Arc::new(cipher),
            share,
            header,
            keys,
        }
    }

    /// Takes the secrets of an earlier put, if they belong to its header.
    pub(super) fn restore(saved: &Saved) -> Option<Self> {
        let header = Header::parse(&saved.header).ok()?;
        let keys = header.keys(&saved.share_key).ok()?;
        let cipher = PayloadCipher::new(&header, &keys).ok()?;
        Some(Self {
            share: saved.share_key.clone(),
            owner: saved.owner.clone(),
            cipher: Arc::new(cipher),
            header,
            keys,
        })
    }

    pub(super) const fn share(&self) -> &ShareKey {
        &self.share
    }

    pub(super) const fn header(&self) -> &Header {
        &self.header
    }

    pub(super) const fn owner(&self) -> &OwnerSecret {
        &self.owner
    }

    pub(super) const fn cipher(&self) -> &Arc<PayloadCipher<Aes256Gcm>> {
        &self.cipher
    }

    /// Seals the manifest. Once for each upload.
    pub(super) fn seal(
        &self,
        manifest: &Manifest,
        plaintext_len: u64,
    ) -> Result<Vec<u8>, PutError> {
        let rng = &mut rand::rng();
        Ok(manifest.seal(&self.header, &self.keys, plaintext_len, rng)?)
    }

    /// Returns the body that creates the upload, and the token that it is then changed with.
    pub(super) fn upload(&self, part_size: u64, size: Option<u64>) -> (CreateUpload, OwnerToken) {
        let token = self.owner.token();
        let rng = &mut rand::rng();
        let body = CreateUpload {
            header: *self.header.as_bytes(),
            part_size,
            size,
            owner_verifier: OwnerVerifier::of(&token),
            owner_envelope: Some(self.owner.key().wrap(&self.header, &self.share, rng)),
        };
        (body, token)
    }
}
