//! The worked example of docs/format.md is what the code makes.

#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;

use common::{GivenBytes, counting};
use onekey_core::cipher::{Aes256Gcm, Suite};
use onekey_core::header::Header;
use onekey_core::keys::{LinkKey, OwnerSecret, OwnerVerifier, ShareKey, Verifier};
use onekey_core::manifest::Manifest;
use onekey_core::payload::{Encryptor, text_range};
use onekey_core::size::ChunkSize;
use sha2::{Digest, Sha256};

const NONCE: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Name and value of every line of the example, in the document's order.
fn example() -> Vec<(&'static str, String)> {
    let link = LinkKey::from_bytes(counting(0x00));
    let share = ShareKey::from_bytes(counting(0x40));
    let owner = OwnerSecret::from_bytes(counting(0x60));
    let salt: [u8; 24] = counting(0x20);
    let header = Header::new(
        Suite::Aes256Gcm,
        ChunkSize::MIN,
        &share,
        &mut GivenBytes(&salt),
    );
    let keys = header.keys(&share).unwrap();
    let (proof, wrap_key) = (link.proof(None), link.wrap_key(None));
    let envelope = wrap_key.wrap(&link.locator(), &share, &mut GivenBytes(&NONCE));
    let owner_envelope = owner.key().wrap(&header, &share, &mut GivenBytes(&NONCE));
    let label = owner
        .key()
        .seal_label(&link.locator(), "for Bob", &mut GivenBytes(&NONCE))
        .unwrap();

    let mut chunk = vec![0; 12 + 3 + 16];
    chunk[text_range(31)].copy_from_slice(b"abc");
    let nonce = [&0_u64.to_be_bytes()[..], b"nnce"].concat();
    let encryptor = Encryptor::<Aes256Gcm>::new(&header, &keys).unwrap();
    encryptor
        .encrypt_last(&mut GivenBytes(&nonce), &mut chunk)
        .unwrap();

    let json = r#"{"files":[{"path":"a.txt","type":"text/plain","size":3,"offset":0,"stored":3}],"note":"é"}"#;
    let manifest = Manifest::from_json(json.as_bytes()).unwrap();
    let sealed = manifest
        .seal(&header, &keys, 3, &mut GivenBytes(&NONCE))
        .unwrap();

    vec![
        ("K", hex(link.as_bytes())),
        ("K in URLs", link.to_base64url()),
        ("S", hex(share.as_bytes())),
        ("O", hex(owner.as_bytes())),
        ("locator", hex(link.locator().as_bytes())),
        ("proof", hex(proof.as_bytes())),
        ("verifier", hex(Verifier::of(&proof).as_bytes())),
        ("wrap_key", hex(wrap_key.as_bytes())),
        ("envelope", hex(&envelope)),
        ("owner_token", hex(owner.token().as_bytes())),
        (
            "owner_verifier",
            hex(OwnerVerifier::of(&owner.token()).as_bytes()),
        ),
        ("owner_key", hex(owner.key().as_bytes())),
        ("owner_envelope", hex(&owner_envelope)),
        ("sealed label", hex(&label)),
        ("header", hex(header.as_bytes())),
        ("payload_key", hex(keys.payload.as_bytes())),
        ("manifest_key", hex(keys.manifest.as_bytes())),
        ("payload", hex(&chunk)),
        ("manifest JSON", json.to_owned()),
        ("sealed manifest, first 32 bytes", hex(&sealed[..32])),
        ("sealed manifest, SHA-256", hex(&Sha256::digest(&sealed))),
        ("ETag of a.txt", link.etag("a.txt")),
    ]
}

#[test]
fn the_worked_example_is_what_the_code_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/format.md");
    let document = fs::read_to_string(path).unwrap();
    let squeeze = |text: &str| text.split_whitespace().collect::<String>();
    let (_, section) = document.split_once("## 11. Worked example").unwrap();
    let section = squeeze(section.split("\n## ").next().unwrap());
    let mut rest = section.as_str();
    for (name, value) in example() {
        let line = squeeze(&format!("{name} = {value}"));
        let at = rest
            .find(&line)
            .unwrap_or_else(|| panic!("the document lacks\n{name} = {value}"));
        rest = &rest[at + line.len()..];
    }
}
