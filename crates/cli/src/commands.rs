//! What the commands do.

mod completions;
mod direct;
mod get;
mod info;
mod limits;
mod link;
mod ls;
mod man;
mod open;
mod owner;
mod put;
mod qr;
mod rm;
mod seal;
mod streams;
mod unseal;

use std::env;

use onekey_client::{Client, ClientOptions, UploadSecret};
use onekey_core::url::ServerUrl;
use serde::Serialize;

use crate::args::Command;
use crate::exit::Exit;
use crate::message::Failure;
use crate::terminal;

/// Name of the variable with the secret that a server may ask of those who upload.
const UPLOAD_SECRET: &str = "ONEKEY_UPLOAD_SECRET";

/// Tries of a question: one more, for a connection that just broke.
const IMPATIENT_TRIES: u32 = 2;

/// Does what the command line says. Returns how to exit.
pub(crate) fn run(command: &Command) -> Exit {
    let outcome = match command {
        Command::Put(args) => put::run(args),
        Command::Get(args) => get::run(args),
        Command::Info(args) => info::run(args),
        Command::Ls(args) => ls::run(args),
        Command::Link(args) => link::run(args),
        Command::Rm(args) => rm::run(args),
        Command::Seal(args) => seal::run(args),
        Command::Unseal(args) => unseal::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    };
    match outcome {
        Ok(()) => Exit::Done,
        Err(failure) => failure.print(),
    }
}

/// Makes a client whose transfers outlive a server's restart. The questions before them do not: somebody waits,
/// and a mistyped address gets no better by being tried for half a minute.
fn client(server: &ServerUrl, secret: Option<UploadSecret>) -> Result<Client, Failure> {
    let mut options = ClientOptions {
        upload_secret: secret,
        ..ClientOptions::default()
    };
    options.retry_questions.tries = IMPATIENT_TRIES;
    Ok(Client::new(server.clone(), options)?)
}

/// Prints a line of JSON.
fn print_json(report: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string(report)
        .map_err(|error| Failure::new(Exit::Failed, format!("cannot write JSON: {error}")))?;
    Ok(terminal::result(&terminal::shown_json(&json))?)
}

/// Takes the upload secret from the environment. It is sent to the server that `put` names, and to
/// none that a link names.
fn upload_secret() -> Result<Option<UploadSecret>, Failure> {
    let refused = || {
        Failure::usage(format!("{UPLOAD_SECRET} is no upload secret")).hint(
            "it consists of visible ASCII characters: set it to what the server's owner gave you",
        )
    };
    match env::var_os(UPLOAD_SECRET) {
        Some(text) if !text.is_empty() => {
            let text = text.into_string().map_err(|_| refused())?;
            UploadSecret::new(text).map(Some).map_err(|_| refused())
        }
        _ => Ok(None),
    }
}
