//! Where the bytes come from.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::path::Path;

use crate::args::STDIN;
use crate::exit::Exit;
use crate::message::Failure;

/// An open input.
#[derive(Debug)]
pub(crate) struct Input(pub(crate) File);

impl Input {
    /// Opens a file, or standard input.
    ///
    /// # Errors
    /// [`Failure`] with exit code 1.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new(STDIN)) else {
            let stdin = io::stdin().as_fd().try_clone_to_owned();
            let stdin = stdin.map_err(|error| {
                Failure::io("cannot read standard input", &error).hint("name a file")
            })?;
            return Ok(Self(stdin.into()));
        };
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?.is_dir(), file)));
        match opened {
            Ok((false, file)) => Ok(Self(file)),
            Ok((true, _)) => Err(Failure::new(
                Exit::Failed,
                format!("{} is a folder", path.display()),
            )
            .hint("pack it first: tar c FOLDER | onekey seal -o OUT")),
            Err(error) => Err(
                Failure::io(&format!("cannot read {}", path.display()), &error)
                    .hint("check the spelling, and that the file is yours to read"),
            ),
        }
    }

    /// Tells whether somebody types it.
    pub(crate) fn is_terminal(&self) -> bool {
        self.0.is_terminal()
    }
}

/// Tells whether standard input is what is meant.
pub(crate) fn is_stdin(path: Option<&Path>) -> bool {
    path.is_none_or(|path| path == Path::new(STDIN))
}
