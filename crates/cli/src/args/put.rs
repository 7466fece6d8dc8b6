//! `onekey put`.

use std::path::PathBuf;

use clap::Args;

use super::{NewLinkArgs, after_help};

/// Where a server is that was started without options.
pub(crate) const DEFAULT_SERVER: &str = "http://127.0.0.1:8080";

/// The path that stands for standard input.
pub(crate) const STDIN: &str = "-";

const EXAMPLES: &str = "\
What is printed:
  The link alone goes to standard output, with --direct the direct one. What
  was sent, until when, the private form of a direct link, and the manage link,
  which deletes the share, go to standard error. -q leaves them out; `onekey ls`
  shows the link again, and `onekey rm LINK` deletes it.

What is kept:
  Until the link is printed, what is needed to continue after a crash, keys
  included, is in ~/.local/state/onekey (XDG_STATE_HOME), readable by you alone.
  The links stay in ~/.local/share/onekey (XDG_DATA_HOME), for `onekey ls`.

Environment:
  ONEKEY_SERVER         the server, like --server
  ONEKEY_UPLOAD_SECRET  what your server asks of those who upload, if it does
  ONEKEY_PASSWORD       the password, if --password is given
  ONEKEY_HISTORY        `off` does what --no-history does

Examples:
  onekey put report.pdf
  onekey put photos/ notes.txt --expires 30d --downloads 5 --title 'Our holiday'
  onekey put --password secret-plans/
  onekey put --resume photos/ notes.txt --expires 30d
  pg_dump shop | onekey put - --name shop.sql
  onekey put report.pdf -q | wl-copy
  grim - | onekey put --direct - --name shot.png -q | wl-copy";

/// Encrypt files and folders, send them and print the link
///
/// Folders go with all they hold: `put a/b/photos` names the files `photos/…`. Empty folders, times
/// and the right to run a file are kept. Names and content are encrypted before they are sent.
#[derive(Args)]
#[command(after_help = after_help(EXAMPLES))]
pub(crate) struct PutArgs {
    /// Files and folders to send, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Server to send to
    #[arg(long, value_name = "URL", env = "ONEKEY_SERVER", default_value = DEFAULT_SERVER)]
    pub(crate) server: String,

    #[command(flatten)]
    pub(crate) new_link: NewLinkArgs,

    /// Name of the share, shown to receivers
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,

    /// A few words, shown to receivers before they download
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,

    /// Name of the file that standard input becomes [default: stdin]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Send what symbolic links point to, instead of skipping them
    #[arg(long)]
    pub(crate) follow: bool,

    /// Send no padding: less to send, and the server learns the exact total size
    ///
    /// With --direct there is none: that server can read the files.
    #[arg(long)]
    pub(crate) no_pad: bool,

    /// Send padding with --direct, too: it hides the exact size from who holds the server's disk
    #[arg(long, conflicts_with = "no_pad")]
    pub(crate) pad: bool,

    /// Send all files as they are, also those that would get smaller
    ///
    /// By default files are compressed before they are encrypted, except types that are compressed
    /// already, files that do not get smaller, and standard input. With --direct nothing is: a part
    /// of a film costs no more than itself then. A share that was sent like this may get a direct
    /// link later.
    #[arg(long)]
    pub(crate) no_compress: bool,

    /// Continue a put that was cut off: send what is missing and print its link
    ///
    /// Name the same paths with the same options. What was sent is compared with the files as they
    /// are now; if they changed, everything is sent anew. Without anything to continue it begins.
    #[arg(long)]
    pub(crate) resume: bool,

    /// Print one line of JSON in place of the link
    ///
    /// Its fields: link, direct_link, manage_link, share, expires_at (Unix seconds), max_downloads,
    /// size, files (path and size of each). A field is null where there is no such thing.
    #[arg(long)]
    pub(crate) json: bool,

    /// Show nothing but the link and errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
