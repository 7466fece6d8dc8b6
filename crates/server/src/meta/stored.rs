//! Rows as they lie in a store, for `check`: read as they are, also where they break the rules.

use std::fmt;
use std::fmt::Debug;

use async_trait::async_trait;

use super::{CommittedPart, MetaError, UploadState};
use crate::blobs::BlobRef;

/// What `check` reads of a meta store. Nothing here changes anything.
#[async_trait]
pub trait StoredRows: Debug + Send + Sync {
    /// Names at most `limit` rows of uploads and shares after `after`, in the order of their names. Fewer
    /// than `limit` means that it was the end.
    async fn row_ids(&self, after: Option<&RowId>, limit: usize) -> Result<Vec<RowId>, MetaError>;

    /// Returns one row with its parts and links, all of one moment.
    async fn row(&self, id: &RowId) -> Result<StoredLook, MetaError>;

    /// Counts rows that belong to nothing: parts, manifests, links and grants of rows that are not there,
    /// and grants of links of which only the tombstone is left.
    async fn stray_rows(&self) -> Result<u64, MetaError>;

    /// Tells whether the store itself says that it is whole (SQLite: `PRAGMA quick_check`).
    async fn is_whole(&self) -> Result<bool, MetaError>;

    /// Tells for each blob whether a row refers to it that has not forgotten it yet.
    async fn refers_to(&self, blobs: &[BlobRef]) -> Result<Vec<bool>, MetaError>;
}

/// The name of a row as the store has it, which may be none that onekey makes.
#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
pub struct RowId(pub Vec<u8>);

impl RowId {
    /// Returns the name as URLs have it.
    pub fn to_base64url(&self) -> String {
        onekey_core::base64url::encode(&self.0)
    }
}

impl Debug for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowId(..)")
    }
}

/// The answer of [`StoredRows::row`].
#[derive(Clone, Debug)]
pub enum StoredLook {
    /// There is no such row, or no longer.
    Gone,
    /// The row is there.
    Row(Box<StoredRow>),
    /// The row holds what no row can, such as a negative number.
    Unreadable,
}

/// The row of an upload or share, with all that belongs to it.
#[derive(Clone, Debug)]
pub struct StoredRow {
    /// Its state.
    pub state: UploadState,
    /// Where its payload lies.
    pub blob: BlobRef,
    /// Length of every part but the last.
    pub part_size: u64,
    /// Length of the payload, or `None` while it is unknown.
    pub size: Option<u64>,
    /// Bytes that it is charged with.
    pub charged: u64,
    /// Bytes of all parts, as counted when they came.
    pub received: u64,
    /// Whether its manifest is there.
    pub has_manifest: bool,
    /// Its parts, ascending by number.
    pub parts: Vec<CommittedPart>,
    /// Its links.
    pub links: Vec<StoredLink>,
}

/// A link, as far as numbers can be wrong.
#[derive(Clone, Copy, Debug)]
pub struct StoredLink {
    /// Downloads in all, or `None` for no cap.
    pub max_downloads: Option<u64>,
    /// Downloads taken and not given back.
    pub downloads: u64,
    /// Grants that are there.
    pub grants: u64,
    /// Whether it ended for good.
    pub ended: bool,
}
