//! Kind `stream`.

use onekey_core::cipher::{Aes256Gcm, ChaCha20Poly1305, Cipher, Suite};
use onekey_core::header::{ContainerKeys, HEADER_LEN, Header};
use onekey_core::keys::ShareKey;
use onekey_core::payload::Decryptor;

use crate::vector::{Vector, sha256};
use crate::words;

pub(crate) fn stream(vector: &Vector) -> String {
    let share = ShareKey::from_bytes(vector.bytes("share-key"));
    let mut released = Vec::new();
    let result = open(vector, &share, &mut released)
        .err()
        .unwrap_or_else(|| "ok".to_owned());
    assert_eq!(
        released.len() as u64,
        vector.number("released"),
        "{}",
        vector.name
    );
    assert_eq!(
        sha256(&released),
        vector.get("plaintext-sha256"),
        "{}",
        vector.name
    );
    #[cfg(feature = "std")]
    by_reader(vector, &share, &released, &result);
    result
}

fn open(vector: &Vector, share: &ShareKey, released: &mut Vec<u8>) -> Result<(), String> {
    let (header, payload) = vector.body.split_at(vector.body.len().min(HEADER_LEN));
    let header = Header::parse(header).map_err(words::header)?;
    let keys = header.keys(share).map_err(|_| "wrong-key")?;
    vector.check("payload-key", keys.payload.as_bytes());
    vector.check("manifest-key", keys.manifest.as_bytes());
    match header.suite() {
        Suite::Aes256Gcm => decrypt::<Aes256Gcm>(&header, &keys, payload, released),
        Suite::ChaCha20Poly1305 => decrypt::<ChaCha20Poly1305>(&header, &keys, payload, released),
    }
}

/// Decrypts a payload whose length nobody told: full chunks as long as there are any.
fn decrypt<A: Cipher>(
    header: &Header,
    keys: &ContainerKeys,
    payload: &[u8],
    released: &mut Vec<u8>,
) -> Result<(), String> {
    let mut decryptor = Decryptor::<A>::new(header, keys).unwrap();
    let mut chunks = payload.chunks_exact(header.chunk_size().encrypted());
    for chunk in &mut chunks {
        let mut chunk = chunk.to_vec();
        released.extend(&*decryptor.decrypt_next(&mut chunk).map_err(words::payload)?);
    }
    let mut last = chunks.remainder().to_vec();
    released.extend(&*decryptor.decrypt_last(&mut last).map_err(words::payload)?);
    Ok(())
}

/// The `std::io` adapter gives the same bytes and fails for the same reason.
#[cfg(feature = "std")]
fn by_reader(vector: &Vector, share: &ShareKey, released: &[u8], result: &str) {
    use std::io::Read;

    use onekey_core::io::{DecryptReader, StreamError};

    let mut read = Vec::new();
    let reader = DecryptReader::new(share, &vector.body[..]);
    let error = reader
        .and_then(|mut reader| reader.read_to_end(&mut read))
        .err();
    let word = match error.map(|error| StreamError::of(&error).unwrap()) {
        None => "ok".to_owned(),
        Some(StreamError::Header(error)) => words::header(error),
        Some(StreamError::WrongKey(_)) => "wrong-key".to_owned(),
        Some(StreamError::Decrypt(error)) => words::payload(error),
        Some(error) => error.to_string(),
    };
    assert_eq!(word, result, "{}", vector.name);
    assert_eq!(read, released, "{}", vector.name);
}
