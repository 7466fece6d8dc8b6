//! Where the bytes go: a file that appears when it is whole, or what is written as it comes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use onekey_client::NewFile;

use super::text::TextOnly;
use crate::args::STDIN;
use crate::exit::Exit;
use crate::message::Failure;

/// What was named.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// Nothing: standard output.
    Unnamed,
    /// `-`: standard output, on purpose.
    Stdout,
    /// A file, a device or a named pipe.
    Path(PathBuf),
}

/// An open output.
#[derive(Debug)]
pub(crate) enum Output {
    /// What was written is there.
    Direct(File),
    /// It has no name before it is whole.
    New(NewFile, PathBuf),
}

impl Target {
    pub(crate) fn of(path: Option<&Path>) -> Self {
        match path {
            None => Self::Unnamed,
            Some(path) if path == Path::new(STDIN) => Self::Stdout,
            Some(path) => Self::Path(path.to_owned()),
        }
    }

    /// Opens it. Devices and named pipes are written as they are, and files are made beside what is there.
    ///
    /// # Errors
    /// [`Failure`] with exit code 1.
    pub(crate) fn open(&self, force: bool) -> Result<Output, Failure> {
        let Self::Path(path) = self else {
            let stdout = io::stdout().as_fd().try_clone_to_owned()?;
            return Ok(Output::Direct(stdout.into()));
        };
        let found = fs::metadata(path).map(|found| found.file_type());
        if let Ok(kind) = found
            && !kind.is_file()
            && !kind.is_dir()
        {
            // A disk holds more than one file.
            if kind.is_block_device() && !force {
                return Err(in_the_way(path));
            }
            let opened = OpenOptions::new().write(true).open(path);
            return opened
                .map(Output::Direct)
                .map_err(|error| cannot_write(path, &error));
        }
        let made = NewFile::create(path, force);
        made.map(|file| Output::New(file, path.clone()))
            .map_err(|error| cannot_write(path, &error))
    }
}

impl Output {
    /// Returns what the bytes are written to.
    ///
    /// # Errors
    /// [`Failure`] with exit code 1.
    pub(crate) fn writer(&mut self) -> Result<Writer, Failure> {
        let file = match self {
            Self::Direct(file) => file.try_clone()?,
            Self::New(file, _) => file.writer()?,
        };
        Ok(Writer {
            file,
            text: None,
            written: Arc::default(),
        })
    }

    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self, Self::Direct(file) if file.is_terminal())
    }

    /// Tells whether a reader has the bytes as they are written.
    pub(crate) const fn is_direct(&self) -> bool {
        matches!(self, Self::Direct(_))
    }

    /// Gives a file its name.
    ///
    /// # Errors
    /// [`Failure`] with exit code 1.
    pub(crate) fn publish(self) -> Result<(), Failure> {
        match self {
            Self::Direct(_) => Ok(()),
            Self::New(file, path) => file.publish().map_err(|error| cannot_write(&path, &error)),
        }
    }
}

/// Writes to an output, and counts.
#[derive(Debug)]
pub(crate) struct Writer {
    file: File,
    text: Option<TextOnly>,
    written: Arc<AtomicU64>,
}

impl Writer {
    /// Lets nothing pass that is not text.
    pub(crate) fn text_only(mut self) -> Self {
        self.text = Some(TextOnly::default());
        self
    }

    /// Returns the number of bytes that were written, which goes on counting.
    pub(crate) fn written(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.written)
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &mut self.text {
            None => self.file.write(bytes)?,
            Some(text) => {
                self.file.write_all(text.pass(bytes)?)?;
                bytes.len()
            }
        };
        self.written.fetch_add(written as u64, Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(text) = &self.text {
            text.end()?;
        }
        self.file.flush()
    }
}

fn in_the_way(path: &Path) -> Failure {
    Failure::new(Exit::Failed, format!("{} is in the way", path.display()))
        .hint("write elsewhere with -o, or overwrite it with --force")
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::AlreadyExists => in_the_way(path),
        ErrorKind::IsADirectory => {
            Failure::new(Exit::Failed, format!("{} is a folder", path.display()))
                .hint("name a file with -o")
        }
        _ => Failure::io(&format!("cannot write {}", path.display()), error)
            .hint("check that its folder exists, is yours to write, and has space"),
    }
}
