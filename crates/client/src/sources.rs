//! What to send, gathered and checked before anything is sent.

mod walk;

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use onekey_core::manifest::check_path;

use crate::error::SourceError;

/// The files and folders of one share, gathered and checked before anything is sent.
///
/// They stand in the order of their paths' bytes, so that the same files make the same share.
pub struct Sources {
    pub(crate) content: Content,
    /// Paths in the share of folders that hold nothing.
    pub(crate) folders: Vec<String>,
    /// What was asked for, as it was named.
    pub(crate) roots: Vec<PathBuf>,
    skipped: Vec<Skipped>,
}

/// Where the bytes come from.
pub(crate) enum Content {
    /// Files, by their paths in the share.
    Files(Vec<SourceFile>),
    /// One file of unknown length.
    Reader {
        /// Its path in the share.
        name: String,
        /// Its bytes.
        reader: Box<dyn Read + Send>,
    },
}

/// A file as it was when it was gathered.
pub(crate) struct SourceFile {
    /// Path in the share.
    pub(crate) name: String,
    /// Path on this system.
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
    pub(crate) modified: Option<SystemTime>,
    pub(crate) executable: bool,
}

/// How folders are walked.
#[derive(Clone, Copy, Debug, Default)]
pub struct WalkOptions {
    /// Sends what symbolic links point to, in folders and where they are named themselves, instead of skipping them.
    pub follow_symlinks: bool,
}

/// Something that was asked for and that a share does not hold.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Skipped {
    /// Where.
    pub path: PathBuf,
    /// Why.
    pub reason: SkippedReason,
}

/// Why something is not sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SkippedReason {
    /// A device, a socket or a named pipe.
    Special,
    /// A symbolic link.
    Symlink,
}

impl Sources {
    /// Gathers files and folders.
    ///
    /// A file `a/b.txt` is named `b.txt` in the share, what is in a folder `a/b/dir` is named `dir/…`. Empty folders,
    /// the executable bit and times of change are kept.
    ///
    /// # Errors
    /// [`SourceError`] names everything that is wrong, before anything is sent.
    pub fn from_paths(paths: &[PathBuf], options: WalkOptions) -> Result<Self, SourceError> {
        walk::gather(paths, options)
    }

    /// Takes a reader of unknown length as one file called `name`. It is read on a blocking thread.
    ///
    /// # Errors
    /// [`SourceError::Name`].
    pub fn from_reader(
        name: &str,
        reader: impl Read + Send + 'static,
    ) -> Result<Self, SourceError> {
        check_path(name).map_err(|cause| SourceError::Name {
            path: Path::new(name).to_owned(),
            cause,
        })?;
        Ok(Self {
            content: Content::Reader {
                name: name.to_owned(),
                reader: Box::new(reader),
            },
            folders: Vec::new(),
            roots: Vec::new(),
            skipped: Vec::new(),
        })
    }

    /// Returns what was asked for, or stands in the folders, and is not sent.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Returns the paths in the share, with sizes where they are known.
    pub fn files(&self) -> impl Iterator<Item = (&str, Option<u64>)> {
        let (files, reader) = match &self.content {
            Content::Files(files) => (files.as_slice(), None),
            Content::Reader { name, .. } => (&[][..], Some(name.as_str())),
        };
        let files = files
            .iter()
            .map(|file| (file.name.as_str(), Some(file.size)));
        files.chain(reader.map(|name| (name, None)))
    }

    /// Returns the sum of the sizes, or `None` where one is unknown.
    pub fn total_size(&self) -> Option<u64> {
        self.files().map(|(_, size)| size).sum()
    }
}

impl SkippedReason {
    /// Returns the reason in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Special => "neither a file nor a folder",
            Self::Symlink => "a symbolic link",
        }
    }
}

impl fmt::Debug for Sources {
    // Names are as private as the content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("files", &self.files().count())
            .field("folders", &self.folders.len())
            .finish_non_exhaustive()
    }
}
