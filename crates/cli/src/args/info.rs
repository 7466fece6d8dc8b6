//! `onekey info`.

use std::path::PathBuf;

use clap::Args;

use super::after_help;

const EXAMPLES: &str = "\
Where the link comes from:
  From LINK, from ONEKEY_LINK, from standard input if it is not a terminal;
  else onekey asks for it. Quote a LINK: some shells take # for a comment.
  A direct link will do, and gives the server no key here.

Environment:
  ONEKEY_LINK      the link
  ONEKEY_PASSWORD  the password, if the link asks for one

Examples:
  onekey info 'https://…/s#…'
  onekey info 'https://…/manage/…#…' --json";

/// Show what is behind a link, or the state of a share by its manage link
///
/// For a link: title, note, files, when it ends and how many downloads are left. For a manage link:
/// every link of the share and how often it was used. It counts as no download.
#[derive(Args)]
#[command(after_help = after_help(EXAMPLES))]
pub(crate) struct InfoArgs {
    /// The link or manage link, or `-` to read it from standard input
    #[arg(value_name = "LINK", env = "ONEKEY_LINK", hide_env = true)]
    pub(crate) link: Option<String>,

    /// Print one line of JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Read the password from a file that holds nothing else, if the link asks for one
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}
