//! Small whole messages: `nonce || AEAD(key, nonce, aad, plaintext)`.
//!
//! Envelopes, labels and manifests have this form. Chunks have it too, with their place as
//! associated data ([`crate::payload`]).

use alloc::vec::Vec;

use aead::{Nonce, Tag};
use rand_core::CryptoRng;

use crate::cipher::{Cipher, NONCE_LEN, OVERHEAD, TAG_LEN};

/// The tag did not fit: another key, another place, or damage. Which of them cannot be told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Rejected;

/// Encrypts `message[12..len-16]` in place and fills nonce and tag around it.
pub(crate) fn encrypt_in_place<A: Cipher>(
    cipher: &A,
    aad: &[u8],
    rng: &mut impl CryptoRng,
    message: &mut [u8],
) {
    let (nonce, rest) = message.split_at_mut(NONCE_LEN);
    let (text, tag) = rest.split_at_mut(rest.len() - TAG_LEN);
    rng.fill_bytes(nonce);
    let nonce = Nonce::<A>::try_from(&*nonce).expect("split at the nonce's length");
    let sealed = cipher
        .encrypt_inout_detached(&nonce, aad, text.into())
        .expect("both suites take 64 GiB a message; ours are at most 8 MiB");
    tag.copy_from_slice(&sealed);
}

/// Decrypts a message in place and returns its plaintext within it.
pub(crate) fn decrypt_in_place<'m, A: Cipher>(
    cipher: &A,
    aad: &[u8],
    message: &'m mut [u8],
) -> Result<&'m mut [u8], Rejected> {
    if message.len() < OVERHEAD {
        return Err(Rejected);
    }
    let (nonce, rest) = message.split_at_mut(NONCE_LEN);
    let (text, tag) = rest.split_at_mut(rest.len() - TAG_LEN);
    let nonce = Nonce::<A>::try_from(&*nonce).expect("split at the nonce's length");
    let tag = Tag::<A>::try_from(&*tag).expect("split at the tag's length");
    cipher
        .decrypt_inout_detached(&nonce, aad, (&mut *text).into(), &tag)
        .map_err(|_| Rejected)?;
    Ok(text)
}

/// Returns `plaintext` as a message.
pub(crate) fn seal<A: Cipher>(
    key: &[u8; 32],
    aad: &[u8],
    rng: &mut impl CryptoRng,
    plaintext: &[u8],
) -> Vec<u8> {
    let mut message = alloc::vec![0; plaintext.len() + OVERHEAD];
    message[NONCE_LEN..NONCE_LEN + plaintext.len()].copy_from_slice(plaintext);
    encrypt_in_place(&A::new(key.into()), aad, rng, &mut message);
    message
}

/// Returns the plaintext of a message.
pub(crate) fn open<A: Cipher>(
    key: &[u8; 32],
    aad: &[u8],
    message: &[u8],
) -> Result<Vec<u8>, Rejected> {
    let mut message = message.to_vec();
    let plaintext = decrypt_in_place(&A::new(key.into()), aad, &mut message)?;
    let len = plaintext.len();
    message.copy_within(NONCE_LEN..NONCE_LEN + len, 0);
    message.truncate(len);
    Ok(message)
}
