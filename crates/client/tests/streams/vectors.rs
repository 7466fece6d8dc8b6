//! `vectors/stream`: what every implementation does with each, in the words of `vectors/README.md`.

use std::collections::HashMap;
use std::path::Path;

use onekey_core::header::ParseHeaderError;
use onekey_core::payload::DecryptError;
use sha2::{Digest, Sha256};

use super::*;

/// Fewest that there are, so that a wrong folder does not pass.
const AT_LEAST: usize = 30;

struct Vector {
    values: HashMap<String, String>,
    body: Vec<u8>,
}

fn read(path: &Path) -> Vector {
    let bytes = std::fs::read(path).unwrap();
    let end = bytes.windows(2).position(|two| two == b"\n\n").unwrap();
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let pairs = head.lines().map(|line| line.split_once(": ").unwrap());
    Vector {
        values: pairs
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
        body: bytes[end + 2..].to_vec(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key(text: &str) -> ShareKey {
    let byte = |at: usize| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap();
    ShareKey::from_bytes(std::array::from_fn(byte))
}

/// Returns the failure's category.
fn word(error: &UnsealError) -> String {
    match error {
        UnsealError::WrongKey => "wrong-key".to_owned(),
        UnsealError::Header(error) => match error {
            ParseHeaderError::Exponent(_) => "header exponent",
            ParseHeaderError::Magic => "header magic",
            ParseHeaderError::Reserved => "header reserved",
            ParseHeaderError::Suite(_) => "header suite",
            ParseHeaderError::Truncated => "header truncated",
            ParseHeaderError::Version(_) => "header version",
            error => panic!("{error}"),
        }
        .to_owned(),
        UnsealError::Damaged(DecryptError::Chunk { index }) => format!("chunk {index}"),
        UnsealError::Damaged(DecryptError::Truncated) => "truncated".to_owned(),
        error => panic!("{error}"),
    }
}

#[test]
fn t24_every_vector_comes_out_as_it_must() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/stream");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Vector { values, body } = read(&path);
        let share = key(&values["share-key"]);
        for workers in WORKERS {
            let (out, done) = unsealed(&body, &share, By::Pipe, workers);
            let ended = done.as_ref().map_or_else(word, |_| "ok".to_owned());
            assert_eq!(ended, values["expect"], "{name}");
            assert_eq!(out.len().to_string(), values["released"], "{name}");
            assert_eq!(
                hex(&Sha256::digest(&out)),
                values["plaintext-sha256"],
                "{name}"
            );

            // A file's end is looked at first: what is refused may be refused sooner, and is not accepted.
            let (sooner, again) = unsealed(&body, &share, By::File, workers);
            assert_eq!(again.is_ok(), done.is_ok(), "{name}");
            assert!(out.starts_with(&sooner), "{name}");
            assert!(out.len() == sooner.len() || done.is_err(), "{name}");
        }
        seen += 1;
    }
    assert!(seen >= AT_LEAST, "{seen}");
}
