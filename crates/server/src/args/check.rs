//! `onekey-server check`, as typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::{Args, ArgsError};
use crate::config::{BlobsAt, MetaAt};

/// What the binary does other than serve.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Check that rows and blobs fit each other; reads only, also beside a running server
    Check(CheckArgs),
}

/// How to check.
///
/// Every share and upload is compared with its blob, every row with the rules, and every blob with the
/// rows. Nothing is written or locked. What a running server changes meanwhile is looked at twice.
#[derive(Clone, Debug, Parser)]
#[command(after_help = AFTER_HELP)]
pub struct CheckArgs {
    /// Read every byte and compare it with the SHA-256 that was kept when it came
    #[arg(long)]
    pub digests: bool,

    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,

    /// Name the shares and blobs with problems: do not paste that anywhere
    #[arg(long)]
    pub verbose: bool,
}

const AFTER_HELP: &str = "\
The data are where --data, --db and --blobs (or their variables) say, as for the server.

Exit code: 0 everything fits, 1 problems were found, 2 wrong usage, or the check could not be made.

Problems:
  already_completed  an upload still receives parts, but its blob is completed
  bad_row            a row breaks the rules, or belongs to nothing
  blob_long          the blob holds more bytes than its row says
  blob_missing       a row has parts, and its blob is not there
  blob_short         the blob holds fewer bytes than its row says
  database           the database file is damaged
  leftover           a completed blob that no row knows; no server ever removes it
  not_completed      a live share whose blob was not completed
  orphan             an unfinished blob that no row knows; a note while it is young
  part_digest        the bytes of a part changed, or cannot be read (--digests)";

/// Where the data to check are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CheckAt {
    /// The SQLite file.
    pub db: PathBuf,
    /// The folder of the blobs.
    pub blobs: PathBuf,
}

impl Args {
    /// Returns where the data to check are. Nothing else of the server's configuration is looked at: its
    /// secret may be readable for the server alone.
    ///
    /// # Errors
    /// [`ArgsError`]: there is nothing to check in memory.
    pub fn check_at(
        mut self,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<CheckAt, ArgsError> {
        self.take_old_data(environment);
        let reason = "there is nothing to check in memory";
        let stores = self.stores();
        let MetaAt::Sqlite(db) = stores.meta else {
            return Err(ArgsError::new("--db", reason));
        };
        let BlobsAt::Folder(blobs) = stores.blobs else {
            return Err(ArgsError::new("--blobs", reason));
        };
        Ok(CheckAt { db, blobs })
    }
}
