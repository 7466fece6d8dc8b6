//! Where a password comes from: a file, the environment, a prompt. Never an argument.

use std::env::{self, VarError};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use onekey_core::password::{MAX_PASSWORD_LEN, Password, PasswordError};

use crate::args::STDIN;
use crate::message::Failure;

/// Name of the variable.
const VARIABLE: &str = "ONEKEY_PASSWORD";

/// Most bytes that are read of a file: NFC at most triples a password, and a line may end with CRLF.
const MAX_FILE: u64 = 3 * MAX_PASSWORD_LEN as u64 + 2;

/// Asks a sender for a new password: the file, the variable, or the prompt, twice.
///
/// # Errors
/// [`Failure`] if there is none or it cannot be one.
pub(crate) fn choose(file: Option<&Path>) -> Result<Password, Failure> {
    if let Some(password) = given(file)? {
        return Ok(password);
    }
    let typed = prompt("Password for the receivers: ")?;
    let password = check(&typed, "what you typed")?;
    if typed != prompt("The same again: ")? {
        return Err(Failure::usage("the two passwords differ").hint("try again; nothing was sent"));
    }
    Ok(password)
}

/// Asks a receiver for the link's password.
///
/// # Errors
/// [`Failure`] if there is no terminal or it cannot be one.
pub(crate) fn recall() -> Result<Password, Failure> {
    check(&prompt("Password: ")?, "what you typed")
}

/// Takes a password from the file or the variable.
///
/// # Errors
/// [`Failure`] if the file cannot be read, or what is there cannot be one.
pub(crate) fn given(file: Option<&Path>) -> Result<Option<Password>, Failure> {
    match file {
        Some(file) => from_file(file).map(Some),
        None => from_environment(),
    }
}

fn from_file(path: &Path) -> Result<Password, Failure> {
    if path == Path::new(STDIN) {
        return Err(Failure::usage(
            "--password-file takes no `-`: standard input is for files and links",
        )
        .hint("name a file that holds the password and nothing else"));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| {
            Failure::io("cannot read the file of --password-file", &error)
                .hint("name a file that holds the password and nothing else")
        })?;
    Password::from_file(&bytes).map_err(|error| refused("the file of --password-file", error))
}

fn from_environment() -> Result<Option<Password>, Failure> {
    match env::var(VARIABLE) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => check(&text, VARIABLE).map(Some),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(refused(VARIABLE, PasswordError::NotUnicode)),
    }
}

fn prompt(question: &str) -> Result<String, Failure> {
    rpassword::prompt_password(question).map_err(|error| {
        // The system's words for the other causes are of devices and addresses.
        let why = match error.kind() {
            ErrorKind::UnexpectedEof => "nothing was typed",
            _ => "there is no terminal",
        };
        Failure::usage(format!("cannot ask for the password: {why}"))
            .hint("set ONEKEY_PASSWORD or name a file with --password-file")
    })
}

fn check(text: &str, origin: &str) -> Result<Password, Failure> {
    Password::new(text).map_err(|error| refused(origin, error))
}

fn refused(origin: &str, error: PasswordError) -> Failure {
    Failure::usage(format!("{origin} is no password: {error}")).hint(format!(
        "a password is 1 to {MAX_PASSWORD_LEN} bytes of text"
    ))
}
