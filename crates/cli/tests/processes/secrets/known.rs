//! Everything that sender and receiver know, by where it may be.

use std::fs;
use std::path::Path;

use onekey_core::base64url;
use onekey_core::keys::{OwnerVerifier, Verifier};
use onekey_core::password::Password;
use onekey_core::wire::LinkOpened;
use serde_json::Value;

use super::{FILES, FOLDER, LINE, NOTE, PROTECTED, TITLE, UPLOAD_SECRET, marks};
use crate::client::Share;
use crate::http::ask;
use crate::needles::Needles;
use crate::server::Server;

/// Plaintext of a chunk, and of a part of 127 chunks.
const CHUNK: usize = 64 << 10;
const PART: usize = 127 * CHUNK;

/// Length to which a small payload is padded.
const PADDED: usize = 1024;

/// What stands before a grant on the wire, and its length.
const GRANT: &str = "{\"grant\":\"";
const GRANT_LEN: usize = 43;

#[derive(Default)]
pub(super) struct Known {
    /// Never leaves the client: keys, passwords, owner secrets, and every function of the plaintext.
    pub(super) secrets: Needles,
    /// Travels to the server, which keeps at most a digest: proofs, owner tokens, grants, the upload secret.
    pub(super) credentials: Needles,
    /// The server keeps it, and never logs it: locators, share ids, verifiers.
    names: Needles,
}

impl Known {
    /// Returns all of it: what the log must not hold.
    pub(super) fn everything(&self) -> Needles {
        Needles::default()
            .and(&self.secrets)
            .and(&self.credentials)
            .and(&self.names)
    }

    /// Learns everything that a share's links tell.
    pub(super) fn share(&mut self, server: &Server, share: &Share, password: Option<&str>) {
        let (link, manage) = share.parsed();
        let password = password.map(|text| Password::new(text).unwrap().stretch(&link.key));
        let password = password.as_ref();
        let (locator, proof) = (link.key.locator(), link.key.proof(password));
        let (token, wrap_key) = (manage.secret.token(), link.key.wrap_key(password));

        let request = format!("POST /api/v1/links/{}/open", locator.to_base64url());
        let auth = format!("Onekey-Proof {}", proof.to_base64url());
        let opened = ask(server.address, &request, &auth, &Value::Null)
            .unwrap()
            .is(200);
        let opened: LinkOpened = serde_json::from_slice(&opened.body).unwrap();
        let share_key = wrap_key.unwrap(&locator, &opened.envelope).unwrap();

        self.secrets
            .bytes("link key", link.key.as_bytes())
            .digest("link key", link.key.as_bytes())
            .bytes("wrap key", wrap_key.as_bytes())
            .bytes("share key", share_key.as_bytes())
            .bytes("owner secret", manage.secret.as_bytes())
            .bytes("owner key", manage.secret.key().as_bytes());
        if let Some(password) = password {
            self.secrets.bytes("password key", password.as_bytes());
        }
        self.credentials
            .bytes("proof", proof.as_bytes())
            .bytes("owner token", token.as_bytes())
            .bytes("upload secret", UPLOAD_SECRET.as_bytes());
        self.names
            .bytes("locator", locator.as_bytes())
            .bytes("share id", manage.share.as_bytes())
            .bytes("verifier", Verifier::of(&proof).as_bytes())
            .bytes("owner verifier", OwnerVerifier::of(&token).as_bytes())
            .bytes("envelope", &opened.envelope);
    }

    /// Learns all names and contents, and their digests.
    pub(super) fn plaintext(&mut self, home: &Path) {
        for mark in marks() {
            self.secrets
                .bytes(mark, mark.as_bytes())
                .digest(mark, mark.as_bytes());
        }
        let read = |path: &Path| fs::read(path).unwrap();
        let contents: Vec<_> = FILES.map(|name| read(&home.join(FOLDER).join(name))).into();
        for (name, content) in FILES.iter().zip(&contents) {
            let path = format!("{FOLDER}/{name}");
            self.secrets
                .digest(&path, path.as_bytes())
                .digest("content", content);
        }
        let mut protected = read(&home.join(PROTECTED));
        self.secrets.digest("content", &protected);
        protected.resize(PADDED, 0);
        self.secrets.digest("padded content", &protected);
        // Payloads hold files in the order of their names.
        let plaintext = [contents[1].as_slice(), &contents[0]].concat();
        self.secrets
            .digest("both contents", &plaintext)
            .digest("the first chunk", &plaintext[..CHUNK])
            .digest("the second chunk", &plaintext[CHUNK..2 * CHUNK])
            .digest("the first part", &plaintext[..PART])
            .digest("a line", LINE.as_bytes())
            .digest("title", TITLE.as_bytes())
            .digest("note", NOTE.as_bytes());
    }

    /// Learns the grants that went by.
    pub(super) fn grants(&mut self, wire: &[Vec<u8>]) {
        let mut count = 0;
        for tape in wire {
            let mut rest = String::from_utf8_lossy(tape);
            while let Some((_, after)) = rest.split_once(GRANT) {
                let bytes: [u8; 32] = base64url::decode(&after[..GRANT_LEN]).unwrap();
                self.credentials.bytes("grant", &bytes);
                count += 1;
                rest = after.to_owned().into();
            }
        }
        assert!(count >= 3, "{count} grants");
    }
}
