//! Kinds `envelope`, `owner-envelope`, `label` and `password`.

use onekey_core::header::Header;
use onekey_core::keys::{LinkKey, Locator, OwnerSecret, OwnerVerifier, Verifier};
use onekey_core::link::Envelope;
use onekey_core::password::{Password, PasswordError};

use crate::vector::Vector;

pub(crate) fn envelope(vector: &Vector) -> String {
    let key = LinkKey::from_bytes(vector.bytes("link-key"));
    let password = vector
        .find("password")
        .map(|text| Password::new(text).unwrap().stretch(&key));
    let (proof, wrap_key) = (
        key.proof(password.as_ref()),
        key.wrap_key(password.as_ref()),
    );
    vector.check("locator", key.locator().as_bytes());
    vector.check("proof", proof.as_bytes());
    vector.check("verifier", Verifier::of(&proof).as_bytes());
    vector.check("wrap-key", wrap_key.as_bytes());
    if let Some(path) = vector.find("etag-path") {
        vector.check_text("etag", &key.etag(path));
    }
    let Ok(envelope) = Envelope::try_from(vector.body.as_slice()) else {
        return "length".to_owned();
    };
    match wrap_key.unwrap(&key.locator(), &envelope) {
        Ok(share) => {
            vector.check("share-key", share.as_bytes());
            "ok".to_owned()
        }
        Err(_) => "rejected".to_owned(),
    }
}

pub(crate) fn owner_envelope(vector: &Vector) -> String {
    let secret = OwnerSecret::from_bytes(vector.bytes("owner-secret"));
    let header = Header::parse(&vector.bytes::<72>("header")).unwrap();
    vector.check("owner-token", secret.token().as_bytes());
    vector.check(
        "owner-verifier",
        OwnerVerifier::of(&secret.token()).as_bytes(),
    );
    vector.check("owner-key", secret.key().as_bytes());
    let envelope = Envelope::try_from(vector.body.as_slice()).unwrap();
    match secret.key().unwrap(&header, &envelope) {
        Ok(share) => {
            vector.check("share-key", share.as_bytes());
            "ok".to_owned()
        }
        Err(_) => "rejected".to_owned(),
    }
}

pub(crate) fn label(vector: &Vector) -> String {
    let secret = OwnerSecret::from_bytes(vector.bytes("owner-secret"));
    let locator = Locator::from_bytes(vector.bytes("locator"));
    match secret.key().open_label(&locator, &vector.body) {
        Ok(label) => {
            assert_eq!(label, vector.get("label"), "{}", vector.name);
            "ok".to_owned()
        }
        Err(_) => "rejected".to_owned(),
    }
}

pub(crate) fn password(vector: &Vector) -> String {
    let link = LinkKey::from_bytes(vector.bytes("link-key"));
    let password = match vector.get("source") {
        "typed" => Password::new(vector.text()),
        _ => Password::from_file(&vector.body),
    };
    let why = match password {
        Ok(password) => {
            vector.check("password-key", password.stretch(&link).as_bytes());
            return "ok".to_owned();
        }
        Err(PasswordError::Empty) => "empty",
        Err(PasswordError::NotUnicode) => "not-unicode",
        Err(PasswordError::TooLong) => "too-long",
        Err(_) => "another reason",
    };
    format!("refused {why}")
}
