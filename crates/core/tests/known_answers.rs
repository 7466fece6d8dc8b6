//! The known answers of design.md 3: two independent programs agreed on these bytes.

#![allow(clippy::unwrap_used)]

mod common;

use common::{GivenBytes, counting};
use hex_literal::hex;
use onekey_core::cipher::{Aes256Gcm, Cipher, RustAes256Gcm, Suite};
use onekey_core::header::{ContainerKeys, Header};
use onekey_core::keys::{LinkKey, OwnerSecret, OwnerVerifier, ShareKey, Verifier};
use onekey_core::manifest::{File, Manifest};
use onekey_core::password::Password;
use onekey_core::payload::{PayloadCipher, text_range};
use onekey_core::size::ChunkSize;
use sha2::{Digest, Sha256};

const ENVELOPE_NONCE: [u8; 12] = hex!("000102030405060708090a0b");

fn link_key() -> LinkKey {
    LinkKey::from_bytes(counting(0x00))
}

fn share_key() -> ShareKey {
    ShareKey::from_bytes(counting(0x40))
}

fn owner_secret() -> OwnerSecret {
    OwnerSecret::from_bytes(counting(0x60))
}

fn header() -> Header {
    let salt: [u8; 24] = counting(0x20);
    Header::new(
        Suite::Aes256Gcm,
        ChunkSize::MIN,
        &share_key(),
        &mut GivenBytes(&salt),
    )
}

fn keys() -> ContainerKeys {
    header().keys(&share_key()).unwrap()
}

#[test]
fn link_key_text() {
    let text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    assert_eq!(link_key().to_base64url(), text);
    assert_eq!(LinkKey::from_base64url(text).unwrap(), link_key());
}

#[test]
fn link_without_password() {
    let key = link_key();
    assert_eq!(
        key.locator().as_bytes(),
        &hex!("6b761d8df9cde640a5bfb8c9cb0a9d1a")
    );
    let proof = key.proof(None);
    assert_eq!(
        proof.as_bytes(),
        &hex!("e9a53110f4334ad66890e33d644846305bde952e15572a36590462b59779b509")
    );
    assert_eq!(
        Verifier::of(&proof).as_bytes(),
        &hex!("ac4b5176559ed818ac1e7896236cf61a6cf9520f026da44c8c9136c0cf284c90")
    );
    let wrap_key = key.wrap_key(None);
    assert_eq!(
        wrap_key.as_bytes(),
        &hex!("e85b535bc7928f4fd01a5acf68f6f05046c54c54ff1263709cfbf5d3287da90e")
    );
    let envelope = wrap_key.wrap(
        &key.locator(),
        &share_key(),
        &mut GivenBytes(&ENVELOPE_NONCE),
    );
    assert_eq!(
        envelope,
        hex!(
            "000102030405060708090a0b40fd7cd36a5386616e6cfc28f04186f9bebaa9b745bbad8b48e6016f2af9"
            "8d5604f3e9ee6f9a9a077d9cc2d4120ca026"
        )
    );
    assert_eq!(
        wrap_key.unwrap(&key.locator(), &envelope).unwrap(),
        share_key()
    );
}

#[test]
fn etag() {
    assert_eq!(link_key().etag("a.txt"), "pPe_0ur8RH1i7HO4");
}

#[test]
fn link_with_password() {
    let key = link_key();
    let password = Password::new("correct horse").unwrap().stretch(&key);
    assert_eq!(
        password.as_bytes(),
        &hex!("7ca2085ec83912ebde2dde6e0385c7acf84641695bc3b02c10d1e25cf86624ee")
    );
    assert_eq!(
        key.proof(Some(&password)).as_bytes(),
        &hex!("70f734f2bcda1250e68759f0fec47dc8b8af834d4f69f044904baf12cf90486c")
    );
    assert_eq!(
        key.wrap_key(Some(&password)).as_bytes(),
        &hex!("045b54c56cd329d21d258480e70581a0d2f75333fa5d52edeebb0e3fe280c6a5")
    );
}

#[test]
fn header_and_keys() {
    assert_eq!(
        header().as_bytes(),
        &hex!(
            "896f6e656b65790a01010a0000000000202122232425262728292a2b2c2d2e2f3031323334353637"
            "30debc413971afef33f6840fd67f6fa0720df8d1bf87542300b92caf7f96df53"
        )
    );
    assert_eq!(
        keys().payload.as_bytes(),
        &hex!("527489398a072cb23a7a83167272b5cc65682ff5a3cc8ffdb3c96d46740adf11")
    );
    assert_eq!(
        keys().manifest.as_bytes(),
        &hex!("3461b30b45cb46983af5e5c5ec5712636018e03b29f6283ebed47f7dc0e24632")
    );
}

fn payload<A: Cipher>(len: usize) -> Vec<u8> {
    let cipher = PayloadCipher::<A>::new(&header(), &keys()).unwrap();
    let plaintext: Vec<u8> = (0..len).map(|x| (7 * x % 256) as u8).collect();
    let mut payload = Vec::new();
    // One chunk more than full ones: the last, which may be empty.
    for index in 0..=len / 1024 {
        let text = &plaintext[index * 1024..len.min((index + 1) * 1024)];
        let mut chunk = vec![0; text.len() + 28];
        chunk[text_range(text.len() + 28)].copy_from_slice(text);
        let nonce = [(index as u64).to_be_bytes().as_slice(), b"nnce"].concat();
        cipher
            .encrypt_chunk(index as u64, &mut GivenBytes(&nonce), &mut chunk)
            .unwrap();
        payload.extend(chunk);
    }
    payload
}

#[test]
fn payloads() {
    for (len, payload_len, sha256) in [
        (0, 28, "eff93e1c"),
        (1023, 1051, "978e8524"),
        (1024, 1080, "8d366713"),
        (
            2500,
            2584,
            "c9d31b2c56cf4cffbd60f956ad68c3fdc568230c5b9af304f98d59bf588eee65",
        ),
    ] {
        for payload in [payload::<Aes256Gcm>(len), payload::<RustAes256Gcm>(len)] {
            assert_eq!(payload.len(), payload_len);
            let digest: [u8; 32] = Sha256::digest(&payload).into();
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(digest.starts_with(sha256), "payload of {len} bytes");
        }
    }
}

#[test]
fn owner() {
    let token = owner_secret().token();
    assert_eq!(
        token.as_bytes(),
        &hex!("57d2d61a1a9bef376b738a18abdd88425ce51afb97be9da03b2755131aa4ccbf")
    );
    assert_eq!(
        OwnerVerifier::of(&token).as_bytes(),
        &hex!("e871e8ec388a2e1201b8c7c9371aa7bd0e99edfb218d1e597244e5165cecb0ef")
    );
    let key = owner_secret().key();
    assert_eq!(
        key.as_bytes(),
        &hex!("7f5e28a70e1ac459a95819e57b34e0e158e73c087a6906905ee566323c7f86d3")
    );
    let envelope = key.wrap(&header(), &share_key(), &mut GivenBytes(&ENVELOPE_NONCE));
    assert_eq!(
        envelope,
        hex!(
            "000102030405060708090a0b3af9d7475ea976397360ef27ac8d5c6a78eb815605985090abb20ea38d35"
            "fc76628187de5f1373773232f47bce81fbb6"
        )
    );
    assert_eq!(key.unwrap(&header(), &envelope).unwrap(), share_key());
    let locator = link_key().locator();
    let label = key
        .seal_label(&locator, "for Bob", &mut GivenBytes(&ENVELOPE_NONCE))
        .unwrap();
    assert_eq!(
        label,
        hex!("000102030405060708090a0b1cd7e724588352ebfbcaff472411b5675bb0ae04f06693")
    );
    assert_eq!(key.open_label(&locator, &label).unwrap(), "for Bob");
}

#[test]
fn manifest() {
    let mut manifest = Manifest {
        note: Some("\u{e9}".into()),
        ..Manifest::default()
    };
    manifest.files.push(File {
        path: "a.txt".into(),
        media_type: "text/plain".into(),
        size: 3,
        stored: 3,
        ..File::default()
    });
    let nonce = &mut GivenBytes(&ENVELOPE_NONCE);
    let sealed = manifest.seal(&header(), &keys(), 3, nonce).unwrap();
    assert_eq!(sealed.len(), 4124);
    assert_eq!(
        <[u8; 32]>::from(Sha256::digest(&sealed)),
        hex!("376205a0b94e82e8368691976baa88460aa90c890965afd0ef41bd08de56e24e")
    );
    assert_eq!(
        Manifest::open(&sealed, &header(), &keys(), 3).unwrap(),
        manifest
    );
}
