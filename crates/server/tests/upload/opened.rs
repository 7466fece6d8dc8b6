//! What was stored, opened the private way: the server's own direct reading has no part in it.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use onekey_core::base64url;
use onekey_core::cipher::Aes256Gcm;
use onekey_core::header::Header;
use onekey_core::manifest::{File, Manifest};
use onekey_core::payload::PayloadCipher;
use onekey_core::url::{Form, Link};
use serde_json::Value;

use crate::direct::send;

#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) link: Link,
    pub(crate) manifest: Manifest,
    pub(crate) plaintext: Vec<u8>,
    /// The answer to `open`.
    pub(crate) answer: Value,
}

impl Opened {
    /// Opens a direct link and decrypts all of it.
    pub(crate) async fn of(router: &Router, url: &str) -> Self {
        let link = Link::parse(url).unwrap();
        assert!(matches!(link.form, Form::Direct { .. }), "{url}");
        let locator = link.key.locator();
        let proof = format!("Onekey-Proof {}", link.key.proof(None).to_base64url());
        let ask = async |what: &str| {
            let path = format!("/api/v1/links/{}/{what}", locator.to_base64url());
            let request = Request::post(path).header("authorization", &proof);
            send(router, request.body(Body::empty()).unwrap())
                .await
                .ok()
        };
        let answer = ask("open").await;
        let bytes = |field: &str| base64url::decode_vec(answer[field].as_str().unwrap()).unwrap();
        let header = Header::parse(&bytes("header")).unwrap();
        let envelope = bytes("envelope").try_into().unwrap();
        let share = link.key.wrap_key(None).unwrap(&locator, &envelope).unwrap();
        let keys = header.keys(&share).unwrap();
        let size = answer["size"].as_u64().unwrap();
        let length = header.chunk_size().plaintext_len(size).unwrap();
        let manifest = Manifest::open(&bytes("manifest"), &header, &keys, length).unwrap();

        let grant = ask("grants").await;
        let grant = format!("Onekey-Grant {}", grant["grant"].as_str().unwrap());
        let request = Request::get("/api/v1/payload").header("authorization", grant);
        let payload = send(router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(payload.status, 200);
        assert_eq!(payload.bytes.len() as u64, size);
        let cipher = PayloadCipher::<Aes256Gcm>::new(&header, &keys).unwrap();
        let mut plaintext = Vec::new();
        let mut payload = payload.bytes;
        for (index, chunk) in payload
            .chunks_mut(header.chunk_size().encrypted())
            .enumerate()
        {
            plaintext.extend_from_slice(cipher.decrypt_chunk(index as u64, chunk).unwrap());
        }
        assert_eq!(plaintext.len() as u64, length);
        Self {
            link,
            manifest,
            plaintext,
            answer,
        }
    }

    pub(crate) fn content(&self, file: &File) -> &[u8] {
        &self.plaintext[file.offset as usize..][..file.size as usize]
    }

    /// Returns names, types and contents.
    pub(crate) fn files(&self) -> Vec<(&str, &str, &[u8])> {
        let files = self.manifest.files.iter();
        files
            .map(|file| {
                (
                    file.path.as_str(),
                    file.media_type.as_str(),
                    self.content(file),
                )
            })
            .collect()
    }

    /// Asserts that there is one file, this one.
    #[track_caller]
    pub(crate) fn is(&self, path: &str, media_type: &str, content: &[u8]) {
        let [file] = self.manifest.files.as_slice() else {
            panic!("{} files", self.manifest.files.len());
        };
        assert_eq!(
            (file.path.as_str(), file.media_type.as_str()),
            (path, media_type)
        );
        assert!(self.content(file) == content, "{} bytes", file.size);
    }
}
