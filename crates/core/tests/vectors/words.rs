//! The words of `expect` for the core's errors.

use onekey_core::header::ParseHeaderError;
use onekey_core::manifest::{
    JsonErrorKind, ManifestError, OpenManifestError, PaddingError, PathError,
};
use onekey_core::payload::DecryptError;

pub(crate) fn header(error: ParseHeaderError) -> String {
    let field = match error {
        ParseHeaderError::Exponent(_) => "exponent",
        ParseHeaderError::Magic => "magic",
        ParseHeaderError::Reserved => "reserved",
        ParseHeaderError::Suite(_) => "suite",
        ParseHeaderError::Truncated => "truncated",
        ParseHeaderError::Version(_) => "version",
        _ => "another field",
    };
    format!("header {field}")
}

pub(crate) fn payload(error: DecryptError) -> String {
    match error {
        DecryptError::Chunk { index } => format!("chunk {index}"),
        DecryptError::Truncated => "truncated".to_owned(),
        DecryptError::TrailingData => "trailing-data".to_owned(),
        _ => "failed".to_owned(),
    }
}

pub(crate) fn open_manifest(error: OpenManifestError) -> String {
    match error {
        OpenManifestError::Rule(rule) => manifest(rule),
        _ => "rejected".to_owned(),
    }
}

pub(crate) fn manifest(error: ManifestError) -> String {
    let rule = match error {
        ManifestError::Beyond { .. } => "beyond",
        ManifestError::FolderOfAnother { .. } => "folder-of-another",
        ManifestError::Json(error) => return format!("manifest json {}", json(error.kind)),
        ManifestError::MediaType { .. } => "media-type",
        ManifestError::Number { .. } => "number",
        ManifestError::Order { .. } => "order",
        ManifestError::Padding(PaddingError::Multiple) => "padding multiple",
        ManifestError::Padding(_) => "padding too-long",
        ManifestError::Path { error, .. } => return format!("manifest path {}", path(error)),
        ManifestError::SamePath { .. } => "same-path",
        ManifestError::Stored { .. } => "stored",
        _ => "another rule",
    };
    format!("manifest {rule}")
}

fn path(error: PathError) -> &'static str {
    match error {
        PathError::Control => "control",
        PathError::DotComponent => "dot-component",
        PathError::Empty => "empty",
        PathError::EmptyComponent => "empty-component",
        PathError::TooLong => "too-long",
        _ => "another rule",
    }
}

fn json(kind: JsonErrorKind) -> &'static str {
    match kind {
        JsonErrorKind::Codec => "codec",
        JsonErrorKind::End => "end",
        JsonErrorKind::Escape => "escape",
        JsonErrorKind::FieldName => "field-name",
        JsonErrorKind::Missing(_) => "missing",
        JsonErrorKind::Number => "number",
        JsonErrorKind::Repeated => "repeated",
        JsonErrorKind::Unexpected => "unexpected",
        JsonErrorKind::UnexpectedEnd => "unexpected-end",
        JsonErrorKind::Utf8 => "utf8",
        _ => "another fault",
    }
}
