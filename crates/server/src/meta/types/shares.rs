//! Shares, as their owner sees them.

use onekey_core::header::HEADER_LEN;
use onekey_core::keys::Locator;
use onekey_core::link::ENVELOPE_LEN;

use super::LinkState;
use crate::clock::UnixTime;

/// A live share, for its owner.
#[derive(Clone, Debug)]
pub struct Share {
    /// The container's header.
    pub header: [u8; HEADER_LEN],
    /// The share key, wrapped for the owner.
    pub owner_envelope: Option<[u8; ENVELOPE_LEN]>,
    /// Length of the payload.
    pub size: u64,
    /// Length of the sealed manifest.
    pub manifest_size: u64,
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
