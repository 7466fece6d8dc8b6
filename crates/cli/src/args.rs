//! What may stand on the command line.
//!
//! No secret ever does, but for a link that somebody chooses to type: other users of the machine
//! can read every process's arguments. Environment variables that are empty count as not set.

mod completions;
mod get;
mod info;
mod link;
mod ls;
mod man;
mod new_link;
mod put;
mod rm;
mod seal;
mod unseal;
mod usage;

use clap::{CommandFactory, Parser, Subcommand};

use crate::exit::{Exit, TABLE};

pub(crate) use completions::CompletionsArgs;
pub(crate) use get::GetArgs;
pub(crate) use info::InfoArgs;
pub(crate) use link::{AddArgs, Cap, ChangeArgs, LinkArgs, LinkCommand, ListArgs, RevokeArgs};
pub(crate) use ls::LsArgs;
pub(crate) use man::ManArgs;
pub(crate) use new_link::NewLinkArgs;
pub(crate) use put::{DEFAULT_SERVER, PutArgs, STDIN};
pub(crate) use rm::RmArgs;
pub(crate) use seal::{CipherName, SealArgs};
pub(crate) use unseal::UnsealArgs;

/// Columns of help texts in wide windows.
const MAX_HELP_WIDTH: usize = 100;

/// Names of the commands.
const NAMES: [&str; 10] = [
    "put",
    "get",
    "info",
    "ls",
    "link",
    "rm",
    "seal",
    "unseal",
    "completions",
    "man",
];

const EXAMPLES: &str = "\
Examples:
  onekey put holiday/ --expires 30d        send a folder, print its link
  tar c src | onekey put - --name src.tar  send what another program prints
  onekey get                               ask for the link, then download
  onekey get 'https://…/s#…' --list        look behind a link without taking it
  onekey seal disk.img -o disk.sealed      encrypt a file where it is, no server

Each command has more in its own help: onekey put --help";

/// Sends files with one link, encrypted before they leave your machine
///
/// `put` encrypts files, sends them to a onekey server and prints a link. Whoever has the link gets
/// the files with `get`, or by opening it in a browser. The key is the part of the link after `#`,
/// which the server never sees: it can neither read the files nor their names.
#[derive(Parser)]
#[command(name = "onekey", version, max_term_width = MAX_HELP_WIDTH, disable_help_subcommand = true)]
#[command(arg_required_else_help = true, after_help = after_help(EXAMPLES))]
struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    Put(PutArgs),
    Get(GetArgs),
    Info(InfoArgs),
    Ls(LsArgs),
    Link(LinkArgs),
    Rm(RmArgs),
    Seal(SealArgs),
    Unseal(UnsealArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Reads the command line.
///
/// # Errors
/// How to exit: help was asked for and printed, or a mistake was and its way out.
pub(crate) fn parse() -> Result<Command, Exit> {
    match Args::try_parse() {
        Ok(args) => Ok(args.command),
        Err(error) => Err(usage::explain(error)),
    }
}

/// Returns the definitions, for those who write them down elsewhere.
pub(crate) fn definition() -> clap::Command {
    Args::command()
}

/// Returns what follows the options in a help text.
fn after_help(examples: &str) -> String {
    format!("{examples}\n\n{TABLE}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_contradict_each_other_nowhere() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_command_is_named() {
        let command = Args::command();
        let names = command.get_subcommands().map(clap::Command::get_name);
        assert!(names.eq(NAMES));
        let link = command.find_subcommand("link").unwrap();
        let names = link.get_subcommands().map(clap::Command::get_name);
        assert!(names.eq(link::LINK_NAMES));
    }

    #[test]
    fn what_follows_the_options_fits_narrow_windows() {
        let command = Args::command();
        let link = command.find_subcommand("link").unwrap();
        let below = command.get_subcommands().chain(link.get_subcommands());
        for command in below.chain([&command]) {
            let text = command.get_after_help().unwrap().to_string();
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{line}");
            }
        }
    }
}
