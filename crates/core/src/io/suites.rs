//! The suite of a stream is known only when it runs: one variant for each.

use alloc::boxed::Box;

use rand_core::CryptoRng;

use crate::cipher::{Aes256Gcm, ChaCha20Poly1305, Suite};
use crate::header::{ContainerKeys, Header};
use crate::payload::{DecryptError, Decryptor, EncryptError, Encryptor};

const SUITE_MATCHES: &str = "the cipher was chosen by the header's suite";

// Boxed: an expanded AES key is far larger than ChaCha20's.
pub(super) enum AnyEncryptor {
    Aes(Box<Encryptor<Aes256Gcm>>),
    ChaCha(Box<Encryptor<ChaCha20Poly1305>>),
}

impl AnyEncryptor {
    pub(super) fn new(header: &Header, keys: &ContainerKeys) -> Self {
        match header.suite() {
            Suite::Aes256Gcm => {
                Self::Aes(Box::new(Encryptor::new(header, keys).expect(SUITE_MATCHES)))
            }
            Suite::ChaCha20Poly1305 => {
                Self::ChaCha(Box::new(Encryptor::new(header, keys).expect(SUITE_MATCHES)))
            }
        }
    }

    pub(super) fn encrypt_next(
        &mut self,
        rng: &mut impl CryptoRng,
        chunk: &mut [u8],
    ) -> Result<(), EncryptError> {
        match self {
            Self::Aes(encryptor) => encryptor.encrypt_next(rng, chunk),
            Self::ChaCha(encryptor) => encryptor.encrypt_next(rng, chunk),
        }
    }

    pub(super) fn encrypt_last(
        self,
        rng: &mut impl CryptoRng,
        chunk: &mut [u8],
    ) -> Result<(), EncryptError> {
        match self {
            Self::Aes(encryptor) => encryptor.encrypt_last(rng, chunk),
            Self::ChaCha(encryptor) => encryptor.encrypt_last(rng, chunk),
        }
    }
}

pub(super) enum AnyDecryptor {
    Aes(Box<Decryptor<Aes256Gcm>>),
    ChaCha(Box<Decryptor<ChaCha20Poly1305>>),
}

impl AnyDecryptor {
    pub(super) fn new(header: &Header, keys: &ContainerKeys) -> Self {
        match header.suite() {
            Suite::Aes256Gcm => {
                Self::Aes(Box::new(Decryptor::new(header, keys).expect(SUITE_MATCHES)))
            }
            Suite::ChaCha20Poly1305 => {
                Self::ChaCha(Box::new(Decryptor::new(header, keys).expect(SUITE_MATCHES)))
            }
        }
    }

    /// Decrypts a full chunk in place.
    pub(super) fn decrypt_next(&mut self, chunk: &mut [u8]) -> Result<(), DecryptError> {
        match self {
            Self::Aes(decryptor) => decryptor.decrypt_next(chunk).map(|_| ()),
            Self::ChaCha(decryptor) => decryptor.decrypt_next(chunk).map(|_| ()),
        }
    }

    /// Decrypts the last chunk in place.
    pub(super) fn decrypt_last(self, chunk: &mut [u8]) -> Result<(), DecryptError> {
        match self {
            Self::Aes(decryptor) => decryptor.decrypt_last(chunk).map(|_| ()),
            Self::ChaCha(decryptor) => decryptor.decrypt_last(chunk).map(|_| ()),
        }
    }
}
