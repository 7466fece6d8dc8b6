//! `/api/v1/links`.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::bytes;
use crate::header::HEADER_LEN;
use crate::keys::{Grant, Locator, Verifier};
use crate::link::ENVELOPE_LEN;

/// A link to add.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// Its public name.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 22, max_length = 22))]
    pub locator: Locator,
    /// SHA-256 of its proof.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 43, max_length = 43))]
    pub verifier: Verifier,
    /// The share key wrapped for it, 60 bytes.
    #[serde(with = "bytes::fixed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 80, max_length = 80))]
    pub envelope: [u8; ENVELOPE_LEN],
    /// Whether a password goes into proof and wrap key.
    pub password: bool,
    /// Whether the server may be given the key in a path.
    pub direct: bool,
    /// Downloads in all, at least 1, or null for no cap.
    #[serde(deserialize_with = "Option::deserialize")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub max_downloads: Option<u64>,
    /// Seconds until it ends, at least 60, or null for never.
    #[serde(deserialize_with = "Option::deserialize")]
    #[cfg_attr(feature = "openapi", schema(minimum = 60))]
    pub expires_in: Option<u64>,
    /// The owner's label, sealed, or null.
    #[serde(with = "bytes::any_optional", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub label: Option<Vec<u8>>,
}

/// Answer of `POST /shares/{id}/links`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkAdded {
    /// The link's public name.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 22, max_length = 22))]
    pub locator: Locator,
    /// When it ends, or null for never.
    pub expires_at: Option<i64>,
}

/// Body of `PATCH /links/{locator}`: what is left out stays as it is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeLink {
    /// Downloads in all, those that were taken included, at least 1, or null for no cap.
    #[serde(
        with = "bytes::present",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u64>))]
    pub max_downloads: Option<Option<u64>>,
    /// Seconds until it ends, from now, at least 60, or null for never.
    #[serde(
        with = "bytes::present",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u64>))]
    pub expires_in: Option<Option<u64>>,
}

/// Answer of `GET /links/{locator}`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkDescription {
    /// Whether the link wants a password.
    pub password: bool,
}

/// Answer of `POST /links/{locator}/open`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkOpened {
    /// The container's header, 72 bytes.
    #[serde(with = "bytes::fixed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 96, max_length = 96))]
    pub header: [u8; HEADER_LEN],
    /// The share key wrapped for this link, 60 bytes.
    #[serde(with = "bytes::fixed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 80, max_length = 80))]
    pub envelope: [u8; ENVELOPE_LEN],
    /// The sealed manifest.
    #[serde(with = "bytes::any")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub manifest: Vec<u8>,
    /// Length of the payload.
    pub size: u64,
    /// When the link ends, or null for never.
    pub expires_at: Option<i64>,
    /// Downloads left, or null for no cap.
    pub downloads_left: Option<u64>,
}

/// Answer of `POST /links/{locator}/grants`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantCreated {
    /// The grant.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 43, max_length = 43))]
    pub grant: Grant,
    /// When it ends; a grant never used ends after 10 minutes.
    pub expires_at: i64,
    /// Downloads left, or null for no cap.
    pub downloads_left: Option<u64>,
}
