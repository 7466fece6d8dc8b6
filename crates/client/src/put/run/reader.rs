//! Sending a reader.

use std::io::Read;
use std::time::SystemTime;

use onekey_core::manifest::{File, Manifest};
use onekey_core::wire::MAX_PARTS;

use super::describe::{media_type, unix_seconds};
use super::{CHUNK_SIZE, Put, files};
use crate::error::PutError;
use crate::put::plaintext::Pipe;
use crate::put::seal::{Cut, Workers};
use crate::put::secrets::Secrets;
use crate::put::upload::Upload;
use crate::put::{PutShare, plan};

impl Put<'_> {
    /// Sends a reader. It can be read only once, so nothing starts again; and nothing is compressed, as what does not get
    /// smaller would have to.
    pub(in crate::put) async fn reader(
        mut self,
        name: String,
        reader: Box<dyn Read + Send>,
    ) -> Result<PutShare, PutError> {
        let secrets = Secrets::new(CHUNK_SIZE);
        let part_size = plan::part_size(CHUNK_SIZE, None, &self.server)?;
        // As large as it can get: a list that breaks a rule is known before anything is sent.
        let most = part_size.saturating_mul(u64::from(MAX_PARTS));
        self.check_list(&self.list_of_one(name.clone(), most), most)?;
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

    /// Sends all parts of a reader and completes the upload.
    async fn put_reader(
        &mut self,
        upload: &mut Upload,
        secrets: &Secrets,
        part_size: u64,
        name: String,
        reader: Box<dyn Read + Send>,
    ) -> Result<PutShare, PutError> {
        let (pipe, read) = Pipe::new(reader, self.options.pads());
        let cut = Cut::unknown(None, part_size);
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
        let manifest = self.list_of_one(name, size);
        let sealed = secrets.seal(&manifest, plaintext_len)?;
        let body = self.body(secrets, len, sealed).await?;
        self.publish(upload, secrets, None, body, files(&manifest))
            .await
    }

    /// The manifest of what a reader gave.
    fn list_of_one(&self, name: String, size: u64) -> Manifest {
        self.manifest([File {
            media_type: media_type(&name),
            path: name,
            size,
            stored: size,
            modified: Some(unix_seconds(SystemTime::now())),
            ..File::default()
        }])
    }
}
