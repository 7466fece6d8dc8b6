//! Where a link comes from.
//!
//! An argument can be read by every user of the machine while the command runs (T7). So there are
//! three other ways: standard input, a prompt, and the environment.

use std::io::{self, IsTerminal, Read};

use onekey_core::url::{Link, ManageLink, ParseLinkError, ParseManageLinkError};

use crate::args::STDIN;
use crate::message::Failure;

/// Most bytes that are read from standard input: links are far shorter, films are not links.
const MAX_INPUT: u64 = 64 << 10;

/// A link of either kind.
#[derive(Debug)]
pub(crate) enum AnyLink {
    /// Opens a share.
    Link(Link),
    /// Changes and deletes it.
    Manage(ManageLink),
}

/// Reads a link's text: from the argument or `ONEKEY_LINK`, which the parser of arguments fills in,
/// else from standard input, else from a prompt without echo.
///
/// # Errors
/// [`Failure`] if there is none.
pub(crate) fn read(argument: Option<&str>) -> Result<String, Failure> {
    match argument {
        Some(text) if text != STDIN && !text.trim().is_empty() => Ok(text.to_owned()),
        Some(STDIN) => from_stdin(),
        _ if io::stdin().is_terminal() => prompt(),
        _ => from_stdin(),
    }
}

/// The same without asking anybody: `None` where there is none.
///
/// # Errors
/// [`Failure`] for what is no link at all.
pub(crate) fn given(argument: Option<&str>) -> Result<Option<String>, Failure> {
    match argument {
        Some(text) if text != STDIN && !text.trim().is_empty() => Ok(Some(text.to_owned())),
        _ if io::stdin().is_terminal() => Ok(None),
        _ => Ok(Some(stdin()?).filter(|text| !text.trim().is_empty())),
    }
}

fn prompt() -> Result<String, Failure> {
    let text = rpassword::prompt_password("Link (it will not show): ")
        .map_err(|error| Failure::io("cannot ask for the link", &error))?;
    present(text)
}

fn from_stdin() -> Result<String, Failure> {
    present(stdin()?)
}

fn stdin() -> Result<String, Failure> {
    let mut text = String::new();
    io::stdin()
        .take(MAX_INPUT + 1)
        .read_to_string(&mut text)
        .map_err(|error| Failure::io("cannot read the link from standard input", &error))?;
    if text.trim().lines().count() > 1 || text.len() as u64 > MAX_INPUT {
        return Err(Failure::usage("standard input holds more than a link")
            .hint("give the link alone, on one line"));
    }
    Ok(text)
}

fn present(text: String) -> Result<String, Failure> {
    if text.trim().is_empty() {
        return Err(Failure::usage("there is no link")
            .hint("give it as an argument in quotes, on standard input, or in ONEKEY_LINK"));
    }
    Ok(text)
}

/// Parses a link that opens a share.
///
/// # Errors
/// [`Failure`] that tells a cut link from a wrong one.
pub(crate) fn parse_link(text: &str) -> Result<Link, Failure> {
    Link::parse(text).map_err(|error| {
        let failure = Failure::usage(error.to_string());
        match error {
            ParseLinkError::ManageLink => failure
                .hint("use the link that `onekey put` printed first")
                .hint("a manage link goes to `onekey info`, `onekey link` or `onekey rm`"),
            ParseLinkError::KeyMissing => failure.hint(
                "the part after # is the key; chat programs and shells sometimes cut it: quote the link",
            ),
            ParseLinkError::KeyMalformed => {
                failure.hint("copy the whole link again, up to its last character")
            }
            _ => failure.hint("a link looks like https://HOST/s#KEY or https://HOST/KEY.png; copy the whole of it, in quotes"),
        }
    })
}

/// Parses a manage link.
///
/// # Errors
/// [`Failure`] that tells a cut link from a wrong one.
pub(crate) fn parse_manage_link(text: &str) -> Result<ManageLink, Failure> {
    ManageLink::parse(text).map_err(|error| {
        let failure = Failure::usage(error.to_string());
        match error {
            ParseManageLinkError::Link => failure.hint(
                "this needs the manage link, which `onekey put` printed besides the link: https://HOST/manage/…#…",
            ),
            ParseManageLinkError::SecretMissing => failure.hint(
                "the part after # is the secret; shells sometimes cut it: quote the link",
            ),
            ParseManageLinkError::SecretMalformed | ParseManageLinkError::ShareMalformed => {
                failure.hint("copy the whole manage link again, up to its last character")
            }
            _ => failure
                .hint("a manage link looks like https://HOST/manage/…#…; copy the whole of it, in quotes"),
        }
    })
}

/// Parses a link of either kind.
///
/// # Errors
/// As [`parse_link`] and [`parse_manage_link`].
pub(crate) fn parse_any(text: &str) -> Result<AnyLink, Failure> {
    match Link::parse(text) {
        Err(ParseLinkError::ManageLink) => parse_manage_link(text).map(AnyLink::Manage),
        _ => parse_link(text).map(AnyLink::Link),
    }
}
