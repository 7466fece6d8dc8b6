//! A sealed manifest, behind its tag: padding, JSON and rules in one.

use onekey_core::manifest::{Manifest, ManifestError, OpenManifestError};

use super::decryptor::{header, keys};
use crate::Reached;
use crate::counter::Counter;

const PLAINTEXT_LEN: u64 = 1 << 40;

pub(super) fn run(data: &[u8], reached: &mut Reached) {
    let (header, keys) = (header(), keys());
    match Manifest::open(data, &header, &keys, PLAINTEXT_LEN) {
        Ok(manifest) => {
            reached.mark("rules::check accepts");
            let rng = &mut Counter::default();
            let sealed = manifest.seal(&header, &keys, PLAINTEXT_LEN, rng);
            let sealed = sealed.expect("it keeps every rule");
            let again = Manifest::open(&sealed, &header, &keys, PLAINTEXT_LEN);
            assert_eq!(again, Ok(manifest));
        }
        Err(OpenManifestError::Rule(ManifestError::Json(_) | ManifestError::Padding(_))) => {}
        Err(OpenManifestError::Rule(_)) => reached.mark("rules::check refuses"),
        Err(_) => {}
    }
}
