//! How the files of one upload are read: at any place, or in order because some may be compressed.

use std::sync::Arc;
use std::thread;

use onekey_core::manifest::{Codec, File, Manifest};
use onekey_core::padding::padded_len;
use onekey_core::wire::MAX_DIRECT_MANIFEST;
use tokio::sync::oneshot;

use super::describe::{media_type, unix_seconds};
use super::{CHUNK_SIZE, Put};
use crate::error::{DirectError, PutError};
use crate::put::compress::{self, Choice, Large, Stored};
use crate::put::journal;
use crate::put::plaintext::Layout;
use crate::put::secrets::Secrets;

/// How files are read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reading {
    /// As they are: every place is known, and read by any worker.
    Placed,
    /// In order, as some may be compressed.
    Ordered(Choice),
}

impl Put<'_> {
    /// How files may be compressed.
    pub(super) fn choice(&self, large: Large) -> Option<Choice> {
        let whole = self.client.options.compress_whole;
        self.options.compresses().then(|| Choice::new(whole, large))
    }

    /// Decides how the files are read. The same files give the same answer.
    pub(super) async fn reading(
        &self,
        layout: &Arc<Layout>,
        choice: Option<Choice>,
    ) -> Result<Reading, PutError> {
        let Some(choice) = choice else {
            return Ok(Reading::Placed);
        };
        // It reads from the disk, and may take as long as that wants.
        let (send, heard) = oneshot::channel();
        let shared = Arc::clone(layout);
        thread::Builder::new()
            .name("onekey-sample".to_owned())
            .spawn(move || send.send(compress::chance(&shared, choice)))
            .map_err(|_| PutError::Cancelled)?;
        let has_chance = heard.await.map_err(|_| PutError::Cancelled)??;
        // A list without room for what compression adds to it is better off without.
        let places = layout.files().iter().map(|(file, offset)| Stored {
            offset: *offset,
            stored: file.size,
            codec: Some(Codec::Brotli),
        });
        let fits = self.check_list(&self.list(layout, places), layout.len());
        Ok(if has_chance && fits.is_ok() {
            Reading::Ordered(choice)
        } else {
            Reading::Placed
        })
    }

    /// Whether the list can be sealed: a list that breaks a rule is known before anything is sent. With keys that nobody
    /// uses, as there is one manifest under a share key.
    pub(super) fn check_list(&self, list: &Manifest, plaintext_len: u64) -> Result<(), PutError> {
        let sealed = Secrets::new(CHUNK_SIZE).seal(list, plaintext_len)?;
        if self.options.direct && sealed.len() > MAX_DIRECT_MANIFEST {
            return Err(DirectError::ManifestTooLarge.into());
        }
        Ok(())
    }

    /// The manifest of files that are stored as they are.
    pub(super) fn placed_list(&self, layout: &Layout) -> Manifest {
        let places = layout.files().iter().map(|(file, offset)| Stored {
            offset: *offset,
            stored: file.size,
            codec: None,
        });
        self.list(layout, places)
    }

    /// The manifest of files that are stored like this.
    pub(super) fn list(
        &self,
        layout: &Layout,
        places: impl IntoIterator<Item = Stored>,
    ) -> Manifest {
        let files = layout.files().iter().zip(places);
        self.manifest(files.map(|((file, _), place)| File {
            path: file.name.clone(),
            media_type: media_type(&file.name),
            size: file.size,
            offset: place.offset,
            stored: place.stored,
            codec: place.codec,
            modified: file.modified.map(unix_seconds),
            executable: file.executable,
        }))
    }

    /// Refuses what is larger than the server takes, as far as that is known before it is compressed.
    pub(super) fn check_size(&self, layout: &Layout, reading: Reading) -> Result<(), PutError> {
        let least = match reading {
            Reading::Placed => layout.len(),
            Reading::Ordered(choice) => self.padded(choice.least(layout)),
        };
        let len = CHUNK_SIZE.payload_len(least)?;
        match self.server.max_size {
            Some(limit) if len > limit => Err(PutError::TooLarge { limit }),
            _ => Ok(()),
        }
    }

    pub(super) fn padded(&self, len: u64) -> u64 {
        if self.options.pads() {
            padded_len(len)
        } else {
            len
        }
    }
}

/// What the resume state says of how files are compressed.
pub(super) fn form(choice: Option<Choice>) -> String {
    choice.map_or_else(|| journal::RAW.to_owned(), |choice| choice.word())
}
