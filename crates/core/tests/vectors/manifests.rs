//! Kinds `manifest-json` and `manifest`.

use onekey_core::header::Header;
use onekey_core::keys::ShareKey;
use onekey_core::manifest::Manifest;

use crate::vector::Vector;
use crate::words;

pub(crate) fn json(vector: &Vector) -> String {
    let mut padded = vector.body.clone();
    let len = usize::try_from(vector.number("pad-to")).unwrap();
    assert!(padded.len() <= len, "{}", vector.name);
    padded.resize(len, b' ');
    let plaintext_len = vector.number("plaintext-length");
    match Manifest::parse(&padded, plaintext_len) {
        Ok(manifest) => {
            assert_eq!(
                manifest.files.len() as u64,
                vector.number("files"),
                "{}",
                vector.name
            );
            vector.check_text("known", &manifest.to_json());
            let again = Manifest::parse(&manifest.print(plaintext_len).unwrap(), plaintext_len);
            assert!(again.unwrap() == manifest, "{}", vector.name);
            "ok".to_owned()
        }
        Err(error) => words::manifest(error),
    }
}

pub(crate) fn sealed(vector: &Vector) -> String {
    let share = ShareKey::from_bytes(vector.bytes("share-key"));
    let header = Header::parse(&vector.bytes::<72>("header")).unwrap();
    let Ok(keys) = header.keys(&share) else {
        return "wrong-key".to_owned();
    };
    match Manifest::open(
        &vector.body,
        &header,
        &keys,
        vector.number("plaintext-length"),
    ) {
        Ok(manifest) => {
            vector.check_text("known", &manifest.to_json());
            "ok".to_owned()
        }
        Err(error) => words::open_manifest(error),
    }
}
