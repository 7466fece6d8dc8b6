//! The bodies of protocol v1, as server, client and page exchange them (docs/protocol.md).
//!
//! Binary values are base64url without padding, of exact length and canonical; times are Unix seconds;
//! sizes are bytes. A request with a field that is not known, or without one that says null for "no limit",
//! is refused: a forgotten or misspelt limit must not become none. Only a change leaves out what it does not
//! change. An answer's unknown fields are ignored: a
//! newer server may say more.

mod bytes;
mod error;
mod links;
mod server;
mod shares;
mod uploads;

pub use error::{ErrorBody, ErrorCode, ErrorDetail};
pub use links::{ChangeLink, GrantCreated, LinkAdded, LinkDescription, LinkOpened, NewLink};
pub use server::ServerDescription;
pub use shares::{ChangeShare, LinkState, ShareDescription, SharedLink};
pub use uploads::{
    CompleteUpload, CreateUpload, UploadCompleted, UploadCreated, UploadState, UploadStatus,
};

/// Prefix of every route.
pub const API_PREFIX: &str = "/api/v1";

/// Scheme of `Authorization` with the upload secret.
pub const SCHEME_UPLOAD_SECRET: &str = "Bearer";
/// Scheme of `Authorization` with an owner token.
pub const SCHEME_OWNER: &str = "Onekey-Owner";
/// Scheme of `Authorization` with a proof.
pub const SCHEME_PROOF: &str = "Onekey-Proof";
/// Scheme of `Authorization` with a grant.
pub const SCHEME_GRANT: &str = "Onekey-Grant";

/// Most bytes of the body of `complete`: a sealed manifest in base64url and what stands around it.
pub const MAX_COMPLETE_BODY: usize = 12 << 20;

/// Most bytes of every other JSON body.
pub const MAX_JSON_BODY: usize = 64 << 10;

/// Most parts of an upload: one fewer than S3 takes, so that a count never overflows it.
pub const MAX_PARTS: u32 = 9_999;

/// Smallest part size of a store that has a smallest one, in bytes (S3's rule).
pub const MIN_PART_SIZE: u64 = 5 << 20;

/// Largest part size in bytes.
pub const MAX_PART_SIZE: u64 = 64 << 20;

/// Largest number in JSON: what a JavaScript number counts exactly.
pub const MAX_NUMBER: u64 = (1 << 53) - 1;

/// Shortest `expires_in`, in seconds.
pub const MIN_EXPIRES_IN: u64 = 60;

/// Most links of a share, ended ones included for as long as more than their locators is kept: nobody hands out
/// more by hand, and a share's description stays small.
pub const MAX_LINKS: usize = 256;

/// Longest sealed manifest of a share that opens directly, in bytes: its server opens it anew for each request.
pub const MAX_DIRECT_MANIFEST: usize = 256 << 10;
