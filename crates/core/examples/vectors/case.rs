//! One vector: its fields, its bytes, its file.

use std::fmt::{Display, Write as _};
use std::path::Path;
use std::{fs, io};

use sha2::{Digest, Sha256};

pub(crate) struct Case {
    kind: &'static str,
    name: String,
    fields: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Case {
    pub(crate) fn new(kind: &'static str, name: impl Into<String>, expect: impl Display) -> Self {
        let case = Self {
            kind,
            name: name.into(),
            fields: Vec::new(),
            body: Vec::new(),
        };
        case.with("kind", kind).with("expect", expect)
    }

    pub(crate) fn with(mut self, key: &'static str, value: impl Display) -> Self {
        let value = value.to_string();
        assert!(!value.contains('\n'), "{}: {key} has one line", self.name);
        self.fields.push((key, value));
        self
    }

    /// Gives a field another value.
    pub(crate) fn replace(mut self, key: &'static str, value: impl Display) -> Self {
        let field = self.fields.iter_mut().find(|(name, _)| *name == key);
        field.expect("there is such a field").1 = value.to_string();
        self
    }

    pub(crate) fn without(mut self, key: &str) -> Self {
        self.fields.retain(|(name, _)| *name != key);
        self
    }

    pub(crate) fn with_some(self, key: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    pub(crate) fn hex(self, key: &'static str, bytes: &[u8]) -> Self {
        self.with(key, hex(bytes))
    }

    /// All plaintext that may be released, also before a failure.
    pub(crate) fn released(self, plaintext: &[u8]) -> Self {
        self.with("released", plaintext.len())
            .with("plaintext-sha256", sha256(plaintext))
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn map_body(mut self, change: impl FnOnce(&mut Vec<u8>)) -> Self {
        change(&mut self.body);
        self
    }

    /// Writes `folder/KIND/NAME`.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        let folder = folder.join(self.kind);
        fs::create_dir_all(&folder)?;
        let mut head = String::new();
        for (key, value) in &self.fields {
            writeln!(head, "{key}: {value}").expect("writing to a string cannot fail");
        }
        head.push('\n');
        let path = folder.join(&self.name);
        assert!(
            !path.exists(),
            "two cases are named {}/{}",
            self.kind,
            self.name
        );
        fs::write(path, [head.as_bytes(), &self.body].concat())
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
