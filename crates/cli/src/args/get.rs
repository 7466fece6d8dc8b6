//! `onekey get`.

use std::path::PathBuf;

use clap::Args;

use super::after_help;

const EXAMPLES: &str = "\
Where the link comes from:
  From LINK, from ONEKEY_LINK, from standard input if it is not a terminal;
  else onekey asks for it. Quote a LINK: some shells take # for a comment.
  Other users of this machine can read LINK while the command runs. The other
  three ways keep it from them.
  A direct link will do, and gives the server no key here. Of a share with
  several files https://…/KEY/dir/a.txt takes that file alone.

If it is cut off:
  Run the same command again: it continues what a kill, a lost network or a
  reboot cut off, and spends no second download while the first one counts, a
  day by default. Until then the next file is a hidden .onekey-… beside its
  name, and ~/.local/state/onekey (XDG_STATE_HOME) has the rest, without keys.
  What goes to standard output cannot be continued.

Environment:
  ONEKEY_LINK      the link
  ONEKEY_PASSWORD  the password, if the link asks for one

Examples:
  onekey get                                  (asks for the link)
  onekey get -o downloads/ < link.txt
  onekey get 'https://…/s#…' --list
  onekey get 'https://…/s#…' --file photos/1.jpg -o first.jpg
  onekey get 'https://…/s#…' -o - | tar x";

/// Download what is behind a link, decrypt and check it
///
/// A file appears under its name only after its last byte was checked. Existing files are not
/// touched without --force, and nothing is written outside the folder.
#[derive(Args)]
#[command(after_help = after_help(EXAMPLES))]
pub(crate) struct GetArgs {
    /// The link, or `-` to read it from standard input
    #[arg(value_name = "LINK", env = "ONEKEY_LINK", hide_env = true)]
    pub(crate) link: Option<String>,

    /// Where to write: a folder, a file, or `-` for standard output [default: this folder]
    ///
    /// It is a folder if it is one already, if it ends in `/`, or if several files are taken; else
    /// it is the name of the one file.
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,

    /// Show what is behind the link and take nothing; it counts as no download
    #[arg(long, conflicts_with_all = ["output", "files", "force"])]
    pub(crate) list: bool,

    /// Take only this file, named as --list shows it; may be given several times
    #[arg(long = "file", value_name = "NAME")]
    pub(crate) files: Vec<String>,

    /// Overwrite files that exist
    #[arg(long)]
    pub(crate) force: bool,

    /// Read the password from a file that holds nothing else, if the link asks for one
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,

    /// Show nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
