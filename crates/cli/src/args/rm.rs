//! `onekey rm`.

use clap::Args;

use super::after_help;

const EXAMPLES: &str = "\
Which link:
  The manage link, which `onekey put` printed, or any link of the share that
  `onekey ls` shows. `onekey link revoke` ends one link and leaves the others.

Where it comes from:
  From LINK, from ONEKEY_LINK, from standard input if it is not a terminal;
  else onekey asks for it. Quote a LINK: some shells take # for a comment.

Environment:
  ONEKEY_LINK  the link

Examples:
  onekey rm                        (asks for the link)
  onekey rm 'https://…/s#…'
  onekey rm < manage-link.txt";

/// Delete a share from its server, at once and for good
///
/// All its links end, also for those who are downloading, and it is taken out of the history. It
/// asks no further question.
#[derive(Args)]
#[command(after_help = after_help(EXAMPLES))]
pub(crate) struct RmArgs {
    /// The manage link or a link that `onekey ls` shows, or `-` to read it from standard input
    #[arg(value_name = "LINK", env = "ONEKEY_LINK", hide_env = true)]
    pub(crate) link: Option<String>,

    /// Show nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
