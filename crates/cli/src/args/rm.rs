//! `onekey rm`.

use clap::Args;

use super::after_help;

const EXAMPLES: &str = "\
Where the manage link comes from:
  From LINK, from ONEKEY_LINK, from standard input if it is not a terminal;
  else onekey asks for it. Quote a LINK: some shells take # for a comment.

Environment:
  ONEKEY_LINK  the manage link

Examples:
  onekey rm                        (asks for the manage link)
  onekey rm < manage-link.txt";

/// Delete a share from its server, at once and for good
///
/// All its links end, also for those who are downloading. It needs the manage link, which `onekey
/// put` printed; it asks no further question.
#[derive(Args, Debug)]
#[command(after_help = after_help(EXAMPLES))]
pub(crate) struct RmArgs {
    /// The manage link, or `-` to read it from standard input
    #[arg(value_name = "LINK", env = "ONEKEY_LINK", hide_env = true)]
    pub(crate) link: Option<String>,

    /// Show nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
