//! Receiving: fetch, verify, decode, restore.

mod blocking;
mod chosen;
mod decode;
mod fetch;
pub(crate) mod folder;
mod journal;
mod names;
mod restore;
mod runs;
mod state;
mod transfer;
mod write;

use std::path::{Path, PathBuf};

use chosen::{Chosen, Place};

pub(crate) use journal::answer_of;
pub use state::{Continued, GetState, StartedGetOver};

use crate::error::GetError;
use crate::open::OpenedShare;
use crate::progress::Progress;

/// How files are restored.
#[derive(Clone, Debug, Default)]
pub struct GetOptions {
    /// Replaces files that are there. Folders and links to folders are never replaced.
    pub overwrite: bool,
    /// Keeps what is needed to continue after a crash, and continues. Off by default. Files appear a little later then: not
    /// before they are durable.
    pub state: Option<GetState>,
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
    /// Gets every file into `folder`, which is made if it is missing. The whole payload is fetched and
    /// verified, padding and last chunk included.
    ///
    /// What could be in the way is looked for before a download is spent. A file gets its name when it is
    /// whole and verified; when a later one fails, those that were finished stay.
    ///
    /// # Errors
    /// [`GetError`].
    pub async fn get_all(
        &self,
        folder: &Path,
        options: GetOptions,
        progress: &dyn Progress,
    ) -> Result<Got, GetError> {
        let files = (0..self.manifest.files.len()).collect();
        let chosen = Chosen {
            files,
            empty_folders: true,
        };
        let place = Place::Folder(folder.to_owned());
        self.restore(chosen, place, options, progress).await
    }

    /// Gets some of the files into `folder`, which is made if it is missing: in one transfer and under the names that
    /// [`Self::get_all`] would give them. Only the chunks that hold them are fetched, unless they are all the files.
    ///
    /// What could be in the way is looked for before a download is spent.
    ///
    /// # Errors
    /// [`GetError`]; [`GetError::NoSuchRange`] for a file that the share does not have.
    pub async fn get_files(
        &self,
        indices: &[usize],
        folder: &Path,
        options: GetOptions,
        progress: &dyn Progress,
    ) -> Result<Got, GetError> {
        let mut files = indices.to_vec();
        files.sort_unstable();
        files.dedup();
        if files
            .last()
            .is_some_and(|&last| last >= self.manifest.files.len())
        {
            return Err(GetError::NoSuchRange);
        }
        let chosen = Chosen {
            files,
            empty_folders: false,
        };
        let place = Place::Folder(folder.to_owned());
        self.restore(chosen, place, options, progress).await
    }

    /// Gets one file to the path `to`, whose folder must exist. Of a share with one file the whole
    /// payload is fetched, as [`Self::get_all`] does.
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
        self.file(index)?;
        let chosen = Chosen {
            files: vec![index],
            empty_folders: false,
        };
        let place = Place::file(to)?;
        self.restore(chosen, place, options, progress).await
    }
}
