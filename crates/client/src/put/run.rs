//! One put from its plan to its link.

mod again;
mod describe;
mod files;
mod reader;
mod reading;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use onekey_core::manifest::{File, Manifest};
use onekey_core::size::ChunkSize;
use onekey_core::url::ManageLink;
use onekey_core::wire::{CompleteUpload, ServerDescription};

use super::compress::Large;
use super::journal::Held;
use super::secrets::Secrets;
use super::upload::Upload;
use super::{PutOptions, PutShare};
use crate::client::Inner;
use crate::error::PutError;
use crate::new_link::{NewLink, Terms};
use crate::progress::Progress;

/// The chunk size of shares.
const CHUNK_SIZE: ChunkSize = ChunkSize::DEFAULT;

/// One put.
pub(super) struct Put<'p> {
    pub(super) client: &'p Arc<Inner>,
    pub(super) server: ServerDescription,
    /// The share's first link.
    pub(super) link: NewLink,
    pub(super) options: PutOptions,
    pub(super) folders: Vec<String>,
    /// The paths that were asked for.
    pub(super) roots: Vec<PathBuf>,
    pub(super) progress: &'p dyn Progress,
    /// Whether the server has every part, so that smaller parts would not help.
    pub(super) parts_sent: bool,
    /// What becomes of large files: changes once one of them does not get smaller.
    pub(super) large: Large,
}

impl Put<'_> {
    fn manifest(&self, files: impl IntoIterator<Item = File>) -> Manifest {
        Manifest {
            files: files.into_iter().collect(),
            folders: self.folders.clone(),
            title: self.options.title.clone(),
            note: self.options.note.clone(),
        }
    }

    async fn create(
        &self,
        secrets: &Secrets,
        part_size: u64,
        size: Option<u64>,
    ) -> Result<Upload, PutError> {
        let (body, token) = secrets.upload(part_size, size);
        Ok(Upload::create(self.client, token, &body, self.progress).await?)
    }

    /// Prints the body of `complete`. Once for each upload.
    async fn body(
        &mut self,
        secrets: &Secrets,
        size: u64,
        sealed: Vec<u8>,
    ) -> Result<Bytes, PutError> {
        let options = &self.options;
        let terms = Terms {
            max_downloads: options.max_downloads,
            expires_in: options.expires_in.unwrap_or(self.server.default_expiry),
            direct: options.direct,
            label: options.label.as_deref(),
        };
        let owner = secrets.owner().key();
        let link = self.link.describe(secrets.share(), &owner, terms).await?;
        let body = CompleteUpload {
            size,
            manifest: sealed,
            link,
        };
        let body =
            serde_json::to_vec(&body).expect("wire types have string keys and no failing parts");
        Ok(body.into())
    }

    /// Saves the body of `complete`, then sends it.
    async fn publish(
        &mut self,
        upload: &mut Upload,
        secrets: &Secrets,
        held: Option<&Held>,
        body: Bytes,
        files: Vec<(String, u64)>,
    ) -> Result<PutShare, PutError> {
        self.parts_sent = true;
        if let Some(held) = held {
            let saved = held.journal().save_complete(&body);
            saved.map_err(|source| PutError::State { source })?;
        }
        self.complete(upload, secrets, body, files).await
    }

    async fn complete(
        &self,
        upload: &mut Upload,
        secrets: &Secrets,
        body: Bytes,
        files: Vec<(String, u64)>,
    ) -> Result<PutShare, PutError> {
        let completed = upload.complete(body, self.progress).await?;
        let server = &self.client.server;
        let paths = files.iter().map(|(path, _)| path.as_str());
        Ok(PutShare {
            link: self.link.private(server),
            direct_link: self.options.direct.then(|| self.link.direct(server, paths)),
            manage_link: ManageLink {
                server: server.clone(),
                share: completed.share,
                secret: secrets.owner().clone(),
            },
            share: completed.share,
            expires_at: completed.expires_at,
            max_downloads: self.options.max_downloads,
            size: files.iter().map(|(_, size)| size).sum(),
            files,
        })
    }
}

/// Ends a put: what cannot be continued is taken back and forgotten. Of a share that is up the caller forgets it.
async fn end(
    upload: Upload,
    held: Option<Held>,
    put: Result<PutShare, PutError>,
) -> Result<PutShare, PutError> {
    let error = match put {
        Ok(share) => {
            if let Some(held) = held {
                held.hand_over();
            }
            return Ok(share);
        }
        Err(error) => error,
    };
    match held {
        Some(_) if error.is_passing() => {}
        held => {
            upload.take_back().await;
            if let Some(held) = held {
                held.remove();
            }
        }
    }
    Err(error)
}

fn files(manifest: &Manifest) -> Vec<(String, u64)> {
    let files = manifest.files.iter();
    files.map(|file| (file.path.clone(), file.size)).collect()
}
