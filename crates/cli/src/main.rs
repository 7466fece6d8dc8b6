//! The onekey command.

mod args;
mod commands;
mod exit;
mod folders;
mod history;
mod link_input;
mod message;
mod password;
mod progress;
mod runtime;
mod terminal;
mod units;

use std::process::ExitCode;

fn main() -> ExitCode {
    match args::parse() {
        Ok(command) => commands::run(&command),
        Err(exit) => exit,
    }
    .into()
}
