//! One put from its plan to its link.

use std::io::Read;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use onekey_core::manifest::{File, Manifest};
use onekey_core::size::ChunkSize;
use onekey_core::url::{Form, Link, ManageLink};
use onekey_core::wire::{CompleteUpload, ServerDescription};

use super::plaintext::{Cursor, Layout, Pipe};
use super::seal::{Cut, Workers};
use super::secrets::Secrets;
use super::upload::Upload;
use super::{PutOptions, PutShare, plan};
use crate::client::Inner;
use crate::error::{ApiError, PutError};
use crate::new_link::{NewLink, Terms};
use crate::progress::Progress;

/// The chunk size of shares.
const CHUNK_SIZE: ChunkSize = ChunkSize::DEFAULT;

/// The type of files whose name tells none.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// One put.
pub(super) struct Put<'p> {
    pub(super) client: &'p Arc<Inner>,
    pub(super) server: ServerDescription,
    /// The share's first link.
    pub(super) link: NewLink,
    pub(super) options: PutOptions,
    pub(super) folders: Vec<String>,
    pub(super) progress: &'p dyn Progress,
    /// Whether the server has every part, so that smaller parts would not help.
    pub(super) parts_sent: bool,
}

impl Put<'_> {
    /// Sends files. Starts again once, with small parts, when a proxy refuses the usual ones.
    pub(super) async fn files(mut self, layout: &Arc<Layout>) -> Result<PutShare, PutError> {
        let len = CHUNK_SIZE.payload_len(layout.len())?;
        if let Some(limit) = self.server.max_size.filter(|&limit| len > limit) {
            return Err(PutError::TooLarge { limit });
        }
        let usual = plan::part_size(CHUNK_SIZE, Some(len), &self.server)?;
        match self.files_in_parts(layout, len, usual).await {
            Err(PutError::Api(ApiError::BodyRefused)) if !self.parts_sent => {
                let small = plan::small_part_size(CHUNK_SIZE, len, &self.server)
                    .map_err(|_| ApiError::BodyRefused)?;
                self.files_in_parts(layout, len, small).await
            }
            done => done,
        }
    }

    /// Sends a reader. It can be read only once, so nothing starts again.
    pub(super) async fn reader(
        mut self,
        name: String,
        reader: Box<dyn Read + Send>,
    ) -> Result<PutShare, PutError> {
        let secrets = Secrets::new(CHUNK_SIZE);
        let part_size = plan::part_size(CHUNK_SIZE, None, &self.server)?;
        self.progress.begin(None);
        let mut upload = self.create(&secrets, part_size, None).await?;
        let put = self.put_reader(&mut upload, &secrets, part_size, name, reader);
        match put.await {
            Err(error) => {
                upload.take_back().await;
                Err(error)
            }
            share => share,
        }
    }

    async fn files_in_parts(
        &mut self,
        layout: &Arc<Layout>,
        len: u64,
        part_size: u64,
    ) -> Result<PutShare, PutError> {
        let secrets = Secrets::new(CHUNK_SIZE);
        let files = layout.files().iter().map(|(file, offset)| File {
            path: file.name.clone(),
            media_type: media_type(&file.name),
            size: file.size,
            offset: *offset,
            stored: file.size,
            codec: None,
            modified: file.modified.map(unix_seconds),
            executable: file.executable,
        });
        // Sealed first: a list that breaks a rule is known before anything is sent.
        let manifest = self.manifest(files);
        let sealed = secrets.seal(&manifest, layout.len())?;
        self.progress.begin(Some(len));
        let mut upload = self.create(&secrets, part_size, Some(len)).await?;
        let put = async {
            self.put_files(&upload, &secrets, layout, len, part_size)
                .await?;
            self.complete(&mut upload, &secrets, len, sealed, manifest)
                .await
        };
        match put.await {
            Err(error) => {
                upload.take_back().await;
                Err(error)
            }
            share => share,
        }
    }

    /// Sends all parts of files.
    async fn put_files(
        &self,
        upload: &Upload,
        secrets: &Secrets,
        layout: &Arc<Layout>,
        len: u64,
        part_size: u64,
    ) -> Result<(), PutError> {
        let parts = len.div_ceil(part_size);
        let cut = Cut {
            part_size,
            parts: Some(parts),
            len: Some(len),
        };
        let options = &self.client.options;
        let buffers = usize::try_from(parts).unwrap_or(usize::MAX);
        let buffers = buffers.min(options.parts_in_flight);
        let workers = options.workers.min(buffers);
        let cursors = (0..workers).map(|_| Cursor::new(Arc::clone(layout)));
        let workers = Workers::start(secrets.cipher(), cut, cursors, buffers)?;
        let sent = upload.send(workers, self.progress).await?;
        if sent != (parts, len) {
            // A worker panicked.
            return Err(PutError::Cancelled);
        }
        Ok(layout.check_empty()?)
    }

    /// Sends all parts of a reader and completes the upload.
    async fn put_reader(
        &mut self,
        upload: &mut Upload,
        secrets: &Secrets,
        part_size: u64,
        name: String,
        reader: Box<dyn Read + Send>,
    ) -> Result<PutShare, PutError> {
        let (pipe, read) = Pipe::new(reader, self.options.pad);
        let cut = Cut {
            part_size,
            parts: None,
            len: None,
        };
        let buffers = self.client.options.parts_in_flight;
        let workers = Workers::start(secrets.cipher(), cut, [pipe], buffers)?;
        let (_, len) = upload.send(workers, self.progress).await?;
        // If the worker panicked, the length is none that a payload has, or the reader never ended.
        let plaintext_len = CHUNK_SIZE
            .plaintext_len(len)
            .map_err(|_| PutError::Cancelled)?;
        let size = read.total().ok_or(PutError::Cancelled)?;
        let manifest = self.manifest([File {
            media_type: media_type(&name),
            path: name,
            size,
            stored: size,
            modified: Some(unix_seconds(SystemTime::now())),
            ..File::default()
        }]);
        let sealed = secrets.seal(&manifest, plaintext_len)?;
        self.complete(upload, secrets, len, sealed, manifest).await
    }

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

    async fn complete(
        &mut self,
        upload: &mut Upload,
        secrets: &Secrets,
        size: u64,
        sealed: Vec<u8>,
        manifest: Manifest,
    ) -> Result<PutShare, PutError> {
        self.parts_sent = true;
        let options = &self.options;
        let terms = Terms {
            max_downloads: options.max_downloads,
            expires_in: options.expires_in.unwrap_or(self.server.default_expiry),
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
        let completed = upload.complete(Bytes::from(body), self.progress).await?;
        let server = &self.client.server;
        let files = manifest.files.into_iter();
        let files: Vec<_> = files.map(|file| (file.path, file.size)).collect();
        Ok(PutShare {
            link: Link {
                server: server.clone(),
                key: self.link.key().clone(),
                form: Form::Private,
            },
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

fn media_type(name: &str) -> String {
    mime_guess::from_path(name)
        .first_raw()
        .unwrap_or(UNKNOWN_TYPE)
        .to_owned()
}

/// Whole seconds, rounded down also before 1970.
fn unix_seconds(time: SystemTime) -> i64 {
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()),
        Err(error) => {
            let before = error.duration();
            let seconds = before.as_secs() + u64::from(before.subsec_nanos() > 0);
            i64::try_from(seconds).map(|seconds| -seconds)
        }
    };
    seconds.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_whole_seconds_rounded_down() {
        let at = |millis| UNIX_EPOCH + Duration::from_millis(millis);
        assert_eq!(unix_seconds(at(0)), 0);
        assert_eq!(unix_seconds(at(1999)), 1);
        assert_eq!(unix_seconds(UNIX_EPOCH - Duration::from_millis(1)), -1);
        assert_eq!(unix_seconds(UNIX_EPOCH - Duration::from_millis(1000)), -1);
    }

    #[test]
    fn types_come_from_names() {
        assert_eq!(media_type("a/b.PNG"), "image/png");
        assert_eq!(media_type("Makefile"), UNKNOWN_TYPE);
    }
}
