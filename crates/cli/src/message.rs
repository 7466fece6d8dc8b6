//! Errors for people: what happened, then what to do.
//!
//! `onekey: error: lower case, no period`, then `onekey: hint: what to do`, on stderr. Whatever a
//! message holds is made safe for the terminal here, in one place: it may quote file names and a
//! server's words.

mod client;
mod streams;

use std::error::Error;
use std::io::{self, ErrorKind};

use crate::exit::Exit;
use crate::terminal::{shown, tell};

/// Longest chain of causes that is followed.
const MAX_CAUSES: usize = 16;

/// Most entries of a list in a message.
const MAX_ITEMS: usize = 20;

/// Why the command did not do what it was asked.
#[derive(Debug)]
#[must_use]
pub(crate) struct Failure {
    exit: Exit,
    error: String,
    items: Vec<String>,
    hints: Vec<String>,
}

impl Failure {
    /// Makes one without a hint.
    pub(crate) fn new(exit: Exit, error: impl Into<String>) -> Self {
        Self {
            exit,
            error: error.into(),
            items: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// The command was called wrongly.
    pub(crate) fn usage(error: impl Into<String>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// The system refused something.
    pub(crate) fn io(doing: &str, error: &io::Error) -> Self {
        Self::new(Exit::Failed, format!("{doing}: {}", cause_of_io(error)))
    }

    /// Ctrl-C.
    pub(crate) fn interrupted() -> Self {
        Self::new(Exit::Interrupted, "interrupted")
    }

    /// Adds what to do. Several are alternatives.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a list that follows the error.
    pub(crate) fn items(mut self, items: impl IntoIterator<Item = String>) -> Self {
        self.items.extend(items);
        self
    }

    /// Prints it and returns how to exit.
    pub(crate) fn print(&self) -> Exit {
        for line in self.lines() {
            tell(&line);
        }
        self.exit
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("onekey: error: {}", shown(&self.error))];
        let items = self.items.iter().take(MAX_ITEMS);
        lines.extend(items.map(|item| format!("  {}", shown(item))));
        if self.items.len() > MAX_ITEMS {
            lines.push(format!("  and {} more", self.items.len() - MAX_ITEMS));
        }
        let hints = self.hints.iter();
        lines.extend(hints.map(|hint| format!("onekey: hint: {}", shown(hint))));
        lines
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::io("cannot write to standard output", &error)
            .hint("look at where standard output goes: is there space?")
    }
}

/// Prints what somebody should know although all went well.
pub(crate) fn warn(text: &str) {
    tell(&format!("onekey: warning: {}", shown(text)));
}

/// The same about something that the system refused.
pub(crate) fn warn_io(text: &str, error: &io::Error) {
    warn(&format!("{text}: {}", cause_of_io(error)));
}

/// Prints what to do about what was said before.
pub(crate) fn hint(text: &str) {
    tell(&format!("onekey: hint: {}", shown(text)));
}

/// Returns an error and its deepest cause on one line: what stands between says nothing to people.
fn sentence(error: &dyn Error) -> String {
    let text = error.to_string();
    let causes = std::iter::successors(error.source(), |error| (*error).source());
    let Some(cause) = causes.take(MAX_CAUSES).last() else {
        return text;
    };
    let words = match cause.downcast_ref::<io::Error>() {
        // It may stand there already, in the system's own spelling.
        Some(error) if text.contains(&error.to_string()) => {
            return text.replace(&error.to_string(), &cause_of_io(error));
        }
        Some(error) => cause_of_io(error),
        None => cause.to_string(),
    };
    if text.contains(&words) {
        text
    } else {
        format!("{text}: {words}")
    }
}

/// Returns the system's reason without its number, as nobody looks it up.
fn cause_of_io(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        _ if error.raw_os_error().is_some() => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            text.to_lowercase()
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_it_holds_a_failure_is_safe_to_print() {
        let hostile = "a\n\u{1b}[2Jonekey: hint: pay\u{202e}";
        let failure = Failure::usage(hostile)
            .items([hostile.to_owned()])
            .hint(hostile);
        let lines = failure.lines();
        assert_eq!(lines.len(), 3);
        for line in lines {
            assert!(
                line.ends_with(r"a\u{a}\u{1b}[2Jonekey: hint: pay\u{202e}"),
                "{line}"
            );
        }
    }

    #[test]
    fn long_lists_are_cut() {
        let items = (0..25).map(|number| number.to_string());
        let lines = Failure::usage("bad names").items(items).lines();
        assert_eq!(lines.len(), 1 + MAX_ITEMS + 1);
        assert_eq!(lines.last().map(String::as_str), Some("  and 5 more"));
    }

    #[test]
    fn the_deepest_cause_is_told_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("cannot connect")]
        struct Outer(#[source] Middle);
        #[derive(Debug, thiserror::Error)]
        #[error("client error (Connect)")]
        struct Middle(#[source] io::Error);
        #[derive(Debug, thiserror::Error)]
        #[error("cannot read a.txt: {0}")]
        struct Telling(#[source] io::Error);

        let denied = || io::Error::from_raw_os_error(13);
        assert_eq!(
            sentence(&Outer(Middle(denied()))),
            "cannot connect: permission denied"
        );
        assert_eq!(
            sentence(&Telling(denied())),
            "cannot read a.txt: permission denied"
        );
        assert_eq!(
            sentence(&Telling(io::Error::other("odd"))),
            "cannot read a.txt: odd"
        );
    }

    #[test]
    fn the_systems_words_lose_capital_and_number() {
        let error = io::Error::from_raw_os_error(13);
        let lines = Failure::io("cannot read it", &error).lines();
        assert_eq!(lines, ["onekey: error: cannot read it: permission denied"]);
    }
}
