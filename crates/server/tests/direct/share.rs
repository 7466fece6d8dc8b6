//! A share with a direct link, made by its sender, and the server's copy of it.

use std::net::SocketAddr;
use std::path::PathBuf;

use base64ct::{Base64, Encoding};
use onekey_core::base64url;
use onekey_core::cipher::{Aes256Gcm, Suite};
use onekey_core::header::{ContainerKeys, Header};
use onekey_core::keys::{LinkKey, OwnerSecret, OwnerVerifier, ShareKey, Verifier};
use onekey_core::manifest::{Codec, File, Manifest};
use onekey_core::payload::{PayloadCipher, text_range};
use onekey_core::size::ChunkSize;
use onekey_server::Config;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

use axum::body::Body;
use axum::http::Request;

use crate::common::Api;
use crate::{Fetched, ask, get};

/// What is to be shared.
pub(crate) struct Direct {
    pub(crate) manifest: Manifest,
    pub(crate) plaintext: Vec<u8>,
    pub(crate) chunk_size: ChunkSize,
    /// Changes the link in the body of `complete`.
    pub(crate) link: Value,
    /// A key to use in the place of a new one.
    pub(crate) key: Option<LinkKey>,
}

/// A share on a server.
pub(crate) struct Shared {
    pub(crate) key: LinkKey,
    pub(crate) owner: OwnerSecret,
    pub(crate) id: String,
    pub(crate) manifest: Manifest,
    pub(crate) plaintext: Vec<u8>,
    pub(crate) payload: Vec<u8>,
}

/// Bytes that differ at every place of a chunk.
pub(crate) fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|x| (x % 251) as u8).collect()
}

impl Direct {
    pub(crate) fn of(files: &[(&str, &str, &[u8])]) -> Self {
        let mut direct = Self {
            manifest: Manifest::default(),
            plaintext: Vec::new(),
            chunk_size: ChunkSize::MIN,
            link: json!({"direct": true}),
            key: None,
        };
        for (path, media_type, bytes) in files {
            let size = bytes.len() as u64;
            direct.manifest.files.push(File {
                path: (*path).into(),
                media_type: (*media_type).into(),
                size,
                offset: direct.plaintext.len() as u64,
                stored: size,
                ..File::default()
            });
            direct.plaintext.extend_from_slice(bytes);
        }
        direct
    }

    /// One file of `len` bytes.
    pub(crate) fn file(path: &str, media_type: &str, len: usize) -> Self {
        Self::of(&[(path, media_type, &bytes(len))])
    }

    pub(crate) fn link(mut self, fields: Value) -> Self {
        for (name, value) in fields.as_object().unwrap() {
            self.link[name] = value.clone();
        }
        self
    }

    pub(crate) fn chunks(mut self, exponent: u8) -> Self {
        self.chunk_size = ChunkSize::from_exponent(exponent).unwrap();
        self
    }

    pub(crate) fn compressed(mut self, file: usize) -> Self {
        self.manifest.files[file].codec = Some(Codec::Gzip);
        self
    }

    pub(crate) async fn put(self, api: &Api) -> Shared {
        let rng = &mut rand::rng();
        let (share, key, owner) = (
            ShareKey::generate(rng),
            self.key
                .unwrap_or_else(|| LinkKey::generate(&mut rand::rng())),
            OwnerSecret::generate(rng),
        );
        let header = Header::new(Suite::Aes256Gcm, self.chunk_size, &share, rng);
        let keys = header.keys(&share).unwrap();
        let payload = encrypt(&header, &keys, &self.plaintext);
        let mut shared = Shared {
            key,
            owner,
            id: String::new(),
            manifest: self.manifest,
            plaintext: self.plaintext,
            payload,
        };
        // At most 64 MiB, whatever the chunks.
        let part_size =
            (64 >> (self.chunk_size.exponent() / 8)).max(1) * self.chunk_size.encrypted();
        let created = api.call(
            "POST",
            "/api/v1/uploads",
            "",
            json!({
                "header": base64url::encode(header.as_bytes()),
                "part_size": part_size,
                "size": shared.payload.len(),
                "owner_verifier": OwnerVerifier::of(&shared.owner.token()).to_base64url(),
                "owner_envelope": null,
            }),
        );
        created.await.ok()["id"]
            .as_str()
            .unwrap()
            .clone_into(&mut shared.id);
        for (number, part) in shared.payload.chunks(part_size).enumerate() {
            let digest = Base64::encode_string(&Sha256::digest(part));
            let request = Request::put(format!("/api/v1/uploads/{}/parts/{number}", shared.id))
                .header("authorization", shared.owner_auth())
                .header("content-length", part.len())
                .header("content-digest", format!("sha-256=:{digest}:"))
                .body(Body::from(part.to_vec()));
            api.send(request.unwrap()).await.ok();
        }
        let length = shared.plaintext.len() as u64;
        let sealed = shared.manifest.seal(&header, &keys, length, rng).unwrap();
        let locator = shared.key.locator();
        let envelope = shared.key.wrap_key(None).wrap(&locator, &share, rng);
        let mut link = json!({
            "locator": locator.to_base64url(),
            "verifier": Verifier::of(&shared.key.proof(None)).to_base64url(),
            "envelope": base64url::encode(&envelope),
            "password": false,
            "max_downloads": null,
            "expires_in": null,
            "label": null,
        });
        for (name, value) in self.link.as_object().unwrap() {
            link[name] = value.clone();
        }
        let path = format!("/api/v1/uploads/{}/complete", shared.id);
        let body = json!({
            "size": shared.payload.len(),
            "manifest": base64url::encode(&sealed),
            "link": link,
        });
        api.call("POST", &path, &shared.owner_auth(), body)
            .await
            .ok();
        shared
    }
}

fn encrypt(header: &Header, keys: &ContainerKeys, plaintext: &[u8]) -> Vec<u8> {
    let cipher = PayloadCipher::<Aes256Gcm>::new(header, keys).unwrap();
    let size = header.chunk_size().plaintext();
    let mut payload = Vec::new();
    for index in 0..=plaintext.len() / size {
        let text = &plaintext[index * size..plaintext.len().min((index + 1) * size)];
        let mut chunk = vec![0; text.len() + 28];
        chunk[text_range(text.len() + 28)].copy_from_slice(text);
        cipher
            .encrypt_chunk(index as u64, &mut rand::rng(), &mut chunk)
            .unwrap();
        payload.extend(chunk);
    }
    payload
}

impl Shared {
    pub(crate) fn owner_auth(&self) -> String {
        format!("Onekey-Owner {}", self.owner.token().to_base64url())
    }

    /// Returns `/KEY` and what stands behind it.
    pub(crate) fn path(&self, behind: &str) -> String {
        format!("/{}{behind}", self.key.to_base64url())
    }

    pub(crate) async fn get(&self, api: &Api, behind: &str, fields: &[(&str, &str)]) -> Fetched {
        get(api, &self.path(behind), fields).await
    }

    pub(crate) async fn range(&self, api: &Api, range: &str) -> Fetched {
        self.get(api, "", &[("range", range)]).await
    }

    pub(crate) async fn post(&self, api: &Api, behind: &str) -> Fetched {
        ask(api, "POST", &self.path(behind), &[]).await
    }

    /// Returns the first link as its owner sees it.
    pub(crate) async fn described(&self, api: &Api) -> Value {
        let path = format!("/api/v1/shares/{}", self.id);
        let share = api.get(&path, &self.owner_auth()).await.ok();
        share["links"][0].clone()
    }
}

/// A server whose stores are in a folder, where the test can reach them.
pub(crate) struct OnDisk {
    pub(crate) api: Api,
    folder: tempfile::TempDir,
}

impl OnDisk {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let api = Api::with(Config::in_folder(folder.path())).await;
        Self { api, folder }
    }

    /// Returns the payloads' files, the oldest last.
    pub(crate) fn blobs(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for folder in std::fs::read_dir(self.folder.path().join("blobs")).unwrap() {
            let folder = folder.unwrap().path();
            if folder.is_dir() {
                files.extend(
                    std::fs::read_dir(folder)
                        .unwrap()
                        .map(|file| file.unwrap().path()),
                );
            }
        }
        files
    }

    /// Returns the one file that holds `payload`.
    pub(crate) fn blob(&self, payload: &[u8]) -> PathBuf {
        let holds = |path: &PathBuf| std::fs::read(path).unwrap() == payload;
        self.blobs().into_iter().find(holds).unwrap()
    }

    pub(crate) fn rows(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("onekey.db")).unwrap()
    }

    /// Ends the server and returns its folder.
    pub(crate) async fn stop(self) -> tempfile::TempDir {
        drop(self.api);
        // The store's threads close their files once the last handle is gone.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        self.folder
    }

    /// Serves it over a socket from here on.
    pub(crate) async fn listen(self) -> Listening {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(self.api.server.run(listener, std::future::pending()));
        Listening {
            address,
            _folder: self.folder,
        }
    }
}

/// A server behind a socket, until the test ends.
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    _folder: tempfile::TempDir,
}
