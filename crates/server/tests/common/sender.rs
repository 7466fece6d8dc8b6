//! A sender: keys, a payload in parts, and the bodies that go with them.

use base64ct::{Base64, Encoding};
use onekey_core::base64url;
use onekey_core::cipher::{Aes256Gcm, Suite};
use onekey_core::header::{ContainerKeys, Header};
use onekey_core::keys::{LinkKey, OwnerSecret, OwnerVerifier, PasswordKey, ShareKey, Verifier};
use onekey_core::manifest::{File, Manifest};
use onekey_core::payload::{PayloadCipher, text_range};
use onekey_core::size::ChunkSize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Answer, Api};
use axum::body::Body;
use axum::http::Request;

/// Bytes of plaintext that a part carries: small, so that tests have several.
pub(crate) const PART_TEXT: usize = 4096;

/// Length of a full part: four encrypted chunks.
pub(crate) const PART_SIZE: u64 = 4 * (1024 + 28);

/// One upload on the sender's side.
pub(crate) struct Sender {
    pub(crate) share: ShareKey,
    pub(crate) link: LinkKey,
    pub(crate) owner: OwnerSecret,
    pub(crate) header: Header,
    pub(crate) keys: ContainerKeys,
    pub(crate) plaintext: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) id: String,
}

impl Sender {
    /// Encrypts `len` bytes.
    pub(crate) fn new(len: usize) -> Self {
        let rng = &mut rand::rng();
        let share = ShareKey::generate(rng);
        let header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, rng);
        let keys = header.keys(&share).unwrap();
        let plaintext: Vec<u8> = (0..len).map(|x| (x % 251) as u8).collect();
        let cipher = PayloadCipher::<Aes256Gcm>::new(&header, &keys).unwrap();
        let mut payload = Vec::new();
        for index in 0..=len / 1024 {
            let text = &plaintext[index * 1024..len.min((index + 1) * 1024)];
            let mut chunk = vec![0; text.len() + 28];
            chunk[text_range(text.len() + 28)].copy_from_slice(text);
            cipher.encrypt_chunk(index as u64, rng, &mut chunk).unwrap();
            payload.extend(chunk);
        }
        let (link, owner) = (LinkKey::generate(rng), OwnerSecret::generate(rng));
        Self {
            share,
            link,
            owner,
            header,
            keys,
            plaintext,
            payload,
            id: String::new(),
        }
    }

    /// Returns the same share with another link key.
    pub(crate) fn with_another_link(&self) -> Self {
        Self {
            share: self.share.clone(),
            link: LinkKey::generate(&mut rand::rng()),
            owner: self.owner.clone(),
            header: self.header,
            keys: self.header.keys(&self.share).unwrap(),
            plaintext: self.plaintext.clone(),
            payload: self.payload.clone(),
            id: self.id.clone(),
        }
    }

    pub(crate) fn size(&self) -> u64 {
        self.payload.len() as u64
    }

    pub(crate) fn owner_auth(&self) -> String {
        format!("Onekey-Owner {}", self.owner.token().to_base64url())
    }

    pub(crate) fn proof_auth(&self) -> String {
        self.proof_auth_with(None)
    }

    pub(crate) fn proof_auth_with(&self, password: Option<&PasswordKey>) -> String {
        format!("Onekey-Proof {}", self.link.proof(password).to_base64url())
    }

    pub(crate) fn locator(&self) -> String {
        self.link.locator().to_base64url()
    }

    pub(crate) fn create_body(&self) -> Value {
        let envelope = self
            .owner
            .key()
            .wrap(&self.header, &self.share, &mut rand::rng());
        json!({
            "header": base64url::encode(self.header.as_bytes()),
            "part_size": PART_SIZE,
            "size": self.size(),
            "owner_verifier": OwnerVerifier::of(&self.owner.token()).to_base64url(),
            "owner_envelope": base64url::encode(&envelope),
        })
    }

    pub(crate) fn link_body(&self) -> Value {
        self.link_body_with(None)
    }

    pub(crate) fn link_body_with(&self, password: Option<&PasswordKey>) -> Value {
        let locator = self.link.locator();
        let envelope = self
            .link
            .wrap_key(password)
            .wrap(&locator, &self.share, &mut rand::rng());
        json!({
            "locator": locator.to_base64url(),
            "verifier": Verifier::of(&self.link.proof(password)).to_base64url(),
            "envelope": base64url::encode(&envelope),
            "password": password.is_some(),
            "direct": false,
            "max_downloads": null,
            "expires_in": 3600,
            "label": null,
        })
    }

    pub(crate) fn complete_body(&self) -> Value {
        let len = self.plaintext.len() as u64;
        let file = File {
            path: "a.bin".into(),
            media_type: "application/octet-stream".into(),
            size: len,
            stored: len,
            ..File::default()
        };
        let manifest = Manifest {
            files: vec![file],
            ..Manifest::default()
        };
        let sealed = manifest
            .seal(&self.header, &self.keys, len, &mut rand::rng())
            .unwrap();
        json!({
            "size": self.size(),
            "manifest": base64url::encode(&sealed),
            "link": self.link_body(),
        })
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.payload.chunks(PART_SIZE as usize).enumerate()
    }

    pub(crate) async fn create(&mut self, api: &Api) -> &mut Self {
        let answer = api
            .call("POST", "/api/v1/uploads", "", self.create_body())
            .await;
        self.id = answer.ok()["id"].as_str().unwrap().to_owned();
        self
    }

    /// Returns the request that puts `bytes` as part `number`.
    pub(crate) fn part_request(&self, number: usize, bytes: &[u8]) -> Request<Body> {
        Request::put(format!("/api/v1/uploads/{}/parts/{number}", self.id))
            .header("authorization", self.owner_auth())
            .header("content-length", bytes.len())
            .header("content-digest", content_digest(bytes))
            .body(Body::from(bytes.to_vec()))
            .unwrap()
    }

    pub(crate) async fn put_part(&self, api: &Api, number: usize, bytes: &[u8]) -> Answer {
        api.send(self.part_request(number, bytes)).await
    }

    pub(crate) async fn put_parts(&mut self, api: &Api) -> &mut Self {
        for (number, bytes) in self.parts() {
            self.put_part(api, number, bytes).await.ok();
        }
        self
    }

    pub(crate) async fn complete_with(&self, api: &Api, body: Value) -> Answer {
        let path = format!("/api/v1/uploads/{}/complete", self.id);
        api.call("POST", &path, &self.owner_auth(), body).await
    }

    /// Asserts that `complete` with this body is refused.
    pub(crate) async fn refused_complete(&self, api: &Api, body: Value, status: u16, code: &str) {
        self.complete_with(api, body).await.refused(status, code);
    }

    /// Completes the upload with the default link.
    pub(crate) async fn complete(&self, api: &Api) {
        self.complete_with(api, self.complete_body()).await.ok();
    }

    /// Sends every part; only `complete` is missing.
    pub(crate) async fn ready(len: usize, api: &Api) -> Self {
        let mut sender = Self::new(len);
        sender.create(api).await.put_parts(api).await;
        sender
    }

    /// Sends everything with the default link.
    pub(crate) async fn share(len: usize, api: &Api) -> Self {
        Self::share_with(len, api, |_| {}).await
    }

    /// Sends everything, after `change` had its way with the body of `complete`.
    pub(crate) async fn share_with(len: usize, api: &Api, change: impl FnOnce(&mut Value)) -> Self {
        let sender = Self::ready(len, api).await;
        let mut body = sender.complete_body();
        change(&mut body);
        sender.complete_with(api, body).await.ok();
        sender
    }

    pub(crate) async fn status(&self, api: &Api) -> Value {
        api.get(&format!("/api/v1/uploads/{}", self.id), &self.owner_auth())
            .await
            .ok()
    }

    pub(crate) async fn described(&self, api: &Api) -> Value {
        api.get(&format!("/api/v1/shares/{}", self.id), &self.owner_auth())
            .await
            .ok()
    }

    pub(crate) async fn open(&self, api: &Api) -> Answer {
        let path = format!("/api/v1/links/{}/open", self.locator());
        api.call("POST", &path, &self.proof_auth(), Value::Null)
            .await
    }

    pub(crate) async fn grant(&self, api: &Api) -> Answer {
        let path = format!("/api/v1/links/{}/grants", self.locator());
        api.call("POST", &path, &self.proof_auth(), Value::Null)
            .await
    }

    /// Takes a grant and returns its `Authorization`.
    pub(crate) async fn granted(&self, api: &Api) -> String {
        format!(
            "Onekey-Grant {}",
            self.grant(api).await.ok()["grant"].as_str().unwrap()
        )
    }

    pub(crate) async fn delete(&self, api: &Api) -> Answer {
        let path = format!("/api/v1/shares/{}", self.id);
        api.call("DELETE", &path, &self.owner_auth(), Value::Null)
            .await
    }
}

pub(crate) fn content_digest(bytes: &[u8]) -> String {
    format!(
        "sha-256=:{}:",
        Base64::encode_string(&Sha256::digest(bytes))
    )
}
