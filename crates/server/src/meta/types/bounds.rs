//! How long rows live, and how many wrong proofs they bear.

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
