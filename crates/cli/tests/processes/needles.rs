//! The search for secrets: what must not be somewhere, in each form that it could have.

use std::collections::HashSet;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

/// Shortest form that is searched for: shorter ones are found by chance.
const SHORTEST: usize = 8;

/// Things to look for, each with a name and several forms.
#[derive(Default)]
pub(crate) struct Needles {
    forms: Vec<(String, Vec<u8>)>,
}

impl Needles {
    /// Looks for bytes as they are, in hexadecimal, and in both kinds of base64.
    pub(crate) fn bytes(&mut self, name: &str, bytes: &[u8]) -> &mut Self {
        self.text(name, bytes);
        self.form(
            name,
            "base64url",
            Base64UrlUnpadded::encode_string(bytes).as_bytes(),
        );
        // Without its padding, which a writer may leave out.
        let base64 = Base64::encode_string(bytes);
        self.form(name, "base64", base64.trim_end_matches('=').as_bytes());
        self
    }

    /// Looks for words as they are and in hexadecimal.
    pub(crate) fn text(&mut self, name: &str, text: &[u8]) -> &mut Self {
        self.form(name, "raw", text);
        let hex: String = text.iter().map(|byte| format!("{byte:02x}")).collect();
        self.form(name, "HEX", hex.to_ascii_uppercase().as_bytes());
        self.form(name, "hex", hex.as_bytes());
        self
    }

    /// Looks for the digest of something.
    pub(crate) fn digest(&mut self, name: &str, of: &[u8]) -> &mut Self {
        self.bytes(&format!("SHA-256 of {name}"), &Sha256::digest(of))
    }

    /// Looks for all that others look for.
    pub(crate) fn and(mut self, others: &Self) -> Self {
        self.forms.extend(others.forms.iter().cloned());
        self
    }

    fn form(&mut self, name: &str, form: &str, bytes: &[u8]) {
        assert!(
            bytes.len() >= SHORTEST,
            "{name} is too short to be searched for"
        );
        self.forms
            .push((format!("{name} ({form})"), bytes.to_vec()));
    }

    /// Returns the names of what `hay` holds, with their forms, in order.
    pub(crate) fn found_in(&self, hay: &[u8]) -> Vec<&str> {
        // One pass over many megabytes: the first two bytes rule nearly every place out.
        let mut begins = vec![false; 1 << 16];
        for (_, form) in &self.forms {
            begins[usize::from(u16::from_be_bytes([form[0], form[1]]))] = true;
        }
        let mut found = HashSet::new();
        let mut two = 0_u16;
        for (place, byte) in hay.iter().enumerate() {
            two = two << 8 | u16::from(*byte);
            if begins[usize::from(two)] && place > 0 {
                let rest = &hay[place - 1..];
                let here = self.forms.iter().filter(|(_, form)| rest.starts_with(form));
                found.extend(here.map(|(name, _)| name.as_str()));
            }
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_unstable();
        found
    }

    /// Asserts that nothing of it is in `hay`.
    #[track_caller]
    pub(crate) fn are_not_in(&self, place: &str, hay: &[u8]) {
        let found = self.found_in(hay);
        assert!(found.is_empty(), "{place} holds {found:?}");
    }
}

#[test]
fn the_search_finds_every_form_at_every_place() {
    let secret: Vec<u8> = (100..132).collect();
    let mut needles = Needles::default();
    needles.bytes("secret", &secret);
    assert_eq!(needles.forms.len(), 5);
    for (name, form) in &needles.forms {
        for (before, after) in [(0, 0), (1, 0), (0, 1), (70_001, 3)] {
            let hay = [&vec![b'x'; before], form.as_slice(), &vec![b'y'; after]].concat();
            assert!(needles.found_in(&hay).contains(&name.as_str()), "{name}");
            let cut = &hay[..before + form.len() - 1];
            assert!(!needles.found_in(cut).contains(&name.as_str()), "{name}");
        }
    }
    assert_eq!(needles.found_in(b""), Vec::<&str>::new());
}
