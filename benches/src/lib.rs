//! What the benchmarks compare: a chunk through onekey's traits, and the same bytes through the libraries alone.
//!
//! All work in place on one buffer, which is used again: that is how the clients use memory, and AWS-LC falls to
//! half its speed on memory that is cold.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aws_lc_rs::aead::{
    AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use onekey_core::cipher::{
    AwsLcAes256Gcm, AwsLcChaCha20Poly1305, Cipher, RustAes256Gcm, RustChaCha20Poly1305, Suite,
};
use onekey_core::header::Header;
use onekey_core::keys::ShareKey;
use onekey_core::payload::{PayloadCipher, text_range};
use onekey_core::size::ChunkSize;

/// Exponents of the chunk sizes that are measured.
pub const EXPONENTS: [u8; 6] = [10, 14, 16, 18, 20, 22];

/// A way to encrypt a chunk in place, or to do that and decrypt it again.
pub struct Way {
    /// `onekey` or `raw`, and the library.
    pub name: &'static str,
    /// Encrypts the text of a chunk.
    pub encrypt: Work,
    /// Encrypts it and decrypts it.
    pub both: Work,
}

/// What is done to a buffer that has an encrypted chunk's length.
pub type Work = Box<dyn FnMut(&mut [u8])>;

/// Returns every way to work on chunks of that size.
pub fn ways(size: ChunkSize) -> Vec<Way> {
    vec![
        onekey::<AwsLcAes256Gcm>("onekey aws-lc aes", size),
        raw_aws_lc("raw aws-lc-rs aes", &AES_256_GCM),
        onekey::<RustAes256Gcm>("onekey rust aes", size),
        raw_aes_gcm("raw aes-gcm"),
        onekey::<AwsLcChaCha20Poly1305>("onekey aws-lc chacha", size),
        raw_aws_lc("raw aws-lc-rs chacha", &CHACHA20_POLY1305),
        onekey::<RustChaCha20Poly1305>("onekey rust chacha", size),
    ]
}

/// Returns the size with that exponent.
pub fn chunk_size(exponent: u8) -> ChunkSize {
    ChunkSize::from_exponent(exponent).expect("the exponent is in 10..=22")
}

/// A header of that suite and its share key.
pub fn header(suite: Suite, size: ChunkSize) -> (Header, ShareKey) {
    let rng = &mut rand::rng();
    let share = ShareKey::generate(rng);
    (Header::new(suite, size, &share, rng), share)
}

fn cipher<A: Cipher>(size: ChunkSize) -> PayloadCipher<A> {
    let (header, share) = header(A::SUITE, size);
    let keys = header.keys(&share).expect("the header is of this key");
    PayloadCipher::new(&header, &keys).expect("the header is of this suite")
}

/// Our traits: nonce from the thread's generator, place as associated data.
fn onekey<A: Cipher + 'static>(name: &'static str, size: ChunkSize) -> Way {
    let encrypt = |cipher: &PayloadCipher<A>, chunk: &mut [u8]| {
        cipher
            .encrypt_chunk(7, &mut rand::rng(), chunk)
            .expect("the buffer has a chunk's length");
    };
    let (one, other) = (cipher::<A>(size), cipher::<A>(size));
    Way {
        name,
        encrypt: Box::new(move |chunk| encrypt(&one, chunk)),
        both: Box::new(move |chunk| {
            encrypt(&other, chunk);
            other
                .decrypt_chunk(7, chunk)
                .expect("it was encrypted just now");
        }),
    }
}

/// AWS-LC alone: one nonce for all, no associated data.
fn raw_aws_lc(name: &'static str, algorithm: &'static Algorithm) -> Way {
    let key = || LessSafeKey::new(UnboundKey::new(algorithm, &[7; 32]).expect("a key's length"));
    let encrypt = |key: &LessSafeKey, text: &mut [u8]| {
        key.seal_in_place_separate_tag(nonce(), Aad::empty(), text)
            .expect("the text is short")
    };
    let (one, other) = (key(), key());
    Way {
        name,
        encrypt: Box::new(move |chunk| {
            let _tag = encrypt(&one, text(chunk));
        }),
        both: Box::new(move |chunk| {
            let text = text(chunk);
            let tag = encrypt(&other, text);
            let opened =
                other.open_in_place_separate_tag(nonce(), Aad::empty(), tag.as_ref(), text);
            opened.expect("it was encrypted just now");
        }),
    }
}

/// `aes-gcm` alone.
fn raw_aes_gcm(name: &'static str) -> Way {
    let key = || aes_gcm::Aes256Gcm::new(&[7; 32].into());
    let encrypt = |key: &aes_gcm::Aes256Gcm, text: &mut [u8]| {
        let sealed = key.encrypt_inout_detached(&[1; 12].into(), b"", text.into());
        sealed.expect("the text is short")
    };
    let (one, other) = (key(), key());
    Way {
        name,
        encrypt: Box::new(move |chunk| {
            let _tag = encrypt(&one, text(chunk));
        }),
        both: Box::new(move |chunk| {
            let text = text(chunk);
            let tag = encrypt(&other, text);
            let opened = other.decrypt_inout_detached(&[1; 12].into(), b"", text.into(), &tag);
            opened.expect("it was encrypted just now");
        }),
    }
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([1; 12])
}

fn text(chunk: &mut [u8]) -> &mut [u8] {
    let range = text_range(chunk.len());
    &mut chunk[range]
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
