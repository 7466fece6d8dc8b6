//! What a server is told: checked values, each with its default.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use ipnet::IpNet;
use onekey_core::size::ChunkSize;
use onekey_core::url::ServerUrl;
use subtle::ConstantTimeEq;

use crate::clock::{Clock, SystemClock};
use crate::meta::Limits;

/// Where the server listens unless told otherwise: this machine only.
pub const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Folder of the default database and blobs.
pub const DEFAULT_DATA: &str = "./onekey-data";

/// Seconds of the `expires_in` that clients propose: a week.
pub const DEFAULT_EXPIRY: u64 = 7 * 24 * 60 * 60;

/// Seconds of a direct upload's link when its sender does not choose: never, as screenshots stay in chats.
pub const DEFAULT_DIRECT_EXPIRY: Option<u64> = None;

/// Seconds that a grant lives: long enough for 5 GiB over a slow line, with a night in between.
pub const DEFAULT_GRANT_LIFETIME: u64 = 24 * 60 * 60;

/// Longest `--grant-lifetime`, in seconds: a share's bytes stay at least as long as its grants.
pub const MAX_GRANT_LIFETIME: u64 = 30 * 24 * 60 * 60;

/// Longest finite `expires_in` and `--max-expiry`, in seconds: a hundred years.
pub const MAX_EXPIRES_IN: u64 = 100 * 365 * 24 * 60 * 60;

/// Smallest share of the disk, in percent, that the default free-space floor keeps.
pub const FREE_FLOOR_PERCENT: u64 = 5;

/// Smallest default free-space floor in bytes: 1 GiB.
pub const FREE_FLOOR_MIN: u64 = 1 << 30;

/// Time between two sweeps.
pub const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Time that a stop waits for requests in flight.
pub const DRAIN: Duration = Duration::from_secs(30);

/// Time in which a client must send a request's header.
pub const HEADER_DEADLINE: Duration = Duration::from_secs(10);

/// Where payloads lie.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BlobsAt {
    /// In a folder.
    Folder(PathBuf),
    /// In memory: for tests and demonstrations, gone at the end.
    Memory,
}

/// Where rows lie.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum MetaAt {
    /// In memory: for tests and demonstrations, gone at the end.
    Memory,
    /// In a SQLite file.
    Sqlite(PathBuf),
}

/// How much of the disk stays free.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum FreeFloor {
    /// Bytes.
    Bytes(u64),
    /// 1 GiB or 5 % of the disk, whichever is more.
    #[default]
    Share,
}

impl FreeFloor {
    /// Returns the floor in bytes on a disk of `total` bytes.
    pub(crate) fn bytes(self, total: u64) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Share => FREE_FLOOR_MIN.max(total / 100 * FREE_FLOOR_PERCENT),
        }
    }
}

/// The secret that uploads want.
#[derive(Clone)]
pub struct UploadSecret(String);

/// Why a text cannot be an upload secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an upload secret has 1 to 1024 visible ASCII characters and no spaces")]
pub struct UploadSecretError;

impl UploadSecret {
    /// Takes a secret: 1..=1,024 visible ASCII characters, as a header field can hold them.
    ///
    /// # Errors
    /// [`UploadSecretError`].
    pub fn new(secret: impl Into<String>) -> Result<Self, UploadSecretError> {
        let secret = secret.into();
        let sound = (1..=1024).contains(&secret.len())
            && secret.bytes().all(|byte| byte.is_ascii_graphic());
        if sound {
            Ok(Self(secret))
        } else {
            Err(UploadSecretError)
        }
    }

    /// Tells in constant time for secrets of one length whether `given` is it.
    pub(crate) fn accepts(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

impl fmt::Debug for UploadSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadSecret(..)")
    }
}

/// Where `/` leads when somebody comes by browser.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UploadRedirect(HeaderValue);

/// Why a text is no address to lead to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("wants an address that begins with https://, http:// or /, in visible ASCII characters")]
pub struct UploadRedirectError;

impl UploadRedirect {
    /// Takes an address of at most 2,048 characters. Unless it has a fragment it gets an empty one: browsers take the
    /// fragment of the old address along to a new one that has none, and a fragment may be a key.
    ///
    /// # Errors
    /// [`UploadRedirectError`].
    pub fn new(address: &str) -> Result<Self, UploadRedirectError> {
        let begins = ["https://", "http://", "/"]
            .iter()
            .any(|start| address.starts_with(start));
        let sound =
            begins && address.len() <= 2048 && address.bytes().all(|byte| byte.is_ascii_graphic());
        if !sound {
            return Err(UploadRedirectError);
        }
        let fragment = if address.contains('#') { "" } else { "#" };
        HeaderValue::try_from(format!("{address}{fragment}"))
            .map(Self)
            .map_err(|_| UploadRedirectError)
    }

    /// Returns the field `Location`.
    pub(crate) fn location(&self) -> HeaderValue {
        self.0.clone()
    }
}

/// What a [`Server`](crate::Server) is told. [`Config::default`] keeps all in memory.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// Where payloads lie.
    pub blobs: BlobsAt,
    /// Where rows lie.
    pub meta: MetaAt,
    /// Folder that the server owns alone while it runs, or `None` if all is in memory.
    pub data: Option<PathBuf>,
    /// The address that people use, with a path if a proxy serves onekey under one.
    pub public_url: Option<ServerUrl>,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The secret that uploads want, or `None` if anybody may upload.
    pub upload_secret: Option<UploadSecret>,
    /// Bytes of one payload and of all.
    pub limits: Limits,
    /// How much of the disk stays free.
    pub free_floor: FreeFloor,
    /// Longest `expires_in` in seconds, or `None` if links may live for ever.
    pub max_expiry: Option<u64>,
    /// The `expires_in` that clients propose, in seconds, or `None` for never.
    pub default_expiry: Option<u64>,
    /// Seconds that a grant lives.
    pub grant_lifetime: u64,
    /// Whether plain files are taken, and links with the key in the path are opened.
    pub direct: bool,
    /// The `expires_in` of direct uploads whose sender does not choose, in seconds, or `None` for never.
    pub direct_expiry: Option<u64>,
    /// Chunk size of direct uploads.
    pub direct_chunk_size: ChunkSize,
    /// Where `/` leads, in the place of the page.
    pub upload_redirect: Option<UploadRedirect>,
    /// Folder that the page is read from at each request, in the place of the one in the program: for whoever writes it.
    #[cfg(feature = "web")]
    pub web_dir: Option<PathBuf>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            blobs: BlobsAt::Memory,
            meta: MetaAt::Memory,
            data: None,
            public_url: None,
            trusted_proxies: Vec::new(),
            upload_secret: None,
            limits: Limits::default(),
            free_floor: FreeFloor::default(),
            max_expiry: None,
            default_expiry: Some(DEFAULT_EXPIRY),
            grant_lifetime: DEFAULT_GRANT_LIFETIME,
            direct: true,
            direct_expiry: DEFAULT_DIRECT_EXPIRY,
            direct_chunk_size: ChunkSize::DEFAULT,
            upload_redirect: None,
            #[cfg(feature = "web")]
            web_dir: None,
            clock: Arc::new(SystemClock),
        }
    }
}

impl Config {
    /// Keeps database and blobs in the folder `data`.
    pub fn in_folder(data: impl Into<PathBuf>) -> Self {
        let data = data.into();
        Self {
            blobs: BlobsAt::Folder(data.join("blobs")),
            meta: MetaAt::Sqlite(data.join("onekey.db")),
            data: Some(data),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_secret_is_checked_whole_and_never_printed() {
        let secret = UploadSecret::new("open-sesame").unwrap();
        assert!(secret.accepts("open-sesame"));
        for wrong in [
            "",
            "open-sesam",
            "open-sesame ",
            "open-sesame1",
            "Open-sesame",
        ] {
            assert!(!secret.accepts(wrong), "{wrong:?}");
        }
        assert_eq!(format!("{secret:?}"), "UploadSecret(..)");
        for bad in ["", "two words", "tab\t", "ümlaut", &"x".repeat(1025)] {
            assert!(UploadSecret::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_redirect_always_ends_with_a_fragment() {
        for (address, location) in [
            ("https://example.org/form", "https://example.org/form#"),
            ("https://example.org/#form", "https://example.org/#form"),
            ("/send", "/send#"),
        ] {
            let redirect = UploadRedirect::new(address).unwrap();
            assert_eq!(redirect.location(), location);
        }
        for bad in [
            "",
            "example.org",
            "javascript:alert(1)",
            "https://a b",
            "/\r\n",
        ] {
            assert_eq!(
                UploadRedirect::new(bad),
                Err(UploadRedirectError),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn the_free_floor_is_the_larger_of_both() {
        assert_eq!(FreeFloor::Share.bytes(1 << 30), 1 << 30);
        assert_eq!(FreeFloor::Share.bytes(100 << 30), 5 << 30);
        assert_eq!(FreeFloor::Bytes(7).bytes(1 << 40), 7);
    }
}
