//! `onekey man`.

use std::path::PathBuf;

use clap::Args;

use super::after_help;

const EXAMPLES: &str = "\
Examples:
  onekey man | man -l -
  onekey man -o ~/.local/share/man/man1                  (then: man onekey-put)";

/// Write the manual pages
///
/// Without -o the page of onekey itself goes to standard output.
#[derive(Args, Debug)]
#[command(after_help = after_help(EXAMPLES))]
pub(crate) struct ManArgs {
    /// Write one page for each command into this folder, over those that are there
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}
