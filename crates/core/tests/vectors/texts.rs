//! Kinds `base64url`, `link`, `manage-link`, `padding` and `size`.

use onekey_core::base64url;
use onekey_core::padding::padded_len;
use onekey_core::size::{ChunkSize, SizeError};
use onekey_core::url::{Form, Link, ManageLink, ParseLinkError, ParseManageLinkError};

use crate::vector::{Vector, hex};

pub(crate) fn base64url(vector: &Vector) -> String {
    let (text, length) = (vector.text(), vector.number("length"));
    let any = base64url::decode_vec(text)
        .ok()
        .filter(|bytes| bytes.len() as u64 == length);
    let fixed = match length {
        16 => base64url::decode::<16>(text)
            .ok()
            .map(|bytes| bytes.to_vec()),
        32 => base64url::decode::<32>(text)
            .ok()
            .map(|bytes| bytes.to_vec()),
        _ => any.clone(),
    };
    assert_eq!(any, fixed, "{}", vector.name);
    let Some(bytes) = fixed else {
        return "refused".to_owned();
    };
    assert_eq!(hex(&bytes), vector.get("bytes"), "{}", vector.name);
    assert_eq!(base64url::encode(&bytes), text, "{}", vector.name);
    "ok".to_owned()
}

pub(crate) fn link(vector: &Vector) -> String {
    let link = match Link::parse(vector.text()) {
        Ok(link) => link,
        Err(error) => return format!("refused {}", link_word(error)),
    };
    let (form, extension, name) = match &link.form {
        Form::Private => ("private", None, None),
        Form::Direct { suffix } => ("direct", suffix.as_extension(), suffix.as_name()),
    };
    assert_eq!(form, vector.get("form"), "{}", vector.name);
    assert_eq!(extension, vector.find("extension"), "{}", vector.name);
    assert_eq!(name, vector.find("name"), "{}", vector.name);
    assert_eq!(
        link.server.to_string(),
        vector.get("server"),
        "{}",
        vector.name
    );
    assert_eq!(link.to_url(), vector.get("url"), "{}", vector.name);
    assert!(
        Link::parse(&link.to_url()).unwrap() == link,
        "{}",
        vector.name
    );
    vector.check("link-key", link.key.as_bytes());
    "ok".to_owned()
}

fn link_word(error: ParseLinkError) -> &'static str {
    match error {
        ParseLinkError::KeyMalformed => "key-malformed",
        ParseLinkError::KeyMissing => "key-missing",
        ParseLinkError::ManageLink => "manage-link",
        ParseLinkError::NotOnekey => "not-onekey",
        ParseLinkError::Server(_) => "server",
        ParseLinkError::Suffix(_) => "suffix",
        _ => "another reason",
    }
}

pub(crate) fn manage_link(vector: &Vector) -> String {
    let why = match ManageLink::parse(vector.text()) {
        Ok(link) => {
            assert_eq!(
                link.server.to_string(),
                vector.get("server"),
                "{}",
                vector.name
            );
            assert_eq!(link.to_url(), vector.get("url"), "{}", vector.name);
            vector.check("share", link.share.as_bytes());
            vector.check("owner-secret", link.secret.as_bytes());
            return "ok".to_owned();
        }
        Err(ParseManageLinkError::Link) => "link",
        Err(ParseManageLinkError::NotOnekey) => "not-onekey",
        Err(ParseManageLinkError::SecretMalformed) => "secret-malformed",
        Err(ParseManageLinkError::SecretMissing) => "secret-missing",
        Err(ParseManageLinkError::Server(_)) => "server",
        Err(ParseManageLinkError::ShareMalformed) => "share-malformed",
        Err(_) => "another reason",
    };
    format!("refused {why}")
}

pub(crate) fn padding(vector: &Vector) -> String {
    let padded = padded_len(vector.number("total"));
    assert_eq!(padded, vector.number("padded"), "{}", vector.name);
    "ok".to_owned()
}

pub(crate) fn size(vector: &Vector) -> String {
    let exponent = u8::try_from(vector.number("exponent")).unwrap();
    let size = ChunkSize::from_exponent(exponent).unwrap();
    let payload = vector.number("payload-length");
    let word = match size.plaintext_len(payload) {
        Ok(plaintext) => {
            assert_eq!(
                plaintext,
                vector.number("plaintext-length"),
                "{}",
                vector.name
            );
            assert_eq!(size.payload_len(plaintext), Ok(payload), "{}", vector.name);
            "ok"
        }
        Err(SizeError::NotAPayload) => "not-a-payload",
        Err(_) => "too-large",
    };
    word.to_owned()
}
