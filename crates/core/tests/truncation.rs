//! T24: a payload that was cut is never taken for a whole one.

#![allow(clippy::unwrap_used)]

mod common;

use common::{GivenBytes, counting};
use onekey_core::cipher::{Aes256Gcm, ChaCha20Poly1305, Cipher};
use onekey_core::header::{Header, ParseHeaderError};
use onekey_core::keys::ShareKey;
use onekey_core::payload::{DecryptError, Decryptor, Encryptor, PayloadCipher, text_range};
use onekey_core::size::ChunkSize;

const C: usize = 1024;
const E: usize = C + 28;

fn share_key() -> ShareKey {
    ShareKey::from_bytes(counting(0x40))
}

fn header<A: Cipher>() -> Header {
    let salt: [u8; 24] = counting(0x20);
    Header::new(
        A::SUITE,
        ChunkSize::MIN,
        &share_key(),
        &mut GivenBytes(&salt),
    )
}

fn encrypt<A: Cipher>(len: usize) -> Vec<u8> {
    let header = header::<A>();
    let mut encryptor = Encryptor::<A>::new(&header, &header.keys(&share_key()).unwrap()).unwrap();
    let rng = &mut rand::rng();
    let mut payload = vec![0; (len / C + 1) * 28 + len];
    let (full, last) = payload.split_at_mut(len / C * E);
    for chunk in full.chunks_mut(E) {
        chunk[text_range(E)].fill(b'x');
        encryptor.encrypt_next(rng, chunk).unwrap();
    }
    encryptor.encrypt_last(rng, last).unwrap();
    payload
}

/// Decrypts as a reader does that knows no length: full chunks as long as there are any.
fn decrypt<A: Cipher>(payload: &[u8]) -> Result<usize, (usize, DecryptError)> {
    let header = header::<A>();
    let mut decryptor = Decryptor::<A>::new(&header, &header.keys(&share_key()).unwrap()).unwrap();
    let mut payload = payload.to_vec();
    let mut released = 0;
    let edge = payload.len() / E * E;
    let (full, last) = payload.split_at_mut(edge);
    for chunk in full.chunks_mut(E) {
        match decryptor.decrypt_next(chunk) {
            Ok(text) => released += text.len(),
            Err(error) => return Err((released, error)),
        }
    }
    match decryptor.decrypt_last(last) {
        Ok(text) => Ok(released + text.len()),
        Err(error) => Err((released, error)),
    }
}

fn cut_everywhere<A: Cipher>(len: usize) {
    let payload = encrypt::<A>(len);
    assert_eq!(decrypt::<A>(&payload), Ok(len));
    let edges = (0..=payload.len() / E).map(|chunk| chunk * E);
    let cuts = edges
        .flat_map(|edge| {
            [
                edge.saturating_sub(1),
                edge,
                edge + 1,
                edge + 27,
                edge + 28,
                edge + 29,
            ]
        })
        .chain([0, 1, payload.len() - 1]);
    for cut in cuts.filter(|&cut| cut < payload.len()) {
        let (released, error) = decrypt::<A>(&payload[..cut]).unwrap_err();
        assert_eq!(released, cut / E * C, "cut at {cut} of {}", payload.len());
        let expected = if cut % E < 28 {
            DecryptError::Truncated
        } else {
            DecryptError::Chunk {
                index: (cut / E) as u64,
            }
        };
        assert_eq!(error, expected, "cut at {cut} of {}", payload.len());
    }
}

#[test]
fn t24_cut_at_every_chunk_edge() {
    for len in [0, 1, C - 1, C, C + 1, 2 * C, 3 * C + 7] {
        cut_everywhere::<Aes256Gcm>(len);
        cut_everywhere::<ChaCha20Poly1305>(len);
    }
}

#[test]
fn t24_cut_anywhere_in_a_small_payload() {
    let payload = encrypt::<Aes256Gcm>(C + 40);
    for cut in 0..payload.len() {
        assert!(
            decrypt::<Aes256Gcm>(&payload[..cut]).is_err(),
            "cut at {cut}"
        );
    }
}

#[test]
fn t24_a_full_chunk_is_never_the_last() {
    let header = header::<Aes256Gcm>();
    let keys = header.keys(&share_key()).unwrap();
    let mut full = vec![0; E];
    let encryptor = Encryptor::<Aes256Gcm>::new(&header, &keys).unwrap();
    assert!(encryptor.encrypt_last(&mut rand::rng(), &mut full).is_err());

    let payload = encrypt::<Aes256Gcm>(C);
    let decryptor = Decryptor::<Aes256Gcm>::new(&header, &keys).unwrap();
    let result = decryptor
        .decrypt_last(&mut payload[..E].to_vec())
        .map(|_| ());
    assert_eq!(result, Err(DecryptError::Truncated));
}

#[test]
fn t24_a_last_chunk_ends_the_payload() {
    // Encryption of single chunks cannot be talked into a short chunk in the middle either.
    let header = header::<Aes256Gcm>();
    let cipher =
        PayloadCipher::<Aes256Gcm>::new(&header, &header.keys(&share_key()).unwrap()).unwrap();
    let mut short = vec![0; E - 1];
    cipher
        .encrypt_chunk(0, &mut rand::rng(), &mut short)
        .unwrap();
    let behind = encrypt::<Aes256Gcm>(5);
    let joined = [short, behind].concat();
    assert_eq!(
        decrypt::<Aes256Gcm>(&joined),
        Err((0, DecryptError::Chunk { index: 0 }))
    );
}

#[test]
fn t24_a_header_alone_is_no_empty_file() {
    assert_eq!(decrypt::<Aes256Gcm>(&[]), Err((0, DecryptError::Truncated)));
    let header = header::<Aes256Gcm>();
    for len in 0..72 {
        let result = Header::parse(&header.as_bytes()[..len]);
        assert_eq!(result, Err(ParseHeaderError::Truncated), "{len} bytes");
    }
}

#[test]
fn t24_a_failed_decryptor_stays_failed() {
    let header = header::<Aes256Gcm>();
    let mut decryptor =
        Decryptor::<Aes256Gcm>::new(&header, &header.keys(&share_key()).unwrap()).unwrap();
    let mut payload = encrypt::<Aes256Gcm>(C);
    let (full, last) = payload.split_at_mut(E);
    let mut damaged = full.to_vec();
    damaged[0] ^= 1;
    assert!(decryptor.decrypt_next(&mut damaged).is_err());
    assert_eq!(
        decryptor.decrypt_next(full).map(|_| ()),
        Err(DecryptError::Failed)
    );
    assert_eq!(
        decryptor.decrypt_last(last).map(|_| ()),
        Err(DecryptError::Failed)
    );
}

#[test]
fn no_payload_has_2_pow_53_bytes() {
    let share = share_key();
    let salt: [u8; 24] = counting(0x20);
    let rng = &mut GivenBytes(&salt);
    let header = Header::new(Aes256Gcm::SUITE, ChunkSize::MAX, &share, rng);
    let cipher = PayloadCipher::<Aes256Gcm>::new(&header, &header.keys(&share).unwrap()).unwrap();
    let beyond = (1 << 53) / ChunkSize::MAX.encrypted() as u64 + 1;
    let mut chunk = vec![0; 28];
    assert!(
        cipher
            .encrypt_chunk(beyond, &mut rand::rng(), &mut chunk)
            .is_err()
    );
    let result = cipher.decrypt_chunk(beyond, &mut chunk).map(|_| ());
    assert_eq!(result, Err(DecryptError::TrailingData));
    assert!(
        cipher
            .encrypt_chunk(beyond - 1, &mut rand::rng(), &mut chunk)
            .is_ok()
    );
}
