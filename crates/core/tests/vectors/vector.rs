//! A vector's file: `key: value` lines, an empty line, bytes.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

pub(crate) struct Vector {
    pub(crate) name: String,
    fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Vector {
    pub(crate) fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let head = str::from_utf8(&bytes[..end]).unwrap();
        let fields = head.split('\n').map(|line| {
            let (key, value) = line.split_once(": ").unwrap();
            (key.to_owned(), value.to_owned())
        });
        Self {
            name: path.display().to_string(),
            fields: fields.collect(),
            body: bytes[end + 2..].to_vec(),
        }
    }

    pub(crate) fn all(&self, key: &str) -> Vec<&str> {
        let fields = self.fields.iter().filter(|(name, _)| name == key);
        fields.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn find(&self, key: &str) -> Option<&str> {
        let values = self.all(key);
        assert!(values.len() < 2, "{}: {key} stands twice", self.name);
        values.first().copied()
    }

    #[track_caller]
    pub(crate) fn get(&self, key: &str) -> &str {
        self.find(key)
            .unwrap_or_else(|| panic!("{}: no {key}", self.name))
    }

    pub(crate) fn number(&self, key: &str) -> u64 {
        self.get(key).parse().unwrap()
    }

    pub(crate) fn bytes<const N: usize>(&self, key: &str) -> [u8; N] {
        let hex = self.get(key);
        assert_eq!(hex.len(), 2 * N, "{}: {key}", self.name);
        std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
    }

    /// Compares a derived value with the field, if the case has it.
    #[track_caller]
    pub(crate) fn check(&self, key: &str, bytes: &[u8]) {
        if let Some(expected) = self.find(key) {
            assert_eq!(hex(bytes), expected, "{}: {key}", self.name);
        }
    }

    /// Compares a text with the field, if the case has it.
    #[track_caller]
    pub(crate) fn check_text(&self, key: &str, text: &str) {
        if let Some(expected) = self.find(key) {
            assert_eq!(text, expected, "{}: {key}", self.name);
        }
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
