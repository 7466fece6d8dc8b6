//! Continuing a put: where its state is, and the command that continues it.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use onekey_client::ResumeState;

use crate::args::{PutArgs, STDIN};
use crate::folders;
use crate::message::Failure;

/// The option, and the command that has it.
const OPTION: &str = "--resume";
const COMMAND: &str = "put";

/// Returns where the put keeps what it needs to be continued: nowhere for standard input, which cannot be read again,
/// and where no folder is the user's.
///
/// # Errors
/// [`Failure`] if that is what it should continue.
pub(super) fn state(args: &PutArgs) -> Result<Option<ResumeState>, Failure> {
    if args.paths.iter().any(|path| path == Path::new(STDIN)) {
        if args.resume {
            return Err(Failure::usage(
                "standard input cannot be read again, so --resume has nothing to read",
            )
            .hint("send it anew without --resume, or send it from a file"));
        }
        return Ok(None);
    }
    match folders::state() {
        Some(folder) => Ok(Some(ResumeState::new(folder).resume(args.resume))),
        None if args.resume => Err(Failure::usage(
            "there is no folder with what --resume continues",
        )
        .hint("set XDG_STATE_HOME or HOME as they were before")),
        None => Ok(None),
    }
}

/// Adds the command that continues, if there is something to continue.
pub(super) fn hint(failure: Failure, state: Option<&ResumeState>) -> Failure {
    if !state.is_some_and(ResumeState::is_kept) {
        return failure;
    }
    failure.hint(format!("continue with: {}", command(env::args_os())))
}

/// What was typed, with the option that continues it. It holds no secret, as no argument of `put` is one.
fn command(typed: impl Iterator<Item = OsString>) -> String {
    let mut words = vec!["onekey".to_owned()];
    let mut resumes = false;
    for word in typed.skip(1) {
        resumes |= word == OPTION;
        words.push(quoted(&word));
    }
    if !resumes {
        let behind = words.iter().position(|word| word == COMMAND);
        words.insert(behind.map_or(1, |at| at + 1), OPTION.to_owned());
    }
    words.join(" ")
}

/// As shells read it.
fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "_-./:=@%+,".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_can_be_pasted() {
        let of = |words: &[&str]| command(words.iter().map(OsString::from));
        assert_eq!(
            of(&["/bin/onekey", "put", "a b", "--title", "it's", ""]),
            r"onekey put --resume 'a b' --title 'it'\''s' ''"
        );
        assert_eq!(
            of(&["onekey", "put", "x", "--resume"]),
            "onekey put x --resume"
        );
    }
}
