//! Receiving: fetch, verify, decode, restore.

use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::error::GetError;
use crate::open::OpenedShare;
use crate::progress::Progress;

/// How files are restored.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetOptions {
    /// Replaces files that are there. Folders and links to folders are never replaced.
    pub overwrite: bool,
}

/// What a get wrote.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Got {
    /// The files, in the order of the manifest.
    pub files: Vec<PathBuf>,
    /// Sum of their sizes.
    pub bytes: u64,
}

impl OpenedShare {
    /// Gets every file into `folder`.
    ///
    /// # Errors
    /// [`GetError`].
    pub async fn get_all(
        &self,
        folder: &Path,
        options: GetOptions,
        progress: &dyn Progress,
    ) -> Result<Got, GetError> {
        let _ = (folder, options, progress);
        unimplemented!()
    }

    /// Gets one file to the path `to`.
    ///
    /// # Errors
    /// [`GetError`].
    pub async fn get_file(
        &self,
        index: usize,
        to: &Path,
        options: GetOptions,
        progress: &dyn Progress,
    ) -> Result<Got, GetError> {
        let _ = (index, to, options, progress);
        unimplemented!()
    }

    /// Writes one file.
    ///
    /// # Errors
    /// [`GetError`].
    pub async fn write_file(
        &self,
        index: usize,
        writer: &mut (dyn Write + Send),
        progress: &dyn Progress,
    ) -> Result<u64, GetError> {
        let _ = (index, writer, progress);
        unimplemented!()
    }

    /// Writes a range of one file.
    ///
    /// # Errors
    /// [`GetError`].
    pub async fn write_range(
        &self,
        index: usize,
        range: Range<u64>,
        writer: &mut (dyn Write + Send),
        progress: &dyn Progress,
    ) -> Result<u64, GetError> {
        let _ = (index, range, writer, progress);
        unimplemented!()
    }
}
