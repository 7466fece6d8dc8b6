//! Messages with any nonce and associated data: vectors also need the wrong ones.

use onekey_core::cipher::{Cipher, RustAes256Gcm, RustChaCha20Poly1305, Suite};

use aead::KeyInit;

/// Returns `nonce || AEAD(key, nonce, aad, text)`.
pub(crate) fn seal(
    suite: Suite,
    key: &[u8; 32],
    nonce: [u8; 12],
    aad: &[u8],
    text: &[u8],
) -> Vec<u8> {
    match suite {
        Suite::Aes256Gcm => seal_with(&RustAes256Gcm::new(key.into()), nonce, aad, text),
        Suite::ChaCha20Poly1305 => {
            seal_with(&RustChaCha20Poly1305::new(key.into()), nonce, aad, text)
        }
    }
}

fn seal_with<A: Cipher>(cipher: &A, nonce: [u8; 12], aad: &[u8], text: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    let tag = cipher
        .encrypt_inout_detached(&nonce.into(), aad, text.as_mut_slice().into())
        .expect("the texts are short");
    [nonce.as_slice(), &text, &tag].concat()
}
