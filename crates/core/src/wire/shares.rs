//! `/api/v1/shares`.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::bytes;
use crate::header::HEADER_LEN;
use crate::keys::Locator;
use crate::link::ENVELOPE_LEN;

/// Answer of `GET /shares/{id}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShareDescription {
    /// The container's header, 72 bytes.
    #[serde(with = "bytes::fixed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 96, max_length = 96))]
    pub header: [u8; HEADER_LEN],
    /// The share key wrapped for its owner, or null.
    #[serde(with = "bytes::optional", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 80, max_length = 80))]
    pub owner_envelope: Option<[u8; ENVELOPE_LEN]>,
    /// Length of the payload.
    pub size: u64,
    /// When the upload was made.
    pub created_at: i64,
    /// The latest end of its links, or null if one never ends.
    pub expires_at: Option<i64>,
    /// Its links, in the order they were added.
    pub links: Vec<SharedLink>,
}

/// Body of `PATCH /shares/{id}`: what is left out stays as it is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeShare {
    /// Seconds until all its links end, from now, at least 60, or null for never.
    #[serde(
        with = "bytes::present",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u64>))]
    pub expires_in: Option<Option<u64>>,
}

/// State of a link.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Its time ended.
    Expired,
    /// It can be opened.
    Live,
    /// Its owner ended it.
    Revoked,
    /// Its downloads are spent.
    UsedUp,
}

/// A link, for its owner.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedLink {
    /// Its public name.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 22, max_length = 22))]
    pub locator: Locator,
    /// Its label, sealed, or null.
    #[serde(with = "bytes::any_optional", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub label: Option<Vec<u8>>,
    /// Whether it wants a password.
    pub password: bool,
    /// Whether the server may be given the key in a path.
    pub direct: bool,
    /// Downloads in all, or null for no cap.
    pub max_downloads: Option<u64>,
    /// Downloads taken and not given back.
    pub downloads: u64,
    /// Downloads left, or null for no cap.
    pub downloads_left: Option<u64>,
    /// When it ends, or null for never.
    pub expires_at: Option<i64>,
    /// Its state.
    pub state: LinkState,
    /// When the last grant was made, or null.
    pub last_used_at: Option<i64>,
}
