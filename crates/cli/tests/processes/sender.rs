//! An upload part by part: what tests need to stop in the middle of one, with the same bytes before and after.

use std::io;
use std::net::SocketAddr;

use base64ct::{Base64, Encoding};
use onekey_core::base64url;
use onekey_core::cipher::{Aes256Gcm, Suite};
use onekey_core::header::Header;
use onekey_core::keys::{LinkKey, OwnerSecret, OwnerVerifier, ShareKey, Verifier};
use onekey_core::manifest::{File, Manifest};
use onekey_core::payload::{PayloadCipher, text_range};
use onekey_core::size::ChunkSize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::files::noise;
use crate::http::{Answer, Connection, ask, head};

/// Bytes of a part: 16 encrypted chunks.
pub(crate) const PART: usize = 16 * (1024 + 28);

/// One upload on the sender's side.
pub(crate) struct Sender {
    pub(crate) id: String,
    pub(crate) payload: Vec<u8>,
    link: LinkKey,
    owner: OwnerSecret,
    create: Value,
    complete: Value,
}

impl Sender {
    /// Encrypts `length` bytes and prepares every body; each is the same however often it is sent.
    pub(crate) fn new(seed: u64, length: usize) -> Self {
        let rng = &mut rand::rng();
        let (share, link) = (ShareKey::generate(rng), LinkKey::generate(rng));
        let owner = OwnerSecret::generate(rng);
        let header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, rng);
        let keys = header.keys(&share).unwrap();
        let cipher = PayloadCipher::<Aes256Gcm>::new(&header, &keys).unwrap();
        let text = noise(seed, length);
        let mut payload = Vec::new();
        for index in 0..=length / 1024 {
            let text = &text[index * 1024..length.min((index + 1) * 1024)];
            let mut chunk = vec![0; text.len() + 28];
            chunk[text_range(text.len() + 28)].copy_from_slice(text);
            cipher.encrypt_chunk(index as u64, rng, &mut chunk).unwrap();
            payload.extend(chunk);
        }
        let file = File {
            path: "a.bin".into(),
            media_type: "application/octet-stream".into(),
            size: length as u64,
            stored: length as u64,
            ..File::default()
        };
        let manifest = Manifest {
            files: vec![file],
            ..Manifest::default()
        };
        let sealed = manifest.seal(&header, &keys, length as u64, rng).unwrap();
        let envelope = link.wrap_key(None).wrap(&link.locator(), &share, rng);
        Self {
            create: json!({
                "header": base64url::encode(header.as_bytes()),
                "part_size": PART,
                "size": payload.len(),
                "owner_verifier": OwnerVerifier::of(&owner.token()).to_base64url(),
                "owner_envelope": null,
            }),
            complete: json!({
                "size": payload.len(),
                "manifest": base64url::encode(&sealed),
                "link": {
                    "locator": link.locator().to_base64url(),
                    "verifier": Verifier::of(&link.proof(None)).to_base64url(),
                    "envelope": base64url::encode(&envelope),
                    "password": false,
                    "direct": false,
                    "max_downloads": null,
                    "expires_in": 3600,
                    "label": null,
                },
            }),
            id: String::new(),
            payload,
            link,
            owner,
        }
    }

    pub(crate) fn owner_auth(&self) -> String {
        format!("Onekey-Owner {}", self.owner.token().to_base64url())
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = (u32, &[u8])> {
        (0..).zip(self.payload.chunks(PART))
    }

    pub(crate) fn create(&mut self, server: SocketAddr) -> io::Result<()> {
        let created = ask(server, "POST /api/v1/uploads", "", &self.create)?.is(201);
        self.id = created.json()["id"].as_str().unwrap().to_owned();
        Ok(())
    }

    /// Returns the head of the request that puts a part; `fields` are added.
    pub(crate) fn part_head(&self, number: u32, bytes: &[u8], fields: &str) -> String {
        let digest = Base64::encode_string(&Sha256::digest(bytes));
        let fields = format!(
            "content-length: {}\r\ncontent-digest: sha-256=:{digest}:\r\n{fields}",
            bytes.len()
        );
        let request = format!("PUT /api/v1/uploads/{}/parts/{number}", self.id);
        head(&request, &self.owner_auth(), &fields)
    }

    pub(crate) fn put_part(
        &self,
        connection: &mut Connection,
        number: u32,
        bytes: &[u8],
    ) -> io::Result<Answer> {
        connection.send(self.part_head(number, bytes, ""))?;
        connection.send(bytes)?;
        connection.answer()
    }

    /// Returns the numbers of the parts that the server says it has.
    pub(crate) fn received(&self, server: SocketAddr) -> Vec<u32> {
        let request = format!("GET /api/v1/uploads/{}", self.id);
        let status = ask(server, &request, &self.owner_auth(), &Value::Null);
        let status = status.unwrap().is(200).json();
        let runs = status["received"].as_array().unwrap().iter();
        let end = |run: &Value, end: usize| u32::try_from(run[end].as_u64().unwrap()).unwrap();
        runs.flat_map(|run| end(run, 0)..=end(run, 1)).collect()
    }

    pub(crate) fn complete(&self, server: SocketAddr) -> io::Result<Answer> {
        let request = format!("POST /api/v1/uploads/{}/complete", self.id);
        ask(server, &request, &self.owner_auth(), &self.complete)
    }

    /// Tells whether the share is live.
    pub(crate) fn is_live(&self, server: SocketAddr) -> bool {
        let request = format!("GET /api/v1/shares/{}", self.id);
        let answer = ask(server, &request, &self.owner_auth(), &Value::Null).unwrap();
        assert!(matches!(answer.status, 200 | 404), "{answer:?}");
        answer.status == 200
    }

    /// Downloads the payload.
    pub(crate) fn download(&self, server: SocketAddr) -> Vec<u8> {
        let proof = format!("Onekey-Proof {}", self.link.proof(None).to_base64url());
        let request = format!(
            "POST /api/v1/links/{}/grants",
            self.link.locator().to_base64url()
        );
        let granted = ask(server, &request, &proof, &Value::Null).unwrap().is(201);
        let grant = format!("Onekey-Grant {}", granted.json()["grant"].as_str().unwrap());
        ask(server, "GET /api/v1/payload", &grant, &Value::Null)
            .unwrap()
            .is(200)
            .body
    }

    pub(crate) fn delete(&self, server: SocketAddr) -> io::Result<Answer> {
        let request = format!("DELETE /api/v1/shares/{}", self.id);
        ask(server, &request, &self.owner_auth(), &Value::Null)
    }
}
