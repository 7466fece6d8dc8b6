//! Flags and environment, as typed; [`Args::config`] turns them into a checked configuration.

mod check;
mod old_names;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use ipnet::IpNet;
use onekey_core::size::ChunkSize;
use onekey_core::url::ServerUrl;
use tracing::level_filters::LevelFilter;

use crate::config::{
    BlobsAt, Config, DEFAULT_DATA, DEFAULT_LISTEN, FreeFloor, MAX_EXPIRES_IN, MAX_GRANT_LIFETIME,
    MetaAt, UploadRedirect, UploadSecret,
};
use crate::meta::Limits;
pub use check::{CheckArgs, CheckAt, Command};
use values::{
    Expiry, SecretText, Switch, blobs, bytes, chunk_size, expiry, meta, seconds, upload_redirect,
};

/// Longest upload secret file, in bytes: one line.
const MAX_SECRET_FILE: u64 = 4096;

/// Serves onekey: stores what senders encrypted and hands it to whoever holds a link.
///
/// Without any flag it listens on this machine only and keeps everything in ./onekey-data.
/// Sizes are written like 500MB or 2GiB, times like 90s, 12h or 7d.
// The comments are the text of `--help`, where angle brackets around a URL would stand in the way.
#[allow(rustdoc::bare_urls)]
#[derive(Clone, Debug, Parser)]
#[command(version, after_help = AFTER_HELP)]
pub struct Args {
    /// What to do; without it, serve
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Address and port to listen on; port 0 picks a free one
    #[arg(long, env = "ONEKEY_LISTEN", value_name = "ADDR:PORT", default_value_t = DEFAULT_LISTEN)]
    pub listen: SocketAddr,

    /// Folder of the default database and blobs [default: ./onekey-data]
    #[arg(long, global = true, env = "ONEKEY_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Where rows lie: sqlite:PATH or memory: [default: sqlite:DATA/onekey.db]
    #[arg(long, global = true, env = "ONEKEY_DB", value_name = "URL", value_parser = meta)]
    pub db: Option<MetaAt>,

    /// Where payloads lie: file:DIR or memory: [default: file:DATA/blobs]
    #[arg(long, global = true, env = "ONEKEY_BLOBS", value_name = "URL", value_parser = blobs)]
    pub blobs: Option<BlobsAt>,

    /// The address that people use, such as https://files.example.org or https://example.org/files
    #[arg(long, env = "ONEKEY_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<ServerUrl>,

    /// Networks of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8,::1/128
    #[arg(
        long,
        env = "ONEKEY_TRUSTED_PROXIES",
        value_name = "NETS",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<IpNet>,

    /// File that holds the secret which uploads want
    #[arg(
        long,
        env = "ONEKEY_UPLOAD_SECRET_FILE",
        value_name = "FILE",
        conflicts_with = "upload_secret"
    )]
    pub upload_secret_file: Option<PathBuf>,

    /// The secret itself; other users of this machine can read flags, so prefer the file
    #[arg(
        long,
        env = "ONEKEY_UPLOAD_SECRET",
        value_name = "SECRET",
        hide_env_values = true
    )]
    pub upload_secret: Option<SecretText>,

    /// Most bytes of one share [default: no limit]
    #[arg(long, env = "ONEKEY_MAX_SIZE", value_name = "SIZE", value_parser = bytes)]
    pub max_size: Option<u64>,

    /// Most bytes of all shares together [default: no limit]
    #[arg(long, env = "ONEKEY_MAX_TOTAL", value_name = "SIZE", value_parser = bytes)]
    pub max_total: Option<u64>,

    /// Bytes of the disk to keep free [default: 1GiB or 5 % of the disk, whichever is more]
    #[arg(long, env = "ONEKEY_FREE_FLOOR", value_name = "SIZE", value_parser = bytes)]
    pub free_floor: Option<u64>,

    /// Longest life of a link; "never" allows links without an end
    #[arg(long, env = "ONEKEY_MAX_EXPIRY", value_name = "TIME", default_value = "never", value_parser = expiry)]
    pub max_expiry: Expiry,

    /// Life of a link when its sender does not choose
    #[arg(long, env = "ONEKEY_DEFAULT_EXPIRY", value_name = "TIME", default_value = "7d", value_parser = expiry)]
    pub default_expiry: Expiry,

    /// Life of a direct upload's link when its sender does not choose [default: never, or --max-expiry]
    #[arg(long, env = "ONEKEY_DIRECT_EXPIRY", value_name = "TIME", value_parser = expiry)]
    pub direct_expiry: Option<Expiry>,

    /// Whether to take plain files, and to open links with the key in their path; off: nothing is ever decrypted here
    #[arg(
        long,
        env = "ONEKEY_DIRECT",
        value_name = "ON|OFF",
        default_value = "on"
    )]
    pub direct: Switch,

    /// Chunk size of direct uploads, a power of two from 1KiB to 4MiB: what a range costs at least [default: 64KiB]
    #[arg(long, env = "ONEKEY_DIRECT_CHUNK_SIZE", value_name = "SIZE", value_parser = chunk_size)]
    pub direct_chunk_size: Option<ChunkSize>,

    /// Where / leads, in the place of the page, which /send still shows
    #[arg(long, env = "ONEKEY_UPLOAD_REDIRECT", value_name = "URL", value_parser = upload_redirect)]
    pub upload_redirect: Option<UploadRedirect>,

    /// How long a started download may be continued
    #[arg(long, env = "ONEKEY_GRANT_LIFETIME", value_name = "TIME", default_value = "24h", value_parser = seconds)]
    pub grant_lifetime: u64,

    /// Folder to read the page from at each request, for whoever writes it [default: the page in the program]
    #[cfg(feature = "web")]
    #[arg(long, env = "ONEKEY_WEB_DIR", value_name = "DIR")]
    pub web_dir: Option<PathBuf>,

    /// How much to log: error, warn, info, debug or trace; never keys, names or paths
    #[arg(long, env = "ONEKEY_LOG", value_name = "LEVEL", default_value = "info")]
    pub log: LevelFilter,
}

const AFTER_HELP: &str = "\
Every flag has an environment variable beside it. UPLOAD_SECRET, UPLOAD_REDIRECT, CONTENT_DIR and
CHUNK_SIZE of the old screenshot host still work; they mean ONEKEY_UPLOAD_SECRET,
ONEKEY_UPLOAD_REDIRECT, ONEKEY_DATA and ONEKEY_DIRECT_CHUNK_SIZE.

Examples:
  onekey-server
  onekey-server check --data /srv/onekey
  onekey-server --data /srv/onekey --public-url https://files.example.org \\
      --upload-secret-file /etc/onekey/upload-secret --max-size 20GiB";

/// Why flags and environment make no configuration. It names the flag and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{flag}: {reason}")]
pub struct ArgsError {
    flag: &'static str,
    reason: String,
}

impl ArgsError {
    fn new(flag: &'static str, reason: impl Into<String>) -> Self {
        Self {
            flag,
            reason: reason.into(),
        }
    }
}

/// A configuration, and what its operator should know.
#[derive(Debug)]
pub struct Checked {
    /// The configuration.
    pub config: Config,
    /// Sentences to print at the start.
    pub warnings: Vec<String>,
}

/// Where rows and blobs are.
struct Stores {
    data: PathBuf,
    meta: MetaAt,
    blobs: BlobsAt,
}

impl Args {
    /// Checks every value against every other. `environment` is asked for the old names.
    ///
    /// # Errors
    /// [`ArgsError`].
    pub fn config(
        mut self,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Checked, ArgsError> {
        self.take_old_names(environment)?;
        let mut warnings = Vec::new();
        let upload_secret = self.upload_secret(&mut warnings)?;
        if upload_secret.is_none() && !self.listen.ip().is_loopback() {
            warnings.push(
                "anybody who reaches this server may upload: set --upload-secret-file".into(),
            );
        }
        self.check_expiry()?;
        self.check_web_dir()?;
        let Stores { data, meta, blobs } = self.stores();
        let in_memory = meta == MetaAt::Memory && blobs == BlobsAt::Memory;
        if meta == MetaAt::Memory || blobs == BlobsAt::Memory {
            warnings
                .push("--db or --blobs is memory: shares are lost when the server stops".into());
        }
        let config = Config {
            blobs,
            meta,
            data: (!in_memory).then_some(data),
            public_url: self.public_url,
            trusted_proxies: self.trusted_proxies,
            upload_secret,
            limits: Limits {
                max_size: self.max_size,
                max_total: self.max_total,
            },
            free_floor: self.free_floor.map_or(FreeFloor::Share, FreeFloor::Bytes),
            max_expiry: self.max_expiry.0,
            default_expiry: self.default_expiry.0,
            grant_lifetime: self.grant_lifetime,
            direct: self.direct == Switch::On,
            direct_expiry: self
                .direct_expiry
                .map_or(self.max_expiry.0, |Expiry(expiry)| expiry),
            direct_chunk_size: self.direct_chunk_size.unwrap_or_default(),
            upload_redirect: self.upload_redirect,
            #[cfg(feature = "web")]
            web_dir: self.web_dir,
            ..Config::default()
        };
        Ok(Checked { config, warnings })
    }

    fn stores(&self) -> Stores {
        let data = self.data.clone().unwrap_or_else(|| DEFAULT_DATA.into());
        let (meta, blobs) = (self.db.clone(), self.blobs.clone());
        Stores {
            meta: meta.unwrap_or_else(|| MetaAt::Sqlite(data.join("onekey.db"))),
            blobs: blobs.unwrap_or_else(|| BlobsAt::Folder(data.join("blobs"))),
            data,
        }
    }

    fn upload_secret(&self, warnings: &mut Vec<String>) -> Result<Option<UploadSecret>, ArgsError> {
        if let Some(secret) = &self.upload_secret {
            if std::env::args_os().any(|arg| {
                arg.to_string_lossy().starts_with("--upload-secret=") || arg == "--upload-secret"
            }) {
                warnings.push(
                    "--upload-secret: other users of this machine can read it; \
                     use --upload-secret-file"
                        .into(),
                );
            }
            return UploadSecret::new(secret.0.as_str())
                .map(Some)
                .map_err(|error| ArgsError::new("--upload-secret", error.to_string()));
        }
        let Some(path) = &self.upload_secret_file else {
            return Ok(None);
        };
        let flag = "--upload-secret-file";
        let text = values::small_file(path, MAX_SECRET_FILE)
            .map_err(|error| ArgsError::new(flag, format!("cannot be read: {error}")))?;
        UploadSecret::new(text.trim_end_matches(['\r', '\n']))
            .map(Some)
            .map_err(|error| ArgsError::new(flag, error.to_string()))
    }

    fn check_web_dir(&self) -> Result<(), ArgsError> {
        #[cfg(feature = "web")]
        if self.web_dir.as_ref().is_some_and(|folder| !folder.is_dir()) {
            return Err(ArgsError::new("--web-dir", "there is no such folder"));
        }
        Ok(())
    }

    fn check_expiry(&self) -> Result<(), ArgsError> {
        let range = onekey_core::wire::MIN_EXPIRES_IN..=MAX_EXPIRES_IN;
        let (max, default) = (self.max_expiry, self.default_expiry);
        for (flag, expiry) in [
            ("--max-expiry", Some(max)),
            ("--default-expiry", Some(default)),
            ("--direct-expiry", self.direct_expiry),
        ] {
            let Some(Expiry(expiry)) = expiry else {
                continue;
            };
            if expiry.is_some_and(|seconds| !range.contains(&seconds)) {
                return Err(ArgsError::new(flag, "wants 60s to 36500d, or never"));
            }
            let longer = max
                .0
                .is_some_and(|max| expiry.is_none_or(|expiry| expiry > max));
            if longer {
                return Err(ArgsError::new(flag, "is longer than --max-expiry"));
            }
        }
        if !(1..=MAX_GRANT_LIFETIME).contains(&self.grant_lifetime) {
            return Err(ArgsError::new("--grant-lifetime", "wants 1s to 30d"));
        }
        Ok(())
    }
}
