//! No secret shows in `Debug`, whoever prints it.

#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Debug;

use common::{GivenBytes, counting};
use onekey_core::base64url;
use onekey_core::cipher::{Aes256Gcm, Suite};
use onekey_core::header::Header;
use onekey_core::keys::{
    Grant, LinkKey, Locator, ManifestKey, OwnerKey, OwnerSecret, OwnerToken, OwnerVerifier,
    PasswordKey, PayloadKey, Proof, ShareId, ShareKey, Verifier, WrapKey,
};
use onekey_core::password::Password;
use onekey_core::payload::{Decryptor, Encryptor, PayloadCipher};
use onekey_core::size::ChunkSize;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every window of four bytes, in each way that a program might print it.
fn traces(bytes: &[u8]) -> impl Iterator<Item = String> {
    let text = base64url::encode(bytes);
    let texts: Vec<String> = (0..text.len() - 5)
        .map(|at| text[at..at + 6].to_owned())
        .collect();
    let windows = bytes.windows(4).flat_map(|window| {
        let list = format!("{window:?}");
        let list = list.trim_matches(['[', ']']);
        let (hex, ascii) = (hex(window), window.escape_ascii().to_string());
        [
            list.to_owned(),
            list.replace(", ", ","),
            hex.to_uppercase(),
            hex,
            ascii,
        ]
    });
    windows.collect::<Vec<_>>().into_iter().chain(texts)
}

#[track_caller]
fn hides(value: &dyn Debug, secret: &[u8]) {
    for printed in [
        format!("{value:?}"),
        format!("{value:#?}"),
        format!("{value:02x?}"),
    ] {
        for trace in traces(secret) {
            assert!(!printed.contains(&trace), "{printed} shows {trace:?}");
        }
    }
}

#[test]
fn the_traces_find_a_secret_that_is_printed() {
    let bytes: [u8; 32] = counting(0xa0);
    let found = |printed: &str| traces(&bytes).any(|trace| printed.contains(&trace));
    assert!(found(&format!("{bytes:?}")));
    assert!(found(&hex(&bytes)));
    assert!(found(&base64url::encode(&bytes)));
    assert!(!found("LinkKey(..)"));
}

#[test]
fn keys_and_names() {
    macro_rules! all {
        ($len:literal: $($name:ident),*) => {$(
            let bytes: [u8; $len] = counting(0xa0);
            let value = $name::from_bytes(bytes);
            hides(&value, &bytes);
            hides(&Some(vec![value.clone()]), &bytes);
            assert_eq!(format!("{value:?}"), concat!(stringify!($name), "(..)"));
        )*};
    }
    all!(32: Grant, LinkKey, ManifestKey, OwnerKey, OwnerSecret, OwnerToken, PasswordKey, PayloadKey,
        Proof, ShareKey, WrapKey, Verifier, OwnerVerifier);
    all!(16: Locator, ShareId);
}

#[test]
fn a_password() {
    let password = Password::new("correct horse battery staple").unwrap();
    hides(&password, b"correct horse battery staple");
}

#[test]
fn containers_and_ciphers() {
    let share = ShareKey::from_bytes(counting(0xa0));
    let salt: [u8; 24] = counting(0x20);
    let header = Header::new(
        Suite::Aes256Gcm,
        ChunkSize::MIN,
        &share,
        &mut GivenBytes(&salt),
    );
    let keys = header.keys(&share).unwrap();
    let values: [&dyn Debug; 5] = [
        &header,
        &keys,
        &PayloadCipher::<Aes256Gcm>::new(&header, &keys).unwrap(),
        &Encryptor::<Aes256Gcm>::new(&header, &keys).unwrap(),
        &Decryptor::<Aes256Gcm>::new(&header, &keys).unwrap(),
    ];
    for value in values {
        hides(value, share.as_bytes());
        hides(value, keys.payload.as_bytes());
        hides(value, keys.manifest.as_bytes());
    }
}

#[cfg(feature = "std")]
#[test]
fn streams() {
    use std::io::{Read, Write};

    use onekey_core::io::{DecryptReader, encrypt_writer};

    let share = ShareKey::from_bytes(counting(0xa0));
    let text: [u8; 32] = counting(0xc0);
    let size = ChunkSize::MIN;
    let mut writer =
        encrypt_writer(&share, Suite::Aes256Gcm, size, Vec::new(), rand::rng()).unwrap();
    writer.write_all(&text).unwrap();
    hides(&writer, &text);
    hides(&writer, share.as_bytes());
    let sealed = writer.finish().unwrap();
    let mut reader = DecryptReader::new(&share, &sealed[..]).unwrap();
    reader.read_exact(&mut [0; 8]).unwrap();
    hides(&reader, &text);
    hides(&reader, share.as_bytes());
}
