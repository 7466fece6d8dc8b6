//! `onekey completions`.

use crate::args::{self, CompletionsArgs};
use crate::message::Failure;
use crate::terminal;

/// Prints a script for a shell.
pub(super) fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut command = args::definition();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    Ok(terminal::results(&script)?)
}
