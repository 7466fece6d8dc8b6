//! Why the files to send cannot be sent.

use std::fmt;
use std::io;
use std::path::PathBuf;

use onekey_core::manifest::PathError;

use super::Kind;

/// Why the files to send cannot be sent. Names them, as nobody but their sender reads it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file became another one after it was gathered.
    #[error("{} changed while it was being sent", .0.display())]
    Changed(PathBuf),
    /// There is neither a file nor a folder.
    #[error("there is nothing to send")]
    Empty,
    /// It cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its name cannot stand in a share.
    #[error("{} cannot be sent: {cause}", path.display())]
    Name {
        /// What.
        path: PathBuf,
        /// Why.
        cause: PathError,
    },
    /// It does not exist.
    #[error("{} does not exist", .0.display())]
    NotFound(PathBuf),
    /// Its name is not UTF-8.
    #[error("the name of {} is not UTF-8", .0.display())]
    NotUtf8(PathBuf),
    /// It was named itself and is neither file nor folder.
    #[error("{} is neither a file nor a folder", .0.display())]
    Special(PathBuf),
    /// What was asked for are these symbolic links, which are not followed.
    #[error("there is nothing to send but symbolic links, which are skipped")]
    OnlySymlinks(Vec<PathBuf>),
    /// The reader failed.
    #[error("cannot read the input: {0}")]
    Reader(#[source] io::Error),
    /// Two entries would have this path in the share, or it is a file here and a folder there.
    #[error("two entries are named {0:?}")]
    SameName(String),
    /// Each of these.
    #[error("{}", List(.0))]
    Several(Vec<Self>),
    /// It tells no length, as files of `/proc` do.
    #[error("{} does not tell its length: send it through a pipe", .0.display())]
    Unsized(PathBuf),
}

impl SourceError {
    /// Returns what a program does about it.
    pub const fn exit_kind(&self) -> Kind {
        Kind::Failed
    }
}

/// One sentence after the other.
struct List<'e>(&'e [SourceError]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, error) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { "; " };
            write!(f, "{separator}{error}")?;
        }
        Ok(())
    }
}
