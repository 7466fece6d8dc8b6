//! Where the share key of a stream comes from, and where a new one goes. Never an argument, which every user of the
//! machine can read (T7).

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use onekey_core::base64url::DecodeError;
use onekey_core::keys::ShareKey;

use super::input::is_stdin;
use crate::args::STDIN;
use crate::exit::Exit;
use crate::message::{Failure, warn};
use crate::terminal::tell;

/// Most bytes that are read of a key file: its 43 characters, and CRLF.
const MAX_KEY_FILE: u64 = 43 + 2;

/// Who may read a key file.
const KEY_FILE_MODE: u32 = 0o600;

/// The bits that let others read a file.
const OTHERS_READ: u32 = 0o044;

/// What every way out of a wrong key file says.
const HOLDS: &str =
    "a key file holds the 43 characters that `onekey seal` printed, and nothing else";

/// Reads the file of `-k`. `input` is what is sealed or unsealed.
///
/// # Errors
/// [`Failure`] with exit code 1 if it cannot be read, 2 if it holds no key.
pub(crate) fn read(path: &Path, input: Option<&Path>) -> Result<ShareKey, Failure> {
    if path
        .to_str()
        .is_some_and(|text| ShareKey::from_base64url(text).is_ok())
    {
        return Err(Failure::usage(
            "-k takes a file that holds the key: other users could read the key itself while onekey runs",
        )
        .hint("write it to a file, or give it on standard input: onekey unseal -k - IN"));
    }
    let mut bytes = Vec::new();
    let read = if path == Path::new(STDIN) {
        if is_stdin(input) {
            return Err(
                Failure::usage("standard input cannot hold both the key and the data")
                    .hint("name a file for one of them"),
            );
        }
        io::stdin().take(MAX_KEY_FILE + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| {
            warn_of_readers(&file)?;
            file.take(MAX_KEY_FILE + 1).read_to_end(&mut bytes)
        })
    };
    read.map_err(|error| {
        Failure::io("cannot read the file of -k", &error)
            .hint(HOLDS)
            .hint("`onekey seal --new-key FILE` makes one")
    })?;
    parse(&bytes)
}

/// Asks for the key.
///
/// # Errors
/// [`Failure`] if there is no terminal or it is no key.
pub(crate) fn prompt() -> Result<ShareKey, Failure> {
    let text = rpassword::prompt_password("Key (it will not show): ").map_err(|_| {
        Failure::usage("there is no key, and no terminal to ask for it at")
            .hint("name the file that holds it with -k, or give it on standard input: onekey unseal -k - IN")
    })?;
    parse(text.trim().as_bytes())
}

fn parse(bytes: &[u8]) -> Result<ShareKey, Failure> {
    let text = match bytes.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => bytes,
    };
    let key = std::str::from_utf8(text)
        .map_err(|_| DecodeError::NotCanonical)
        .and_then(ShareKey::from_base64url);
    key.map_err(|error| {
        let why = match error {
            DecodeError::Length { .. } if bytes.len() as u64 > MAX_KEY_FILE => {
                "it is longer than 43 characters".to_owned()
            }
            DecodeError::Length { found: 0, .. } => "it is empty".to_owned(),
            DecodeError::Length { found, .. } => {
                format!("a key has 43 characters, and this has {found}")
            }
            _ => "a character in it is wrong".to_owned(),
        };
        Failure::usage(format!("that is no key: {why}")).hint(HOLDS)
    })
}

fn warn_of_readers(file: &File) -> io::Result<()> {
    let found = file.metadata()?;
    if found.is_file() && found.mode() & OTHERS_READ != 0 {
        warn("other users of this machine may read the key file: chmod 600 it");
    }
    Ok(())
}

/// A key file that goes away with a stream that was not finished.
#[derive(Debug)]
pub(crate) struct NewKeyFile {
    path: PathBuf,
    kept: bool,
}

impl NewKeyFile {
    /// Writes the key to a new file, and waits until the disk has it: a stream without its key is lost.
    ///
    /// # Errors
    /// [`Failure`] with exit code 1.
    pub(crate) fn create(path: &Path, key: &ShareKey) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(KEY_FILE_MODE);
        let mut file = options.open(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Failure::new(
                Exit::Failed,
                format!("{} exists, and a key is never overwritten", path.display()),
            )
            .hint("name another file with --new-key, or take the key that is there with -k"),
            _ => Failure::io(&format!("cannot write {}", path.display()), &error)
                .hint("check that its folder exists, is yours to write, and has space"),
        })?;
        let made = Self {
            path: path.to_owned(),
            kept: false,
        };
        let written = file
            .write_all(format!("{}\n", key.to_base64url()).as_bytes())
            .and_then(|()| file.sync_all());
        written.map_err(|error| {
            Failure::io(&format!("cannot write {}", made.path.display()), &error)
                .hint("is there space?")
        })?;
        Ok(made)
    }

    /// The stream is whole.
    pub(crate) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for NewKeyFile {
    fn drop(&mut self) {
        if !self.kept {
            // It opens nothing.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Checks that a key on standard error would not be lost.
///
/// # Errors
/// [`Failure`] with exit code 2.
pub(crate) fn check_stderr_keeps() -> Result<(), Failure> {
    let lost = || {
        Failure::usage("the new key would be lost: standard error goes to /dev/null")
            .hint("keep the key in a file with --new-key FILE, or take one that you have with -k")
    };
    let stderr = io::stderr().as_fd().try_clone_to_owned().map(File::from);
    let found = stderr
        .and_then(|file| file.metadata())
        .map_err(|_| lost())?;
    let null = fs::metadata("/dev/null");
    match null {
        Ok(null) if found.file_type().is_char_device() && found.rdev() == null.rdev() => {
            Err(lost())
        }
        _ => Ok(()),
    }
}

/// Prints a new key on standard error: alone, unless somebody watches.
///
/// # Errors
/// [`Failure`] with exit code 1: without its key the stream is lost.
pub(crate) fn print(key: &ShareKey) -> Result<(), Failure> {
    let mut stderr = io::stderr();
    if stderr.is_terminal() {
        tell("onekey: this key unseals it, and nobody can make it again:");
    }
    writeln!(stderr, "{}", key.to_base64url()).map_err(|error| {
        Failure::io("cannot print the key", &error).hint("keep it in a file with --new-key FILE")
    })
}
