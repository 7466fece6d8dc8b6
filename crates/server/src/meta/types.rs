//! What the verbs of [`super::MetaStore`] take and give.

use std::fmt;

pub use onekey_core::header::HEADER_LEN;
use onekey_core::keys::{Locator, OwnerVerifier, ShareId, Verifier};
pub use onekey_core::link::ENVELOPE_LEN;

use crate::blobs::{BlobRef, PartPlace, PartTag};
use crate::clock::UnixTime;

/// Seconds after which a grant that was never used ends and gives its download back.
pub const UNUSED_GRANT_LIFETIME: i64 = 10 * 60;

/// Seconds that a share is kept after its last link and its last grant ended.
pub const SHARE_GRACE: i64 = 60 * 60;

/// Seconds for which a right proof still learns why a link is gone; later only its locator is kept.
pub const TOMBSTONE_DETAIL: i64 = 30 * 24 * 60 * 60;

/// Seconds after which a day's pepper is deleted, counted from the start of its day.
pub const PEPPER_LIFETIME: i64 = 48 * 60 * 60;

/// Wrong proofs that one client may send for one locator in [`ATTEMPT_WINDOW`].
pub const WRONG_PROOFS_PER_CLIENT: u32 = 10;

/// Seconds of the window of [`WRONG_PROOFS_PER_CLIENT`], from the first wrong proof on.
pub const ATTEMPT_WINDOW: i64 = 60 * 60;

/// Wrong proofs that all clients together may send for one link with a password in [`LINK_ATTEMPT_WINDOW`].
/// Clients that gave a right proof for it in that time are exempt: a stranger cannot lock them out.
pub const WRONG_PROOFS_PER_LINK: u32 = 200;

/// Seconds of the window of [`WRONG_PROOFS_PER_LINK`], from the first wrong proof on.
pub const LINK_ATTEMPT_WINDOW: i64 = 24 * 60 * 60;

macro_rules! bytes_type {
    ($(#[$doc:meta])* $name:ident, $len:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

bytes_type! {
    /// SHA-256 of the ciphertext of a part, or of the body of `complete`.
    Digest, 32
}
bytes_type! {
    /// SHA-256 of a grant: all that is kept of it.
    GrantHash, 32
}
bytes_type! {
    /// The random number of one attempt to write a part.
    WriterId, 16
}
bytes_type! {
    /// A client's address behind a keyed hash (docs/protocol.md).
    ClientKey, 16
}
bytes_type! {
    /// The key of that hash, random, one for each day.
    Pepper, 32
}

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
    /// SHA-256 of its bytes, as announced.
    pub digest: Digest,
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
        /// Whether the digest is the announced one.
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

/// A link to add.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Its public name.
    pub locator: Locator,
    /// What its proof must hash to.
    pub verifier: Verifier,
    /// The share key, wrapped for this link.
    pub envelope: [u8; ENVELOPE_LEN],
    /// Whether a password goes into proof and wrap key.
    pub password: bool,
    /// Whether the server may be given the key in a path.
    pub direct: bool,
    /// Downloads in all, or `None` for no cap.
    pub max_downloads: Option<u64>,
    /// When it ends, or `None` for never.
    pub expires_at: Option<UnixTime>,
    /// The owner's label, sealed.
    pub label: Option<Vec<u8>>,
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

/// State of a link.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkState {
    /// Its time ended.
    Expired,
    /// It can be opened.
    Live,
    /// Its owner ended it, or deleted the share.
    Revoked,
    /// Its downloads are spent.
    UsedUp,
}

/// What a holder of the key may know before a proof.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LinkSummary {
    /// Its state.
    pub state: LinkState,
    /// Whether it wants a password.
    pub password: bool,
}

/// The answer to a proof.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProofCheck {
    /// Too many wrong ones; the proof was not looked at.
    Limited {
        /// Seconds until the next may be tried, at least 1.
        retry_after: u32,
    },
    /// The proof is right.
    Right(LinkState),
    /// No link has that locator, or its verifier is no longer kept.
    Unknown,
    /// The proof is wrong, and was counted.
    Wrong(LinkState),
}

/// What a receiver gets after a right proof.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The container's header.
    pub header: [u8; HEADER_LEN],
    /// The share key, wrapped for this link.
    pub envelope: [u8; ENVELOPE_LEN],
    /// The sealed manifest.
    pub manifest: Vec<u8>,
    /// Length of the payload.
    pub size: u64,
    /// When the link ends, or `None` for never.
    pub expires_at: Option<UnixTime>,
    /// Downloads left, or `None` for no cap.
    pub downloads_left: Option<u64>,
}

/// A grant to add.
#[derive(Clone, Copy, Debug)]
pub struct NewGrant {
    /// Its hash.
    pub hash: GrantHash,
    /// When it ends.
    pub expires_at: UnixTime,
}

/// The answer to a wish for a grant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Granted {
    /// The link is not live.
    Gone(LinkState),
    /// No link has that locator.
    Unknown,
    /// One download was taken.
    Yes {
        /// Downloads left, or `None` for no cap.
        downloads_left: Option<u64>,
    },
}

/// The payload behind a live grant.
#[derive(Clone, Debug)]
pub struct GrantedPayload {
    /// Where it lies.
    pub blob: BlobRef,
    /// Its length.
    pub size: u64,
}

/// A live share, for its owner.
#[derive(Clone, Debug)]
pub struct Share {
    /// The container's header.
    pub header: [u8; HEADER_LEN],
    /// The share key, wrapped for the owner.
    pub owner_envelope: Option<[u8; ENVELOPE_LEN]>,
    /// Length of the payload.
    pub size: u64,
    /// When the upload was made.
    pub created_at: UnixTime,
    /// The latest end of its links, or `None` if one never ends.
    pub expires_at: Option<UnixTime>,
    /// Its links, in the order they were added.
    pub links: Vec<ShareLink>,
}

/// A link, for its owner.
#[derive(Clone, Debug)]
pub struct ShareLink {
    /// Its public name.
    pub locator: Locator,
    /// The owner's label, sealed.
    pub label: Option<Vec<u8>>,
    /// Whether it wants a password.
    pub password: bool,
    /// Whether the server may be given the key in a path.
    pub direct: bool,
    /// Downloads in all, or `None` for no cap.
    pub max_downloads: Option<u64>,
    /// Downloads taken and not given back.
    pub downloads: u64,
    /// When it ends, or `None` for never.
    pub expires_at: Option<UnixTime>,
    /// Its state.
    pub state: LinkState,
    /// When the last grant was made, or `None`.
    pub last_used_at: Option<UnixTime>,
}

impl ShareLink {
    /// Downloads left, or `None` for no cap.
    pub fn downloads_left(&self) -> Option<u64> {
        self.max_downloads
            .map(|max| max.saturating_sub(self.downloads))
    }
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

/// Why a verb did nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetaError {
    /// `complete` was repeated with another body.
    #[error("the upload is being completed with other words")]
    CompleteDiffers,
    /// A link with that locator exists or existed.
    #[error("the locator was used before")]
    LocatorTaken,
    /// No such row.
    #[error("no such row")]
    NotFound,
    /// Parts are missing, have the wrong length or do not add up to the size.
    #[error("parts are missing")]
    PartsMissing,
    /// The disk under the meta store is full.
    #[error("the meta store's disk is full")]
    StorageFull,
    /// The payload would be larger than one may be.
    #[error("the payload is larger than allowed")]
    TooLarge,
    /// All payloads together would be larger than they may be.
    #[error("the server's total is reached")]
    TotalExceeded,
    /// The store failed; the source says how, without values of rows.
    #[error("the meta store failed")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The row is not in a state that allows this.
    #[error("the row is in another state")]
    WrongState,
}
