//! Uploads and parts.

use onekey_core::header::HEADER_LEN;
use onekey_core::keys::{OwnerVerifier, ShareId};
use onekey_core::link::ENVELOPE_LEN;

use super::{Digest, NewLink, WriterId};
use crate::blobs::{BlobRef, PartPlace, PartTag};
use crate::clock::UnixTime;

/// State of a row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UploadState {
    /// Given up or expired; the blob is to be deleted.
    Aborted,
    /// All parts are there and every byte of the answer is fixed; the blob is being published.
    Completing,
    /// Deleted; the blob is to be deleted.
    Deleting,
    /// Deleted, and so is the blob.
    Gone,
    /// A share that can be opened.
    Live,
    /// Parts arrive.
    Receiving,
}

/// What the operator allows in all.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Limits {
    /// Bytes of one payload (`--max-size`).
    pub max_size: Option<u64>,
    /// Bytes of all payloads and reservations (`--max-total`).
    pub max_total: Option<u64>,
}

/// An upload to add.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Its name, and that of the share it becomes.
    pub id: ShareId,
    /// Where its payload goes.
    pub blob: BlobRef,
    /// The container's header.
    pub header: [u8; HEADER_LEN],
    /// Length of every part but the last.
    pub part_size: u64,
    /// Length of the payload, or `None` for a pipe.
    pub size: Option<u64>,
    /// Who may go on.
    pub owner_verifier: OwnerVerifier,
    /// The share key, wrapped for the owner.
    pub owner_envelope: Option<[u8; ENVELOPE_LEN]>,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it ends without a part.
    pub expires_at: UnixTime,
}

/// The row of an upload or share.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name.
    pub id: ShareId,
    /// Its state.
    pub state: UploadState,
    /// Where its payload lies.
    pub blob: BlobRef,
    /// The container's header.
    pub header: [u8; HEADER_LEN],
    /// Length of every part but the last.
    pub part_size: u64,
    /// Length of the payload: announced, or fixed by `begin_complete`.
    pub size: Option<u64>,
    /// Who may go on.
    pub owner_verifier: OwnerVerifier,
    /// When it was made.
    pub created_at: UnixTime,
    /// When an upload ends without a further part. Of no meaning in later states.
    pub expires_at: UnixTime,
}

/// A wish to write a part.
#[derive(Clone, Copy, Debug)]
pub struct PartClaim {
    /// Where the part lies.
    pub place: PartPlace,
    /// SHA-256 of its bytes, if it was announced.
    pub digest: Option<Digest>,
    /// Who writes.
    pub writer: WriterId,
    /// When the claim ends unless it is renewed.
    pub until: UnixTime,
}

/// The answer to a [`PartClaim`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Claimed {
    /// Another writer is at it.
    Busy,
    /// The part is recorded already, with this digest or with another.
    Exists {
        /// Whether its digest was announced.
        same_digest: bool,
    },
    /// The claim is the writer's.
    Yes,
}

/// A part that is durable.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CommittedPart {
    /// Where it lies.
    pub place: PartPlace,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// What the blob store returned.
    pub tag: PartTag,
}

/// All that `complete` fixes.
#[derive(Clone, Debug)]
pub struct Completion {
    /// Length of the payload.
    pub size: u64,
    /// The sealed manifest.
    pub manifest: Vec<u8>,
    /// The first link.
    pub link: NewLink,
    /// SHA-256 of the request as the client sent it, to know a repetition.
    pub body_digest: Digest,
}

/// How far `complete` is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CompleteState {
    /// Whether the share is live already.
    pub live: bool,
    /// The first link's end, as the first call fixed it.
    pub expires_at: Option<UnixTime>,
}

/// A row whose blob waits for something.
#[derive(Clone, Debug)]
pub struct Unfinished {
    /// The row.
    pub id: ShareId,
    /// Its blob.
    pub blob: BlobRef,
    /// Length of the payload as fixed by `begin_complete`, else 0.
    pub size: u64,
}

/// Sums over all rows.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Totals {
    /// Rows in `Receiving` or `Completing`.
    pub open_uploads: u64,
    /// Rows in `Live`.
    pub shares: u64,
    /// Bytes charged to all rows whose blob is not deleted yet.
    pub charged: u64,
    /// Bytes that open uploads were charged with and that no recorded part fills yet.
    pub outstanding: u64,
}
