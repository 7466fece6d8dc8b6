//! Values as people write them.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use onekey_core::size::ChunkSize;

use crate::config::{BlobsAt, MetaAt, UploadRedirect};

/// Seconds, or `None` for never. A type of its own, as clap reads `Option` as "may be missing".
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Expiry(pub Option<u64>);

/// A secret as typed. Checking it is left for later, as clap's refusals repeat what was typed.
#[derive(Clone, Eq, PartialEq)]
pub struct SecretText(pub(super) String);

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// Reads `500MB`, `2GiB` or a plain number of bytes.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    parse_size::parse_size(text).map_err(|_| "wants a size like 500MB or 2GiB".into())
}

/// Reads `90s`, `12h` or `7d`.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    humantime::parse_duration(text)
        .map(|time| time.as_secs())
        .map_err(|_| "wants a time like 90s, 12h or 7d".into())
}

/// Reads a time or `never`.
pub(super) fn expiry(text: &str) -> Result<Expiry, String> {
    if text == "never" {
        return Ok(Expiry(None));
    }
    seconds(text)
        .map(|seconds| Expiry(Some(seconds)))
        .map_err(|reason| reason + ", or never")
}

/// Reads a chunk size.
pub(super) fn chunk_size(text: &str) -> Result<ChunkSize, String> {
    bytes(text)
        .ok()
        .filter(|size| size.is_power_of_two())
        .and_then(|size| ChunkSize::from_exponent(u8::try_from(size.ilog2()).ok()?))
        .ok_or_else(|| "wants a power of two from 1KiB to 4MiB".into())
}

/// Reads an address to lead to.
pub(super) fn upload_redirect(text: &str) -> Result<UploadRedirect, String> {
    UploadRedirect::new(text).map_err(|error| error.to_string())
}

/// Reads the URL of a meta store.
pub(super) fn meta(text: &str) -> Result<MetaAt, String> {
    match text.split_once(':') {
        Some(("memory", "")) => Ok(MetaAt::Memory),
        Some(("sqlite", path)) if !path.is_empty() => Ok(MetaAt::Sqlite(path.into())),
        Some(("postgres" | "postgresql", _)) => Err("PostgreSQL is not in this version".into()),
        _ => Err("wants sqlite:PATH or memory:".into()),
    }
}

/// Reads the URL of a blob store.
pub(super) fn blobs(text: &str) -> Result<BlobsAt, String> {
    match text.split_once(':') {
        Some(("memory", "")) => Ok(BlobsAt::Memory),
        Some(("file", path)) if !path.is_empty() => Ok(BlobsAt::Folder(path.into())),
        Some(("s3", _)) => Err("S3 is not in this version".into()),
        _ => Err("wants file:DIR or memory:".into()),
    }
}

/// Reads a text file of at most `limit` bytes.
pub(super) fn small_file(path: &Path, limit: u64) -> io::Result<String> {
    let mut text = String::new();
    let read = File::open(path)?
        .take(limit + 1)
        .read_to_string(&mut text)?;
    if read as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too long"));
    }
    Ok(text)
}
