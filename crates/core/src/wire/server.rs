//! `GET /api/v1/server`.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// What a server offers and allows.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerDescription {
    /// The server's version.
    pub version: String,
    /// The folder name of the page's modules, or null where there is no page.
    pub assets: Option<String>,
    /// Whether an upload wants `Authorization: Bearer`.
    pub upload_secret_required: bool,
    /// Whether links may let the server decrypt.
    pub direct: bool,
    /// Most bytes of a payload, or null for no limit.
    pub max_size: Option<u64>,
    /// Longest `expires_in` in seconds, or null if a link may live for ever.
    pub max_expiry: Option<u64>,
    /// The `expires_in` that clients propose, in seconds, or null for never.
    pub default_expiry: Option<u64>,
    /// Choices that a page offers, in seconds; null is never.
    pub expiry_choices: Vec<Option<u64>>,
    /// Smallest part size in bytes; the store may want whole megabytes.
    pub min_part_size: u64,
    /// Largest part size in bytes.
    pub max_part_size: u64,
    /// Where to report abuse, or null.
    pub report_address: Option<String>,
}
