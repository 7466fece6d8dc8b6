//! A standalone stream of any bytes: the reader gives what the tags allow, and says how it ended.

use std::io::Read;

use onekey_core::cipher::{OVERHEAD, Suite};
use onekey_core::header::{ContainerKeys, HEADER_LEN, Header};
use onekey_core::io::{DecryptReader, StreamError};
use onekey_core::payload::DecryptError;
use onekey_core::size::ChunkSize;

use super::header::{SHARE, with_commitment};
use crate::Reached;
use crate::counter::Given;

pub(super) fn run(data: &[u8], reached: &mut Reached) {
    let mut data = data.to_vec();
    let header = data.get(..HEADER_LEN).map(Header::parse);
    let Some(Ok(header)) = header else {
        DecryptReader::new(&SHARE, &data[..]).expect_err("there is no header");
        return;
    };
    data[..HEADER_LEN].copy_from_slice(with_commitment(&header).as_bytes());
    let mut reader = DecryptReader::new(&SHARE, &data[..]).expect("the header is sound");
    let mut given = Vec::new();
    let ended = match reader.read_to_end(&mut given) {
        Ok(_) => Ok(()),
        Err(error) => Err(StreamError::of(&error).expect("a slice is read without errors")),
    };
    if given.len() >= header.chunk_size().plaintext() {
        reached.mark("Decryptor::decrypt_next");
    }
    if ended.is_ok() {
        reached.mark("Decryptor::decrypt_last");
    } else {
        reader.read(&mut [0]).expect_err("it stays failed");
    }
    let (text, end) = model(&data[HEADER_LEN..], header.chunk_size().encrypted());
    assert!(
        given == text,
        "{} bytes and not {}",
        given.len(),
        text.len()
    );
    assert_eq!(ended, end.map_err(StreamError::Decrypt));
}

/// What a reader must give, and its end: a chunk is sound if its tag repeats the low byte of its text's length.
fn model(payload: &[u8], encrypted: usize) -> (Vec<u8>, Result<(), DecryptError>) {
    let mut text = Vec::new();
    for (index, chunk) in (0..).zip(payload.chunks(encrypted)) {
        let Some(len) = chunk.len().checked_sub(OVERHEAD) else {
            break;
        };
        if chunk[12 + len..] != [len as u8; 16] {
            return (text, Err(DecryptError::Chunk { index }));
        }
        text.extend_from_slice(&chunk[12..12 + len]);
        if chunk.len() < encrypted {
            return (text, Ok(()));
        }
    }
    (text, Err(DecryptError::Truncated))
}

/// A header that is sound.
pub(super) fn header() -> Header {
    let salt = &mut Given(b"salt");
    Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &SHARE, salt)
}

pub(super) fn keys() -> ContainerKeys {
    header()
        .keys(&SHARE)
        .expect("the header commits to the key")
}
