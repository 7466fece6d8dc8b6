//! A scanner for canonical JSON: the texts that `JSON.stringify(JSON.parse(text))` leaves alone.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::MAX_INTEGER;

/// Where and why a text is not the JSON of a manifest. Holds nothing of the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the manifest is not valid at byte {at}: {kind}")]
pub struct JsonError {
    /// Bytes before the place where reading stopped.
    pub at: usize,
    /// What is wrong there.
    pub kind: JsonErrorKind,
}

/// What is wrong with a JSON text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// A codec that this version does not know.
    #[error("unknown codec")]
    Codec,
    /// The text goes on after its end.
    #[error("text after the end")]
    End,
    /// An escape that `JSON.stringify` does not print.
    #[error("needless escape")]
    Escape,
    /// An unknown field whose name does not start with an ASCII letter.
    #[error("field name without a first letter")]
    FieldName,
    /// A field that must be there is not.
    #[error("field {0:?} is missing")]
    Missing(&'static str),
    /// A number out of range, or written otherwise than `JSON.stringify` does.
    #[error("number out of range")]
    Number,
    /// A name stands twice in one object, which ends here.
    #[error("repeated field")]
    Repeated,
    /// Another character than the ones that may stand here: white space, a value of another type,
    /// a raw control character.
    #[error("unexpected character")]
    Unexpected,
    /// The text ends too early.
    #[error("unexpected end")]
    UnexpectedEnd,
    /// The text is not UTF-8.
    #[error("not UTF-8")]
    Utf8,
}

pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(json: &'a [u8]) -> Result<Self, JsonError> {
        match str::from_utf8(json) {
            Ok(text) => Ok(Self { text, at: 0 }),
            Err(error) => Err(JsonError {
                at: error.valid_up_to(),
                kind: JsonErrorKind::Utf8,
            }),
        }
    }

    /// Reads an object. `field` reads the value of a name that it knows, or returns `false`.
    pub(super) fn object(
        &mut self,
        mut field: impl FnMut(&mut Self, &str) -> Result<bool, JsonError>,
    ) -> Result<(), JsonError> {
        self.expect(b'{')?;
        if self.take(b'}') {
            return Ok(());
        }
        let mut names = Vec::new();
        loop {
            let start = self.at;
            let name = self.raw_string()?;
            self.expect(b':')?;
            if !field(self, name)? {
                // Names like `0` or `__proto__` mean something of their own to JavaScript.
                if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
                    self.at = start;
                    return Err(self.error(JsonErrorKind::FieldName));
                }
                self.skip_value()?;
            }
            names.push(name);
            if !self.take(b',') {
                break;
            }
        }
        self.expect(b'}')?;
        // A value has one canonical spelling, so equal names are equal texts. Sorting keeps a
        // hostile million of names quick.
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(self.error(JsonErrorKind::Repeated));
        }
        Ok(())
    }

    /// Reads an array whose items `item` reads.
    pub(super) fn array<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, JsonError>,
    ) -> Result<Vec<T>, JsonError> {
        self.expect(b'[')?;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if !self.take(b',') {
                break;
            }
        }
        self.expect(b']')?;
        Ok(items)
    }

    pub(super) fn string(&mut self) -> Result<String, JsonError> {
        self.raw_string().map(unescape)
    }

    /// Reads a string and returns it with its escapes, which are canonical.
    pub(super) fn raw_string(&mut self) -> Result<&'a str, JsonError> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            match self.peek() {
                None => return Err(self.error(JsonErrorKind::UnexpectedEnd)),
                Some(b'"') => break,
                Some(b'\\') => match escape(&self.text[self.at..]) {
                    Some((_, len)) => self.at += len,
                    None => return Err(self.error(JsonErrorKind::Escape)),
                },
                Some(0..=0x1f) => return Err(self.error(JsonErrorKind::Unexpected)),
                Some(_) => self.at += 1,
            }
        }
        let raw = &self.text[start..self.at];
        self.at += 1;
        Ok(raw)
    }

    pub(super) fn boolean(&mut self) -> Result<bool, JsonError> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| true),
            _ => self.word("false").map(|()| false),
        }
    }

    /// Reads an integer of 0..=2^53-1.
    pub(super) fn natural(&mut self) -> Result<u64, JsonError> {
        let start = self.at;
        let mut value = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value * 10 + u64::from(digit - b'0');
            if value > MAX_INTEGER {
                return Err(self.error(JsonErrorKind::Number));
            }
            self.at += 1;
            if value == 0 {
                // Whatever follows a leading zero is not part of the number.
                break;
            }
        }
        if self.at == start {
            return Err(self.unexpected());
        }
        Ok(value)
    }

    /// Reads an integer of -(2^53-1)..=2^53-1.
    pub(super) fn integer(&mut self) -> Result<i64, JsonError> {
        let negative = self.take(b'-');
        let value = i64::try_from(self.natural()?).expect("2^53-1 fits");
        match (negative, value) {
            (true, 0) => Err(self.error(JsonErrorKind::Number)),
            (true, _) => Ok(-value),
            (false, _) => Ok(value),
        }
    }

    pub(super) fn end(&self) -> Result<(), JsonError> {
        if self.at == self.text.len() {
            Ok(())
        } else {
            Err(self.error(JsonErrorKind::End))
        }
    }

    pub(super) fn error(&self, kind: JsonErrorKind) -> JsonError {
        JsonError { at: self.at, kind }
    }

    /// Reads the value of an unknown field, which is never an array or an object: nothing nests.
    fn skip_value(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            Some(b'"') => self.raw_string().map(|_| ()),
            Some(b'0'..=b'9') => self.natural().map(|_| ()),
            Some(b'n') => self.word("null"),
            _ => self.boolean().map(|_| ()),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), JsonError> {
        word.bytes().try_for_each(|byte| self.expect(byte))
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn unexpected(&self) -> JsonError {
        self.error(match self.peek() {
            Some(_) => JsonErrorKind::Unexpected,
            None => JsonErrorKind::UnexpectedEnd,
        })
    }
}

fn unescape(raw: &str) -> String {
    let Some(first) = raw.find('\\') else {
        return raw.to_owned();
    };
    let mut text = String::with_capacity(raw.len());
    let (mut rest, mut next) = (raw, Some(first));
    while let Some(at) = next {
        let (char, len) = escape(&rest[at..]).expect("the scanner checked every escape");
        text.push_str(&rest[..at]);
        text.push(char);
        rest = &rest[at + len..];
        next = rest.find('\\');
    }
    text.push_str(rest);
    text
}

/// Returns the character that the canonical escape at the start of `text` stands for, and the
/// escape's length in bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    let char = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return Some((long_escape(text.get(2..6)?)?, 6)),
        _ => return None,
    };
    Some((char, 2))
}

/// Returns the control character of four hexadecimal digits: one that has no shorter escape.
fn long_escape(digits: &str) -> Option<char> {
    let &[b'0', b'0', high @ (b'0' | b'1'), low] = digits.as_bytes() else {
        return None;
    };
    let low = match low {
        b'0'..=b'9' => low - b'0',
        b'a'..=b'f' => low - b'a' + 10,
        _ => return None,
    };
    let value = (high - b'0') * 16 + low;
    let shorter = matches!(value, 0x08 | b'\t' | b'\n' | 0x0c | b'\r');
    (!shorter).then(|| char::from(value))
}
