//! The blob store: where payloads live.
//!
//! # Contract
//!
//! A *blob* holds one payload: ciphertext, written once in parts, then completed, then only read and
//! at last deleted. The store makes the blob's reference; callers keep it as an opaque text and
//! never build or change one, so nothing that a client sends can reach a path or a bucket key.
//!
//! - **Parts** arrive in any order and in parallel. `put_part` returns only when the bytes survive
//!   power loss, and then gives a [`PartTag`] that the caller keeps. A part may be put again:
//!   the last *returned* tag of a number is the one that counts. The caller makes sure that one
//!   part has one writer at a time; different parts may be written at the same moment. A `put_part`
//!   that is dropped has ended for the caller: the store sees to it that whatever it still writes lands
//!   before the next `put_part` of that part or `complete` begins.
//! - **A failed `put_part`** (the body ends with an error, is short or is long) leaves the part
//!   undefined: it must be put again before `complete`.
//! - **`complete`** publishes: before it nothing can be read, afterwards every byte can, also after
//!   power loss. It may be repeated, also after a crash in the middle, and then succeeds again.
//! - **`read`** serves any range of a completed blob, in pieces of at most [`READ_BUFFER`] bytes. It
//!   gives exactly the range or ends with an error, never with fewer bytes. A [`Piece`] is the caller's
//!   alone, who may change it in place.
//! - **`read_in`** does the same in pieces of exactly the length that the caller wants, but for the last, and
//!   hands on what the caller's [`Transform`] makes of each.
//! - **`look`** and **`read_part`** are for `check` alone: they see what lies there, also before `complete`.
//! - **`delete`** removes a blob in whatever state it is; a missing one is success.
//! - **`list`** names what the store holds, for the sweep of blobs that no row knows. Only names that
//!   onekey makes are listed and only those are ever deleted: whatever else lies in the folder
//!   or bucket is not ours.
//!
//! A reference that this kind of store never makes is [`BlobError::NotFound`] in every call, also in
//! `delete` and `list`: it stands for something in another store, which is still there.
//!
//! Errors never carry a path or a reference: they end up in logs.

pub mod contract;
mod local;
mod memory;
mod name;
mod piece;
mod transform;

use std::fmt;
use std::fmt::Debug;
use std::io;
use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;

pub use local::LocalBlobs;
pub use memory::MemoryBlobs;
pub use piece::Piece;
pub use transform::Transform;

use crate::clock::UnixTime;

/// Bytes of a piece that `read` hands out, and of the buffers that files are read and written with.
/// With tokio's default of 4 KiB a download is ten times slower.
pub const READ_BUFFER: usize = 256 * 1024;

/// The store's own name of a blob: opaque, printable ASCII, at most 1,024 bytes.
///
/// A local store keeps a random name in it, S3 a key and a multipart upload id.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BlobRef(String);

impl BlobRef {
    /// Takes a text that a store made, now or before a restart.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text to keep in a row.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Debug for BlobRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlobRef(..)")
    }
}

/// What a store needs to find a part again at `complete`: opaque, at most 1,024 bytes.
///
/// A local store needs nothing, S3 the part's ETag.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PartTag(String);

impl PartTag {
    /// Takes a text that a store made, now or before a restart.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text to keep in a row.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a part lies in its payload.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PartPlace {
    /// The part's number, from 0.
    pub number: u32,
    /// The offset of its first byte: the number times the upload's part size.
    pub offset: u64,
    /// Its length in bytes, at least 1.
    pub length: u64,
}

/// A part that was put, as the caller kept it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredPart {
    /// Where it lies.
    pub place: PartPlace,
    /// What `put_part` returned.
    pub tag: PartTag,
}

/// What a new blob is going to hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BlobLayout {
    /// Length of every part but the last, in bytes.
    pub part_size: u64,
    /// Length of the payload, or `None` while it is unknown (a pipe). A local store reserves the
    /// space, so that a full disk is known before the first byte is sent.
    pub size: Option<u64>,
}

/// The bytes of a part on their way in.
pub type PartBody = BoxStream<'static, io::Result<Bytes>>;

/// The bytes of a range on their way out.
pub type BlobBody = BoxStream<'static, Result<Piece, BlobError>>;

/// A blob as `list` names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedBlob {
    /// The blob.
    pub blob: BlobRef,
    /// When it was last written.
    pub modified_at: UnixTime,
    /// Bytes it takes.
    pub size: u64,
    /// Whether it was completed.
    pub completed: bool,
}

/// A blob as `look` finds it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BlobLook {
    /// How far its bytes reach, or `None` where the store cannot tell before it is completed.
    pub length: Option<u64>,
    /// Whether it was completed.
    pub completed: bool,
}

/// Free and total bytes of the place where blobs lie.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Space {
    /// Bytes that can still be written.
    pub free: u64,
    /// Bytes in all.
    pub total: u64,
}

/// Why a blob could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// The sender's body ended with an error.
    #[error("the part's body broke off")]
    Body(#[source] io::Error),
    /// The sender's body has another length than the part.
    #[error("the part's body has another length than announced")]
    BodyLength,
    /// No completed blob has that reference, or it is shorter than the range.
    #[error("the blob is not there, or shorter than its row says")]
    NotFound,
    /// The store is full.
    #[error("the blob store is full")]
    StorageFull,
    /// The caller's own transform refused a piece.
    #[error(transparent)]
    Transform(Box<dyn std::error::Error + Send + Sync>),
    /// The store failed; the source says how, without a path.
    #[error("the blob store failed")]
    Unavailable(#[source] io::Error),
}

/// Says whether `parts` lie end to end from 0 to `size`. Callers promise it; a store that can check it
/// for nothing does, since a gap would be published as zeros.
fn parts_are_whole(parts: &[StoredPart], size: u64) -> bool {
    let end = parts.iter().try_fold(0_u64, |end, part| {
        (part.place.offset == end)
            .then_some(())
            .and_then(|()| end.checked_add(part.place.length))
    });
    end == Some(size)
}

/// Stores payloads. The module's documentation is the contract; [`contract`] tests it.
#[async_trait]
pub trait BlobStore: Debug + Send + Sync {
    /// Returns the smallest length of a part that is not the last, in bytes: 1 unless the store has such
    /// a rule (S3: 5 MiB).
    fn min_part_size(&self) -> u64 {
        1
    }

    /// Makes a new, empty blob and returns its reference.
    ///
    /// # Errors
    /// [`BlobError::StorageFull`] if `layout.size` bytes cannot be reserved.
    async fn create(&self, layout: BlobLayout) -> Result<BlobRef, BlobError>;

    /// Writes one part and makes it durable.
    ///
    /// # Errors
    /// [`BlobError::Body`] and [`BlobError::BodyLength`] are the sender's, the others ours.
    async fn put_part(
        &self,
        blob: &BlobRef,
        place: PartPlace,
        body: PartBody,
    ) -> Result<PartTag, BlobError>;

    /// Publishes the blob from `parts`, which are all of them in order. `size` is their sum.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] if the blob was never created or was deleted.
    async fn complete(
        &self,
        blob: &BlobRef,
        parts: &[StoredPart],
        size: u64,
    ) -> Result<(), BlobError>;

    /// Opens `range` of a completed blob; an empty range gives an empty stream.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] before anything is read; a later failure comes in the stream.
    async fn read(&self, blob: &BlobRef, range: Range<u64>) -> Result<BlobBody, BlobError>;

    /// The same in pieces of `length` bytes, at least 1, all but the last one, and each transformed. For callers who
    /// work on units of their own, such as chunks.
    ///
    /// # Errors
    /// As [`Self::read`]; in the stream also [`BlobError::Transform`].
    async fn read_in(
        &self,
        blob: &BlobRef,
        range: Range<u64>,
        length: usize,
        transform: Transform,
    ) -> Result<BlobBody, BlobError> {
        let body = self.read(blob, range).await?;
        Ok(transform::transform_body(body, length, transform))
    }

    /// Removes a blob, completed or not. A missing one is success.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`]: try again later.
    async fn delete(&self, blob: &BlobRef) -> Result<(), BlobError>;

    /// Names at most `limit` blobs after `after` in the store's own order, oldest form first.
    /// Fewer than `limit` means that it was the end.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    async fn list(
        &self,
        after: Option<&BlobRef>,
        limit: usize,
    ) -> Result<Vec<ListedBlob>, BlobError>;

    /// Returns what is known of a blob in whatever state, or `None` if it is not there.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    async fn look(&self, blob: &BlobRef) -> Result<Option<BlobLook>, BlobError>;

    /// Opens a part that was put, in whatever state its blob is, or returns `None` where the store gives no
    /// part out before `complete` (S3).
    ///
    /// # Errors
    /// [`BlobError::NotFound`] before anything is read, also where fewer bytes lie; a later failure comes in
    /// the stream.
    async fn read_part(
        &self,
        blob: &BlobRef,
        part: &StoredPart,
    ) -> Result<Option<BlobBody>, BlobError>;

    /// Returns the space that is left, or `None` where the store has no such limit.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    async fn space(&self) -> Result<Option<Space>, BlobError>;
}
