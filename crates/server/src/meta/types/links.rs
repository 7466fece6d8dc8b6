//! Links, proofs and grants.

use onekey_core::header::HEADER_LEN;
use onekey_core::keys::{Locator, ShareId, Verifier};
use onekey_core::link::ENVELOPE_LEN;

use super::GrantHash;
use crate::blobs::BlobRef;
use crate::clock::UnixTime;

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

/// What changes of a link: `None` leaves a limit as it is, `Some(None)` takes it away.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkChange {
    /// Downloads in all, those that were taken included.
    pub max_downloads: Option<Option<u64>>,
    /// When it ends.
    pub expires_at: Option<Option<UnixTime>>,
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

/// What the server reads of a link that opens directly, for whoever gave it the key.
#[derive(Clone, Debug)]
pub struct DirectLink {
    /// Its share.
    pub share: ShareId,
    /// Its state: `Expired` and `UsedUp` stop new grants only.
    pub state: LinkState,
    /// Where the payload lies.
    pub blob: BlobRef,
    /// What a receiver would get.
    pub opened: Opened,
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
    /// The link that the grant was taken of.
    pub locator: Locator,
    /// Where it lies.
    pub blob: BlobRef,
    /// Its length.
    pub size: u64,
}
