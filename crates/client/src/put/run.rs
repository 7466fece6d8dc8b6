//! One put from its plan to its link.

mod again;
mod describe;

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use describe::{media_type, unix_seconds};
use onekey_core::manifest::{File, Manifest};
use onekey_core::size::ChunkSize;
use onekey_core::url::{Form, Link, ManageLink};
use onekey_core::wire::{CompleteUpload, ServerDescription};

use super::journal::{Held, Place, Saved};
use super::plaintext::{Cursor, Layout, Pipe};
use super::records::Records;
use super::seal::{Cut, SealError, Work, Workers};
use super::secrets::Secrets;
use super::upload::Upload;
use super::{PutOptions, PutShare, Resumed, plan};
use crate::client::Inner;
use crate::error::{ApiError, PutError};
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
}

impl Put<'_> {
    /// Sends files, or what is missing of them. Starts again once, with small parts, when a proxy refuses the usual ones.
    pub(super) async fn files(mut self, layout: &Arc<Layout>) -> Result<PutShare, PutError> {
        let len = CHUNK_SIZE.payload_len(layout.len())?;
        if let Some(limit) = self.server.max_size.filter(|&limit| len > limit) {
            return Err(PutError::TooLarge { limit });
        }
        let state = self.options.state.clone();
        let place = state.as_ref().and_then(|state| {
            let server = &self.client.server;
            state.place(server, &self.roots, &self.folders, layout, &self.options)
        });
        if let Some(place) = &place {
            place.remove_old();
        }
        if let (Some(place), Some(true)) = (&place, state.map(|state| state.wants_to_resume()))
            && let Some(share) = self.continue_files(layout, len, place).await?
        {
            return Ok(share);
        }
        let usual = plan::part_size(CHUNK_SIZE, Some(len), &self.server)?;
        let place = place.as_ref();
        match self.files_in_parts(layout, len, usual, place).await {
            Err(PutError::Api(ApiError::BodyRefused)) if !self.parts_sent => {
                let small = plan::small_part_size(CHUNK_SIZE, len, &self.server)
                    .map_err(|_| ApiError::BodyRefused)?;
                self.files_in_parts(layout, len, small, place).await
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
        place: Option<&Place>,
    ) -> Result<PutShare, PutError> {
        let secrets = Secrets::new(CHUNK_SIZE);
        // Sealed first: a list that breaks a rule is known before anything is sent.
        let manifest = self.files_manifest(layout);
        let sealed = secrets.seal(&manifest, layout.len())?;
        self.progress.begin(Some(len));
        let mut upload = self.create(&secrets, part_size, Some(len)).await?;
        let held = place.and_then(|place| self.keep(place, &secrets, &mut upload, part_size, len));
        let work = Work {
            records: held.as_ref().map(|held| {
                let known = Arc::default();
                Records::new(Arc::clone(held.journal()), known)
            }),
            ..Work::from(cut(len, part_size))
        };
        let put = async {
            self.put_files(&upload, &secrets, layout, work).await?;
            let body = self.body(&secrets, len, sealed).await?;
            self.publish(&mut upload, &secrets, held.as_ref(), body, files(&manifest))
                .await
        };
        let put = put.await;
        end(upload, held, put).await
    }

    /// Keeps what is needed to continue. Without it the put goes on, and is taken back when it fails.
    fn keep(
        &self,
        place: &Place,
        secrets: &Secrets,
        upload: &mut Upload,
        part_size: u64,
        size: u64,
    ) -> Option<Held> {
        let saved = Saved {
            share: upload.id(),
            share_key: secrets.share().clone(),
            link_key: self.link.key().clone(),
            owner: secrets.owner().clone(),
            header: *secrets.header().as_bytes(),
            part_size,
            size,
            list: *place.list(),
        };
        match place.create(&saved) {
            Ok(journal) => {
                upload.keep();
                Some(Held::new(journal))
            }
            Err(error) => {
                self.progress.resumed(&Resumed::NotKept(error));
                None
            }
        }
    }

    /// Sends parts of files.
    async fn put_files(
        &self,
        upload: &Upload,
        secrets: &Secrets,
        layout: &Arc<Layout>,
        work: Work,
    ) -> Result<(), SealError> {
        let all = work.all();
        let options = &self.client.options;
        let buffers = usize::try_from(all.0).unwrap_or(usize::MAX);
        let buffers = buffers.min(options.parts_in_flight);
        let workers = options.workers.min(buffers);
        let cursors = (0..workers).map(|_| Cursor::new(Arc::clone(layout)));
        let workers = Workers::start(secrets.cipher(), work, cursors, buffers)?;
        let sent = upload.send(workers, self.progress).await?;
        if sent != all {
            // A worker panicked.
            return Err(PutError::Cancelled.into());
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
        let workers = Workers::start(secrets.cipher(), cut.into(), [pipe], buffers)?;
        let (_, len) = upload
            .send(workers, self.progress)
            .await
            .map_err(PutError::from)?;
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
        let body = self.body(secrets, len, sealed).await?;
        self.publish(upload, secrets, None, body, files(&manifest))
            .await
    }

    fn files_manifest(&self, layout: &Layout) -> Manifest {
        let files = layout.files().iter();
        self.manifest(files.map(|(file, offset)| File {
            path: file.name.clone(),
            media_type: media_type(&file.name),
            size: file.size,
            offset: *offset,
            stored: file.size,
            codec: None,
            modified: file.modified.map(unix_seconds),
            executable: file.executable,
        }))
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

fn cut(len: u64, part_size: u64) -> Cut {
    Cut {
        part_size,
        parts: Some(len.div_ceil(part_size)),
        len: Some(len),
    }
}

fn files(manifest: &Manifest) -> Vec<(String, u64)> {
    let files = manifest.files.iter();
    files.map(|file| (file.path.clone(), file.size)).collect()
}
