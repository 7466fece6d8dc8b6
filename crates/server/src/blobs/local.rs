//! Payloads in a folder.
//!
//! A completed blob is the file `ab/ab…` below the folder, with 32 hexadecimal digits that the store
//! drew; before, it is `ab/ab….part`. What is acknowledged survives power loss because of this order:
//!
//! - `create`: make the file, reserve its space, fsync the subfolder. The part's name is durable.
//! - `put_part`: write at the part's offset, fdatasync, and only then return.
//! - `complete`: fsync the file, rename it, fsync the subfolder, and only then return.
//!
//! After an fsync has failed, nothing is written any more until the process is started anew, and reads go
//! on. One process uses a folder at a time: the server holds a lock on its data folder.

mod claims;
mod error;
mod folder;
mod health;
mod list;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;
use std::fmt::Debug;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::JoinError;

use crate::blobs::local::claims::Claims;
use crate::blobs::local::folder::Folder;
use crate::blobs::local::write::Target;
use crate::blobs::name::BlobName;
use crate::blobs::{
    BlobBody, BlobError, BlobLayout, BlobLook, BlobRef, BlobStore, ListedBlob, PartBody, PartPlace,
    PartTag, READ_BUFFER, Space, StoredPart, Transform, parts_are_whole,
};

/// A store in a folder of a local file system.
pub struct LocalBlobs {
    folder: Arc<Folder>,
    claims: Claims,
}

impl LocalBlobs {
    /// Opens a folder and makes it, with mode 0700, if it is missing. Blocks for some milliseconds.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`] or [`BlobError::StorageFull`] if the folder cannot be made or used.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, BlobError> {
        Ok(Self {
            folder: Arc::new(Folder::open(&folder.into())?),
            claims: Claims::default(),
        })
    }

    /// Opens a folder that is there and changes nothing in it: every verb that writes is refused.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`] if there is none or it cannot be read.
    pub fn open_read_only(folder: impl Into<PathBuf>) -> Result<Self, BlobError> {
        Ok(Self {
            folder: Arc::new(Folder::open_read_only(&folder.into())?),
            claims: Claims::default(),
        })
    }

    /// Opens a completed blob that has `range`.
    async fn completed(&self, blob: &BlobRef, range: &Range<u64>) -> Result<File, BlobError> {
        let name = BlobName::try_from(blob)?;
        let (file, length) = self.run(move |folder| folder.open_completed(name)).await?;
        if range.end > length || range.start > range.end {
            return Err(BlobError::NotFound);
        }
        Ok(file)
    }

    /// Runs `work` where it may block.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, BlobError> + Send + 'static,
    ) -> Result<T, BlobError> {
        let folder = Arc::clone(&self.folder);
        blocking(move || work(&folder)).await
    }
}

/// Shows no path: files print theirs.
impl Debug for LocalBlobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalBlobs(..)")
    }
}

#[async_trait]
impl BlobStore for LocalBlobs {
    async fn create(&self, layout: BlobLayout) -> Result<BlobRef, BlobError> {
        let name = BlobName::random();
        self.run(move |folder| folder.create(name, layout.size))
            .await?;
        Ok(name.to_ref())
    }

    async fn put_part(
        &self,
        blob: &BlobRef,
        place: PartPlace,
        body: PartBody,
    ) -> Result<PartTag, BlobError> {
        let name = BlobName::try_from(blob)?;
        let claim = self.claims.part(name, place.number).await;
        let file = self.run(move |folder| folder.open_partial(name)).await?;
        let target = Arc::new(Target {
            file,
            _claim: claim,
        });
        write::write_body(&target, place, body).await?;
        self.run(move |folder| folder.health.sync(|| target.file.sync_data()))
            .await?;
        Ok(PartTag::default())
    }

    async fn complete(
        &self,
        blob: &BlobRef,
        parts: &[StoredPart],
        size: u64,
    ) -> Result<(), BlobError> {
        let name = BlobName::try_from(blob)?;
        if !parts_are_whole(parts, size) {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "the parts have gaps");
            return Err(BlobError::Unavailable(error));
        }
        let claim = self.claims.whole(name).await;
        self.run(move |folder| {
            let _claim = claim;
            folder.publish(name, size)
        })
        .await
    }

    async fn read(&self, blob: &BlobRef, range: Range<u64>) -> Result<BlobBody, BlobError> {
        let file = self.completed(blob, &range).await?;
        Ok(read::read_range(file, range, READ_BUFFER, None))
    }

    async fn read_in(
        &self,
        blob: &BlobRef,
        range: Range<u64>,
        length: usize,
        transform: Transform,
    ) -> Result<BlobBody, BlobError> {
        let file = self.completed(blob, &range).await?;
        Ok(read::read_range(file, range, length, Some(transform)))
    }

    async fn delete(&self, blob: &BlobRef) -> Result<(), BlobError> {
        let name = BlobName::try_from(blob)?;
        self.run(move |folder| folder.remove(name)).await
    }

    async fn list(
        &self,
        after: Option<&BlobRef>,
        limit: usize,
    ) -> Result<Vec<ListedBlob>, BlobError> {
        let after = after.map(BlobName::try_from).transpose()?;
        self.run(move |folder| list::list(folder, after, limit))
            .await
    }

    async fn look(&self, blob: &BlobRef) -> Result<Option<BlobLook>, BlobError> {
        let Ok(name) = BlobName::try_from(blob) else {
            return Ok(None);
        };
        self.run(move |folder| list::look_at(folder, name)).await
    }

    async fn read_part(
        &self,
        blob: &BlobRef,
        part: &StoredPart,
    ) -> Result<Option<BlobBody>, BlobError> {
        let name = BlobName::try_from(blob)?;
        let place = part.place;
        let (file, length) = self.run(move |folder| folder.open_any(name)).await?;
        let end = place.offset.saturating_add(place.length);
        if end > length {
            return Err(BlobError::NotFound);
        }
        let range = place.offset..end;
        Ok(Some(read::read_range(file, range, READ_BUFFER, None)))
    }

    async fn space(&self) -> Result<Option<Space>, BlobError> {
        self.run(Folder::space).await.map(Some)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work).await.map_err(stopped)?
}

/// The runtime ended, or the work panicked and that was reported already.
fn stopped(_: JoinError) -> BlobError {
    BlobError::Unavailable(io::Error::other("the work was stopped"))
}
