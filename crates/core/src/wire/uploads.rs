//! `/api/v1/uploads`.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{NewLink, bytes};
use crate::header::HEADER_LEN;
use crate::keys::{OwnerVerifier, ShareId};
use crate::link::ENVELOPE_LEN;

/// Body of `POST /uploads`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateUpload {
    /// The container's header, 72 bytes.
    #[serde(with = "bytes::fixed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 96, max_length = 96))]
    pub header: [u8; HEADER_LEN],
    /// Bytes of every part but the last: a multiple of the encrypted chunk.
    pub part_size: u64,
    /// Length of the payload, or null while it is unknown (a pipe).
    #[serde(deserialize_with = "Option::deserialize")]
    pub size: Option<u64>,
    /// SHA-256 of the owner token.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 43, max_length = 43))]
    pub owner_verifier: OwnerVerifier,
    /// The share key wrapped for its owner, 60 bytes, or null.
    #[serde(with = "bytes::optional", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 80, max_length = 80))]
    pub owner_envelope: Option<[u8; ENVELOPE_LEN]>,
}

/// Answer of `POST /uploads`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadCreated {
    /// The upload's name, later the share's.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 22, max_length = 22))]
    pub id: ShareId,
    /// When it ends without a part.
    pub expires_at: i64,
}

/// State of an upload.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// Given up or expired.
    Aborted,
    /// Being published.
    Completing,
    /// Deleted, its bytes are going away.
    Deleting,
    /// Deleted.
    Gone,
    /// A share.
    Live,
    /// Parts arrive.
    Receiving,
}

/// Answer of `GET /uploads/{id}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadStatus {
    /// Its state.
    pub state: UploadState,
    /// The parts that are there, as inclusive runs, ascending.
    pub received: Vec<[u32; 2]>,
    /// When it ends without a further part.
    pub expires_at: i64,
}

/// Body of `POST /uploads/{id}/complete`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CompleteUpload {
    /// Length of the payload.
    pub size: u64,
    /// The sealed manifest.
    #[serde(with = "bytes::any")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub manifest: Vec<u8>,
    /// The first link.
    pub link: NewLink,
}

/// Answer of `POST /uploads/{id}/complete`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadCompleted {
    /// The share's name, which was the upload's.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 22, max_length = 22))]
    pub share: ShareId,
    /// When the link ends, or null for never.
    pub expires_at: Option<i64>,
}
