//! Percent-encoding of names (RFC 3986, section 2.1).

use alloc::string::{FromUtf8Error, String};
use alloc::vec::Vec;
use core::fmt::Write;

/// Encodes all but `/` and the unreserved characters: brackets, quotes and stars would end the
/// link early in chats and in Markdown.
pub(super) fn encode(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    text
}

/// Decodes what is encoded and leaves the rest, also a `%` that encodes nothing, as browsers do.
pub(super) fn decode(text: &str) -> Result<String, FromUtf8Error> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', Some(byte)) = (first, hex_pair(tail)) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes)
}

fn hex_pair(text: &[u8]) -> Option<u8> {
    let &[high, low, ..] = text else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
