//! Base64url: one text for each value (T29's cousin for keys).

#![allow(clippy::unwrap_used)]

use onekey_core::base64url::{self, DecodeError};
use onekey_core::keys::{LinkKey, Locator};
use proptest::prelude::*;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Every last character with which `text`, a value of `N` bytes, decodes.
fn accepted_last<const N: usize>(text: &str) -> Vec<u8> {
    (0..=127_u8)
        .filter(|&last| {
            let mut text = text[..text.len() - 1].to_owned();
            text.push(char::from(last));
            base64url::decode::<N>(&text).is_ok()
        })
        .collect()
}

proptest! {
    #[test]
    fn every_value_has_its_text(bytes in any::<[u8; 32]>()) {
        let text = base64url::encode(&bytes);
        prop_assert_eq!(text.len(), 43);
        prop_assert_eq!(base64url::decode::<32>(&text), Ok(bytes));
        prop_assert_eq!(base64url::decode_vec(&text), Ok(bytes.to_vec()));
        let key = LinkKey::from_base64url(&text).unwrap();
        prop_assert_eq!(key.as_bytes(), &bytes);
    }

    #[test]
    fn a_text_that_decodes_is_the_one_that_is_printed(text in "[A-Za-z0-9_=+/ -]{0,24}") {
        if let Ok(bytes) = base64url::decode_vec(&text) {
            prop_assert_eq!(base64url::encode(&bytes), text.clone());
        }
        if let Ok(locator) = Locator::from_base64url(&text) {
            prop_assert_eq!(locator.to_base64url(), text);
        }
    }
}

#[test]
fn every_last_character_with_spare_bits_is_refused() {
    // 32 bytes leave two spare bits in the last character, 16 bytes leave four.
    let every_4th: Vec<u8> = ALPHABET.iter().copied().step_by(4).collect();
    let every_16th: Vec<u8> = ALPHABET.iter().copied().step_by(16).collect();
    for first in [0, 0x7f, 0xff] {
        let mut accepted = accepted_last::<32>(&base64url::encode(&[first; 32]));
        accepted.sort_by_key(|last| ALPHABET.iter().position(|a| a == last));
        assert_eq!(accepted, every_4th);
        let mut accepted = accepted_last::<16>(&base64url::encode(&[first; 16]));
        accepted.sort_by_key(|last| ALPHABET.iter().position(|a| a == last));
        assert_eq!(accepted, every_16th);
    }
}

#[test]
fn refusals_say_why() {
    let text = base64url::encode(&[0; 32]);
    let length = |found| {
        Err(DecodeError::Length {
            expected: 43,
            found,
        })
    };
    assert_eq!(base64url::decode::<32>(&text[..42]), length(42));
    assert_eq!(base64url::decode::<32>(&format!("{text}=")), length(44));
    assert_eq!(base64url::decode::<32>(&format!("{text}\n")), length(44));
    for character in ['+', '/', '=', ' ', '.', '%', '\0'] {
        let text = format!("{character}{}", &text[1..]);
        let result = base64url::decode::<32>(&text);
        assert_eq!(result, Err(DecodeError::NotCanonical), "{character:?}");
    }
    assert_eq!(base64url::decode_vec("A"), Err(DecodeError::NotCanonical));
    assert_eq!(base64url::decode_vec(""), Ok(vec![]));
}
