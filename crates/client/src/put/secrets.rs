//! The secrets of an upload and of its first link.

use std::sync::Arc;

use onekey_core::cipher::{Aes256Gcm, Suite};
use onekey_core::header::{ContainerKeys, Header};
use onekey_core::keys::{
    LinkKey, OwnerSecret, OwnerToken, OwnerVerifier, PasswordKey, ShareKey, Verifier,
};
use onekey_core::manifest::Manifest;
use onekey_core::payload::PayloadCipher;
use onekey_core::size::ChunkSize;
use onekey_core::wire::{CreateUpload, NewLink, ServerDescription};
use tokio::task::JoinHandle;

use super::PutOptions;
use crate::error::PutError;
use crate::open::stretch;

/// The secrets of one upload. Starting again makes new ones, so that no server can mix two uploads.
pub(super) struct Secrets {
    share: ShareKey,
    owner: OwnerSecret,
    header: Header,
    keys: ContainerKeys,
    cipher: Arc<PayloadCipher<Aes256Gcm>>,
}

/// The first link of a share. Its password is stretched while the parts are sent.
pub(super) struct FirstLink {
    key: LinkKey,
    stretching: Option<JoinHandle<PasswordKey>>,
    password: Option<PasswordKey>,
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

impl FirstLink {
    /// Makes the link's key and begins to stretch the password, if there is one.
    pub(super) fn new(options: &PutOptions) -> Self {
        let key = LinkKey::generate(&mut rand::rng());
        let stretching = options.password.clone().map(|password| {
            let key = key.clone();
            tokio::spawn(async move { stretch(&password, &key).await })
        });
        Self {
            key,
            stretching,
            password: None,
        }
    }

    pub(super) const fn key(&self) -> &LinkKey {
        &self.key
    }

    /// Describes the link to the server, as `options` want it.
    pub(super) async fn describe(
        &mut self,
        secrets: &Secrets,
        options: &PutOptions,
        server: &ServerDescription,
    ) -> Result<NewLink, PutError> {
        if let Some(stretching) = self.stretching.take() {
            self.password = Some(stretching.await.map_err(|_| PutError::Cancelled)?);
        }
        let rng = &mut rand::rng();
        let (locator, password) = (self.key.locator(), self.password.as_ref());
        let label = options.label.as_deref();
        Ok(NewLink {
            locator,
            verifier: Verifier::of(&self.key.proof(password)),
            envelope: self
                .key
                .wrap_key(password)
                .wrap(&locator, &secrets.share, rng),
            password: password.is_some(),
            direct: false,
            max_downloads: options.max_downloads,
            expires_in: options.expires_in.unwrap_or(server.default_expiry),
            label: label
                .map(|label| secrets.owner.key().seal_label(&locator, label, rng))
                .transpose()?,
        })
    }
}
