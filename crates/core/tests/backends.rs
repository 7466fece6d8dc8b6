//! AWS-LC and the pure Rust ciphers are one: each decrypts what the other encrypted.

#![cfg(feature = "aws-lc")]
#![allow(clippy::unwrap_used)]

mod common;

use common::GivenBytes;
use onekey_core::cipher::{
    AwsLcAes256Gcm, AwsLcChaCha20Poly1305, Cipher, RustAes256Gcm, RustChaCha20Poly1305,
};
use onekey_core::header::Header;
use onekey_core::keys::ShareKey;
use onekey_core::payload::{DecryptError, PayloadCipher, text_range};
use onekey_core::size::ChunkSize;
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Chunk {
    share: [u8; 32],
    salt: [u8; 24],
    nonce: [u8; 12],
    exponent: u8,
    index: u64,
    plaintext: Vec<u8>,
}

fn chunk() -> impl Strategy<Value = Chunk> {
    (10..=13_u8).prop_flat_map(|exponent| {
        let full = 1_usize << exponent;
        let len = prop_oneof![0..=full, Just(0), Just(1), Just(full - 1), Just(full)];
        let plaintext = len.prop_flat_map(|len| prop::collection::vec(any::<u8>(), len));
        (
            any::<([u8; 32], [u8; 24], [u8; 12])>(),
            0..1_u64 << 32,
            plaintext,
        )
            .prop_map(move |((share, salt, nonce), index, plaintext)| Chunk {
                share,
                salt,
                nonce,
                exponent,
                index,
                plaintext,
            })
    })
}

fn cipher<A: Cipher>(chunk: &Chunk) -> PayloadCipher<A> {
    let share = ShareKey::from_bytes(chunk.share);
    let size = ChunkSize::from_exponent(chunk.exponent).unwrap();
    let header = Header::new(A::SUITE, size, &share, &mut GivenBytes(&chunk.salt));
    PayloadCipher::new(&header, &header.keys(&share).unwrap()).unwrap()
}

fn encrypt<A: Cipher>(chunk: &Chunk) -> Vec<u8> {
    let mut encrypted = vec![0; chunk.plaintext.len() + 28];
    let range = text_range(encrypted.len());
    encrypted[range].copy_from_slice(&chunk.plaintext);
    cipher::<A>(chunk)
        .encrypt_chunk(chunk.index, &mut GivenBytes(&chunk.nonce), &mut encrypted)
        .unwrap();
    encrypted
}

fn decrypt<A: Cipher>(chunk: &Chunk, encrypted: &[u8]) -> Result<Vec<u8>, DecryptError> {
    let mut encrypted = encrypted.to_vec();
    cipher::<A>(chunk)
        .decrypt_chunk(chunk.index, &mut encrypted)
        .map(|text| text.to_vec())
}

fn agree<A: Cipher, B: Cipher>(chunk: &Chunk, flip: usize) -> Result<(), TestCaseError> {
    let (a, b) = (encrypt::<A>(chunk), encrypt::<B>(chunk));
    prop_assert_eq!(&a, &b);
    prop_assert_eq!(&decrypt::<A>(chunk, &b), &Ok(chunk.plaintext.clone()));
    prop_assert_eq!(&decrypt::<B>(chunk, &a), &Ok(chunk.plaintext.clone()));
    let mut damaged = a;
    let at = flip % damaged.len();
    damaged[at] ^= 1 << (flip % 8);
    prop_assert!(decrypt::<A>(chunk, &damaged).is_err());
    prop_assert!(decrypt::<B>(chunk, &damaged).is_err());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn aes_256_gcm(chunk in chunk(), flip in any::<usize>()) {
        agree::<AwsLcAes256Gcm, RustAes256Gcm>(&chunk, flip)?;
    }

    #[test]
    fn chacha20_poly1305(chunk in chunk(), flip in any::<usize>()) {
        agree::<AwsLcChaCha20Poly1305, RustChaCha20Poly1305>(&chunk, flip)?;
    }
}
