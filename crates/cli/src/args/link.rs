//! `onekey link`.

use clap::{Args, Subcommand};

use super::{NewLinkArgs, after_help};
use crate::units::{Expiry, parse_count, parse_expiry};

/// Names of the commands below `link`.
pub(super) const LINK_NAMES: [&str; 4] = ["add", "list", "change", "revoke"];

/// Stands for no cap.
const ANY: &str = "any";

const EXAMPLES: &str = "\
Examples:
  onekey link add --label 'for Bob' --downloads 1
  onekey link list
  onekey link change 'for Bob' --expires 30d
  onekey link revoke 'for Bob'";

const ADD_EXAMPLES: &str = "\
What is printed:
  The new link alone goes to standard output, with --direct the direct one. The
  server and `onekey link list` know its label and its limits, not its key;
  `onekey ls` shows it again.

Direct links:
  Only where no file was compressed: for shares of `put --direct`,
  `put --no-compress` and `put -`, and of files that got no smaller.

Where the manage link comes from:
  From MANAGE-LINK, from ONEKEY_LINK, from standard input if it is not a
  terminal; else onekey asks for it. Quote it: some shells take # for a comment.
  Any link that `onekey ls` shows stands for its share's manage link.

Environment:
  ONEKEY_LINK      the manage link
  ONEKEY_PASSWORD  the password, if --password is given

Examples:
  onekey link add --label 'for Bob'        (asks for the manage link)
  onekey link add --downloads 1 --expires 1h -q < manage-link.txt
  onekey link add --password
  onekey link add --direct";

const LIST_EXAMPLES: &str = "\
Environment:
  ONEKEY_LINK  the manage link

Examples:
  onekey link list                         (asks for the manage link)
  onekey link list --json < manage-link.txt";

const CHANGE_EXAMPLES: &str = "\
Environment:
  ONEKEY_LINK  the manage link

Examples:
  onekey link change 2 --expires 30d       (asks for the manage link)
  onekey link change 'for Bob' --downloads 5 < manage-link.txt
  onekey link change 'https://…/s#…' --expires 1h     (a link of `onekey ls`)
  onekey link change 1 --expires never --downloads any";

const REVOKE_EXAMPLES: &str = "\
Environment:
  ONEKEY_LINK  the manage link

Examples:
  onekey link revoke 2                     (asks for the manage link)
  onekey link revoke 'for Bob' < manage-link.txt
  onekey link revoke 'https://…/s#…'                  (a link of `onekey ls`)";

/// Add, list, change and revoke links of a share, by its manage link
///
/// A share may have many links, each with its own key, password, limits and label. Each can be
/// revoked without touching the others.
#[derive(Args)]
#[command(after_help = after_help(EXAMPLES), disable_help_subcommand = true)]
#[command(arg_required_else_help = true)]
pub(crate) struct LinkArgs {
    #[command(subcommand)]
    pub(crate) command: LinkCommand,
}

/// What to do with links.
#[derive(Subcommand)]
pub(crate) enum LinkCommand {
    Add(AddArgs),
    List(ListArgs),
    Change(ChangeArgs),
    Revoke(RevokeArgs),
}

/// Make one more link to a share and print it
///
/// It opens the same files as the first one, with a key, a password and limits of its own.
#[derive(Args)]
#[command(after_help = after_help(ADD_EXAMPLES))]
pub(crate) struct AddArgs {
    /// The manage link or a link that `onekey ls` shows, or `-` to read it from standard input
    #[arg(value_name = "MANAGE-LINK", env = "ONEKEY_LINK", hide_env = true)]
    pub(crate) link: Option<String>,

    #[command(flatten)]
    pub(crate) new_link: NewLinkArgs,

    /// Print one line of JSON in place of the link
    ///
    /// Its fields: link, direct_link, locator, label, password (true or false), expires_at (Unix
    /// seconds), max_downloads. A field is null where there is no such thing.
    #[arg(long)]
    pub(crate) json: bool,

    /// Show nothing but the link and errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// List the links of a share with their labels and limits
///
/// Links that ended more than 30 days ago are not listed.
#[derive(Args)]
#[command(after_help = after_help(LIST_EXAMPLES))]
pub(crate) struct ListArgs {
    /// The manage link or a link that `onekey ls` shows, or `-` to read it from standard input
    #[arg(value_name = "MANAGE-LINK", env = "ONEKEY_LINK", hide_env = true)]
    pub(crate) link: Option<String>,

    /// Print one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Change how long a link lives and how often it may be used
///
/// A link that expired or is used up works again if that is enough. A revoked one never does.
#[derive(Args)]
#[command(after_help = after_help(CHANGE_EXAMPLES), allow_missing_positional = true)]
pub(crate) struct ChangeArgs {
    /// The manage link or a link that `onekey ls` shows, or `-` to read it from standard input
    #[arg(value_name = "MANAGE-LINK", env = "ONEKEY_LINK", hide_env = true)]
    pub(crate) link: Option<String>,

    /// Which link: its label or its number, as `onekey link list` shows them, or the link itself
    #[arg(value_name = "WHICH", required = true)]
    pub(crate) which: String,

    /// How long the link lives from now: 90s, 10m, 12h, 7d or never
    #[arg(long, value_name = "TIME", value_parser = parse_expiry)]
    pub(crate) expires: Option<Expiry>,

    /// How many downloads it allows in all, those before included, or `any`
    #[arg(long, value_name = "N", value_parser = parse_cap)]
    pub(crate) downloads: Option<Cap>,

    /// Show nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// End one link, at once and for good
///
/// Downloads that use it end, too; the other links of the share go on. Whoever opened it before
/// may have kept the files.
#[derive(Args)]
#[command(after_help = after_help(REVOKE_EXAMPLES), allow_missing_positional = true)]
pub(crate) struct RevokeArgs {
    /// The manage link or a link that `onekey ls` shows, or `-` to read it from standard input
    #[arg(value_name = "MANAGE-LINK", env = "ONEKEY_LINK", hide_env = true)]
    pub(crate) link: Option<String>,

    /// Which link: its label or its number, as `onekey link list` shows them, or the link itself
    #[arg(value_name = "WHICH", required = true)]
    pub(crate) which: String,

    /// Show nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// How often a link may be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cap {
    /// Any number of times.
    Any,
    /// So many times in all.
    Most(u64),
}

/// Parses a count or `any`.
fn parse_cap(text: &str) -> Result<Cap, String> {
    if text == ANY {
        return Ok(Cap::Any);
    }
    parse_count(text)
        .map(Cap::Most)
        .map_err(|_| format!("write a whole number, at least 1, or {ANY}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caps_are_counts_or_none() {
        assert_eq!(parse_cap("any"), Ok(Cap::Any));
        assert_eq!(parse_cap("3"), Ok(Cap::Most(3)));
        for text in ["", "0", "-1", "Any", "never", "9007199254740992"] {
            assert!(parse_cap(text).is_err(), "{text}");
        }
    }
}
