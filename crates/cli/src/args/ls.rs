//! `onekey ls`.

use clap::Args;

use super::after_help;

const EXAMPLES: &str = "\
Where it comes from:
  `onekey put` and `onekey link add` record what they make, keys included, in
  ~/.local/share/onekey (XDG_DATA_HOME), readable by you alone. --no-history
  or ONEKEY_HISTORY=off keeps a share out of it, `onekey rm` takes it out.

What is shown:
  The link of each share stands below it: whoever sees it has the files. Of a
  direct link both forms do, the direct one first.
  STATE is live, expired, used up or revoked as the server says; gone, if it
  does not have the share any more; ?, if the server did not answer.
  What a direct link shows is counted only where its downloads are limited.

Examples:
  onekey ls
  onekey ls --json
  onekey rm 'https://…/s#…'                a link of the list is enough";

/// List what you shared from this machine, with its links and how it stands
///
/// Each share's server is asked at once whether it is still there and how often it was
/// downloaded. Asking spends nothing. Without an answer within seconds the list goes on.
#[derive(Args)]
#[command(after_help = after_help(EXAMPLES))]
pub(crate) struct LsArgs {
    /// List all shares, not only the newest 100
    #[arg(long)]
    pub(crate) all: bool,

    /// Print one line of JSON, manage links included
    ///
    /// Its fields: shares, each with manage_link, share, title, names, files, size, created_at,
    /// expires_at (Unix seconds), state (live, ended, gone, unknown) and links, each with link,
    /// direct_link, locator, label, password, direct, state (live, expired, used_up, revoked),
    /// max_downloads, downloads, downloads_left and expires_at. A field is null where it is not known.
    #[arg(long)]
    pub(crate) json: bool,
}
