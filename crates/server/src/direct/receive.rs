//! Plain bytes of one file or several, in order, become a share: encrypted as they come, part by part.
//!
//! At most three buffers of one part each are held: one fills while two are stored, or while one is where memory is
//! scarce. A receiver that is dropped before [`Receiver::finish`] leaves nothing behind.

mod layout;
mod memory;
mod names;
#[cfg(test)]
mod tests;
mod upload;

use std::mem;
use std::sync::Arc;

use onekey_core::cipher::{Aes256Gcm, NONCE_LEN, OVERHEAD, Suite, TAG_LEN};
use onekey_core::header::{ContainerKeys, Header};
use onekey_core::keys::{LinkKey, OwnerSecret, OwnerVerifier, ShareId, ShareKey, Verifier};
use onekey_core::manifest::{File, Manifest};
use onekey_core::payload::PayloadCipher;
use onekey_core::size::ChunkSize;
use sha2::{Digest as _, Sha256};

use self::memory::PartBuffer;
use self::names::Names;
use self::upload::{Beginning, Upload};
use crate::app::App;
use crate::clock::UnixTime;
use crate::error::ApiError;
use crate::meta::{Completion, Digest, MAX_DIRECT_MANIFEST, NewLink};

pub(crate) use memory::Memory;
pub(crate) use names::of_type;

/// Longest list of files, as JSON: padded to the next power of two and sealed, it is the longest manifest of a share
/// that opens directly.
const MAX_LIST: usize = MAX_DIRECT_MANIFEST / 2;

/// Bytes of the list that are no file's.
const AROUND_LIST: usize = 64;

/// Limits of the link that an upload gets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) expires_at: Option<UnixTime>,
    pub(crate) max_downloads: Option<u64>,
}

/// A share that is complete. Only here are its keys; nothing keeps them.
pub(crate) struct Received {
    pub(crate) share: ShareId,
    pub(crate) key: LinkKey,
    pub(crate) owner: OwnerSecret,
    pub(crate) files: Vec<File>,
    pub(crate) expires_at: Option<UnixTime>,
}

/// A share on its way in.
pub(crate) struct Receiver {
    app: Arc<App>,
    share: ShareKey,
    owner: OwnerSecret,
    header: Header,
    keys: ContainerKeys,
    cipher: PayloadCipher<Aes256Gcm>,
    /// Length of the payload, where the sender said it.
    announced: Option<u64>,
    part_size: u64,
    filling: PartBuffer,
    /// Where the chunk begins that is being filled: its nonce's place is there, its text behind it.
    chunk_at: usize,
    /// Chunks that are encrypted.
    chunks: u64,
    /// Bytes of plaintext.
    length: u64,
    files: Vec<File>,
    names: Names,
    /// Bytes of the list of files so far.
    list: usize,
    upload: Option<Upload>,
}

impl Receiver {
    /// Begins a share. `length` is the plaintext's, where it is known exactly; `most` how long it may become.
    ///
    /// # Errors
    /// 413 if that is more than the server allows.
    pub(crate) fn new(
        app: &Arc<App>,
        length: Option<u64>,
        most: Option<u64>,
    ) -> Result<Self, ApiError> {
        let rng = &mut rand::rng();
        let share = ShareKey::generate(rng);
        let chunk_size = app.config.direct_chunk_size;
        let header = Header::new(Suite::Aes256Gcm, chunk_size, &share, rng);
        let keys = header.keys(&share).map_err(|_| ApiError::unavailable())?;
        let cipher = PayloadCipher::new(&header, &keys).map_err(|_| ApiError::unavailable())?;
        let announced = length
            .map(|length| payload_len(app, chunk_size, length))
            .transpose()?;
        let most = announced.or_else(|| chunk_size.payload_len(most?).ok());
        Ok(Self {
            app: Arc::clone(app),
            share,
            owner: OwnerSecret::generate(rng),
            header,
            keys,
            cipher,
            announced,
            part_size: layout::part_size(chunk_size, most, app.blobs.min_part_size()),
            filling: PartBuffer::default(),
            chunk_at: 0,
            chunks: 0,
            length: 0,
            files: Vec::new(),
            names: Names::default(),
            list: AROUND_LIST,
            upload: None,
        })
    }

    /// Reserves the room that the announced length takes, before a byte is read.
    pub(crate) async fn reserve(&mut self) -> Result<(), ApiError> {
        self.begin_upload(None).await
    }

    /// Begins a file: what [`push`](Self::push) brings from now on is its content.
    pub(crate) fn begin_file(&mut self, given: &str, declared: Option<&str>) {
        let path = self.names.take(names::clean(given));
        let media_type = names::media_type(&path, declared);
        self.files.push(File {
            path,
            media_type,
            offset: self.length,
            ..File::default()
        });
    }

    /// Ends the file that was begun last.
    ///
    /// # Errors
    /// 400 if there are too many.
    pub(crate) fn end_file(&mut self) -> Result<(), ApiError> {
        let Some(file) = self.files.last_mut() else {
            return Ok(());
        };
        file.size = self.length - file.offset;
        file.stored = file.size;
        let alone = Manifest {
            files: vec![file.clone()],
            ..Manifest::default()
        };
        self.list += alone.to_json().len();
        if self.list > MAX_LIST {
            return Err(too_many_files());
        }
        Ok(())
    }

    /// Returns how many files were begun.
    pub(crate) fn files(&self) -> usize {
        self.files.len()
    }

    /// Takes the next bytes of the file, and waits where the store is slower than the sender.
    pub(crate) async fn push(&mut self, mut piece: &[u8]) -> Result<(), ApiError> {
        self.admit(piece.len() as u64)?;
        while !piece.is_empty() {
            self.open_chunk().await?;
            let filled = self.filling.len() - self.chunk_at - NONCE_LEN;
            let room = self.cipher.chunk_size().plaintext() - filled;
            let (text, rest) = piece.split_at(room.min(piece.len()));
            // With room for the tag, so that closing the chunk need not wait.
            self.room_for(text.len() + TAG_LEN).await?;
            self.filling.bytes_mut().extend_from_slice(text);
            piece = rest;
            if text.len() == room {
                self.close_chunk()?;
                if self.filling.len() as u64 == self.part_size {
                    self.store_part(None).await?;
                }
            }
        }
        Ok(())
    }

    /// Counts bytes that came, or refuses them.
    fn admit(&mut self, more: u64) -> Result<(), ApiError> {
        self.length = self.length.saturating_add(more);
        let payload = payload_len(&self.app, self.cipher.chunk_size(), self.length)?;
        match self.announced {
            Some(announced) if payload > announced => Err(other_length()),
            _ => Ok(()),
        }
    }

    /// Makes the place of a nonce, unless the chunk is open already.
    async fn open_chunk(&mut self) -> Result<(), ApiError> {
        if self.filling.len() == self.chunk_at {
            self.room_for(OVERHEAD).await?;
            let begun = self.chunk_at + NONCE_LEN;
            self.filling.bytes_mut().resize(begun, 0);
        }
        Ok(())
    }

    /// Encrypts the chunk that was filled, in its place.
    fn close_chunk(&mut self) -> Result<(), ApiError> {
        let end = self.filling.len() + TAG_LEN;
        let buffer = self.filling.bytes_mut();
        buffer.resize(end, 0);
        let chunk = &mut buffer[self.chunk_at..];
        self.cipher
            .encrypt_chunk(self.chunks, &mut rand::rng(), chunk)
            .map_err(|_| ApiError::unavailable())?;
        self.chunks += 1;
        self.chunk_at = end;
        Ok(())
    }

    async fn room_for(&mut self, more: usize) -> Result<(), ApiError> {
        let most = usize::try_from(self.part_size).map_err(|_| ApiError::unavailable())?;
        self.filling.reserve(more, most, &self.app.receiving).await
    }

    /// Hands the filled buffer to the store and goes on with an empty one.
    async fn store_part(&mut self, size: Option<u64>) -> Result<(), ApiError> {
        self.begin_upload(size).await?;
        let full = mem::take(&mut self.filling);
        self.chunk_at = 0;
        let upload = self.upload.as_mut().ok_or_else(ApiError::unavailable)?;
        self.filling = upload.store(full).await?;
        Ok(())
    }

    /// Makes the upload, unless it is there. It is made when its first bytes are to be stored: what is refused before
    /// that never was one.
    async fn begin_upload(&mut self, size: Option<u64>) -> Result<(), ApiError> {
        if self.upload.is_none() {
            let beginning = self.beginning(size.or(self.announced));
            self.upload = Some(Upload::create(&self.app, beginning).await?);
        }
        Ok(())
    }

    fn beginning(&self, size: Option<u64>) -> Beginning {
        let rng = &mut rand::rng();
        Beginning {
            header: *self.header.as_bytes(),
            part_size: self.part_size,
            size,
            owner_verifier: OwnerVerifier::of(&self.owner.token()),
            owner_envelope: self.owner.key().wrap(&self.header, &self.share, rng),
        }
    }

    /// Ends the payload and makes it a share with one link.
    pub(crate) async fn finish(mut self, terms: Terms) -> Result<Received, ApiError> {
        let size = payload_len(&self.app, self.cipher.chunk_size(), self.length)?;
        if self.announced.is_some_and(|announced| announced != size) {
            return Err(other_length());
        }
        self.open_chunk().await?;
        self.close_chunk()?;
        self.store_part(Some(size)).await?;
        let mut upload = self.upload.take().ok_or_else(ApiError::unavailable)?;
        upload.stored().await?;
        let key = LinkKey::generate(&mut rand::rng());
        let completion = self.completion(size, &key, terms)?;
        Ok(Received {
            share: upload.complete(completion).await?,
            key,
            owner: self.owner,
            files: self.files,
            expires_at: terms.expires_at,
        })
    }

    fn completion(
        &mut self,
        size: u64,
        key: &LinkKey,
        terms: Terms,
    ) -> Result<Completion, ApiError> {
        let rng = &mut rand::rng();
        let manifest = Manifest {
            files: self.files.clone(),
            ..Manifest::default()
        };
        let manifest = manifest
            .seal(&self.header, &self.keys, self.length, rng)
            .map_err(|_| too_many_files())?;
        if manifest.len() > MAX_DIRECT_MANIFEST {
            return Err(too_many_files());
        }
        let locator = key.locator();
        let link = NewLink {
            locator,
            verifier: Verifier::of(&key.proof(None)),
            envelope: key.wrap_key(None).wrap(&locator, &self.share, rng),
            password: false,
            direct: true,
            max_downloads: terms.max_downloads,
            expires_at: terms.expires_at,
            label: None,
        };
        Ok(Completion {
            size,
            body_digest: Digest(Sha256::digest(&manifest).into()),
            manifest,
            link,
        })
    }
}

fn other_length() -> ApiError {
    ApiError::bad_request("the body does not have the length of Content-Length")
}

fn too_many_files() -> ApiError {
    ApiError::bad_request("these are too many files for one link; send fewer, or an archive")
}

/// Returns the payload's length for `length` bytes of plaintext, or refuses what the server does not take.
fn payload_len(app: &App, chunk_size: ChunkSize, length: u64) -> Result<u64, ApiError> {
    let payload = chunk_size.payload_len(length);
    match (payload, app.config.limits.max_size) {
        (Ok(payload), Some(max)) if payload > max => Err(ApiError::too_large(max)),
        (Ok(payload), _) => Ok(payload),
        (Err(_), max) => Err(ApiError::too_large(
            max.unwrap_or(onekey_core::size::MAX_PAYLOAD_LEN),
        )),
    }
}
