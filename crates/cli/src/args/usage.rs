//! Mistakes on the command line, in our voice.
//!
//! clap's sentences are good and kept. They repeat what was typed, which may be a link: that is
//! taken out, as messages end up in logs.

use std::env;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::exit::Exit;
use crate::message::Failure;
use crate::terminal::tell;

/// What clap may repeat of the command line.
const REPEATED: [ContextKind; 4] = [
    ContextKind::InvalidArg,
    ContextKind::InvalidSubcommand,
    ContextKind::InvalidValue,
    ContextKind::PriorArg,
];

/// Stands for a link in a message.
const A_LINK: &str = "LINK";

/// Commands that ask for a link's password by themselves.
const ASKING: [&str; 2] = ["get", "info"];

/// Prints help, or what is wrong. Returns how to exit.
pub(super) fn explain(mut error: Error) -> Exit {
    if !error.use_stderr() {
        // Help and version; a closed pipe is no reason to fail.
        let _ = error.print();
        return Exit::Done;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        tell(error.render().to_string().trim_end());
        return Exit::Usage;
    }
    let command = command();
    let failure = special_case(&error, command).unwrap_or_else(|| {
        redact(&mut error);
        in_our_voice(&error.render().to_string(), &path(command))
    });
    failure.print()
}

/// Returns the command, if it was understood.
fn command() -> Option<&'static str> {
    let typed = env::args_os().nth(1)?;
    super::NAMES.into_iter().find(|name| typed == *name)
}

/// Returns the command and the one below it as they are typed, each behind a space.
fn path(command: Option<&str>) -> String {
    let Some(command) = command else {
        return String::new();
    };
    let typed = env::args_os().nth(2).filter(|_| command == "link");
    let below = super::link::LINK_NAMES.into_iter();
    let below = below.filter(|name| typed.as_ref().is_some_and(|it| it == name));
    [command]
        .into_iter()
        .chain(below)
        .map(|name| format!(" {name}"))
        .collect()
}

/// Mistakes for which we know better words than clap.
fn special_case(error: &Error, command: Option<&str>) -> Option<Failure> {
    let argument = text(error, ContextKind::InvalidArg).unwrap_or_default();
    let typed = text(error, ContextKind::InvalidSubcommand).unwrap_or_default();
    let failure =
        match error.kind() {
            ErrorKind::TooManyValues if argument == "--password" => Failure::usage(
                "--password takes no value: other users could read it while onekey runs",
            )
            .hint("write --password alone: onekey asks for it, or takes it from ONEKEY_PASSWORD")
            .hint("or put it in a file and name that with --password-file"),
            ErrorKind::UnknownArgument
                if argument.starts_with("--password")
                    && command.is_some_and(|it| ASKING.contains(&it)) =>
            {
                Failure::usage("a receiver's command has no --password")
                    .hint("onekey asks for the password when the link wants one")
                    .hint("scripts set ONEKEY_PASSWORD, or name a file with --password-file")
            }
            ErrorKind::InvalidSubcommand if is_secret(typed) && command == Some("link") => {
                Failure::usage("a manage link alone does not say what to do with the share's links")
                    .hint("write `onekey link list`, or add, change or revoke, before it")
            }
            ErrorKind::InvalidSubcommand if is_secret(typed) => Failure::usage(
                "a link alone does not say what to do with it",
            )
            .hint("write `onekey get LINK` to download, or `onekey info LINK` to look first"),
            ErrorKind::MissingRequiredArgument if command == Some("put") => {
                Failure::usage("there is nothing to send")
                    .hint("name files or folders, or `-` for standard input: onekey put PATH…")
            }
            _ => return None,
        };
    Some(failure)
}

/// Takes clap's sentence and its tips, and leaves its layout.
fn in_our_voice(rendered: &str, command: &str) -> Failure {
    let rendered = rendered.replace("subcommand", "command");
    let mut lines = rendered.lines().map(str::trim);
    let sentence: Vec<_> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    let sentence = sentence.join(" ");
    let mut failure = Failure::usage(sentence.trim_start_matches("error: "));
    for line in lines {
        if let Some(tip) = line.strip_prefix("tip: ") {
            failure = failure.hint(tip);
        }
    }
    failure.hint(format!("`onekey{command} --help` shows what it takes"))
}

fn redact(error: &mut Error) {
    for kind in REPEATED {
        if text(error, kind).is_some_and(is_secret) {
            error.insert(kind, ContextValue::String(A_LINK.to_owned()));
        }
    }
}

fn text(error: &Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

/// Links are all secret.
fn is_secret(text: &str) -> bool {
    text.contains("://")
}
