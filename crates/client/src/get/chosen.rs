//! Which files of a share are restored, and where to.

use std::io;
use std::path::{Path, PathBuf};

use onekey_core::manifest::{File, Manifest};

use crate::error::GetError;

/// What of a share is restored.
pub(super) struct Chosen {
    /// Which files of the manifest, in its order.
    pub(super) files: Vec<usize>,
    /// Whether its empty folders are made.
    pub(super) empty_folders: bool,
}

impl Chosen {
    pub(super) fn files<'m>(&self, manifest: &'m Manifest) -> impl Iterator<Item = &'m File> {
        self.files.iter().map(|&index| &manifest.files[index])
    }

    pub(super) fn folders<'m>(&self, manifest: &'m Manifest) -> &'m [String] {
        if self.empty_folders {
            &manifest.folders
        } else {
            &[]
        }
    }

    /// Paths with their numbers, as errors name them: folders count on behind the manifest's files.
    pub(super) fn paths<'m>(
        &self,
        manifest: &'m Manifest,
    ) -> impl Iterator<Item = (usize, &'m str)> {
        let files = self.files.iter().copied();
        let files = files.zip(self.files(manifest).map(|file| file.path.as_str()));
        let folders = self.folders(manifest).iter().map(String::as_str);
        files.chain((manifest.files.len()..).zip(folders))
    }
}

/// Where files go.
pub(super) enum Place {
    /// To this path: the folder, the file's name in it, and the path as it was given.
    File {
        folder: PathBuf,
        name: String,
        path: PathBuf,
    },
    /// Into this folder, under their own names.
    Folder(PathBuf),
}

impl Place {
    /// The place of one file that goes to the path `to`.
    pub(super) fn file(to: &Path) -> Result<Self, GetError> {
        let invalid = || GetError::Io {
            index: None,
            source: io::ErrorKind::InvalidInput.into(),
        };
        let name = to.file_name().ok_or_else(invalid)?;
        let name = name.to_str().ok_or_else(invalid)?;
        let folder = match to.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        Ok(Self::File {
            folder: folder.to_owned(),
            name: name.to_owned(),
            path: to.to_owned(),
        })
    }

    pub(super) fn folder(&self) -> &Path {
        match self {
            Self::File { folder, .. } | Self::Folder(folder) => folder,
        }
    }

    /// Returns the name of a file below the folder.
    pub(super) fn name<'n>(&'n self, file: &'n File) -> &'n str {
        match self {
            Self::File { name, .. } => name,
            Self::Folder(_) => &file.path,
        }
    }

    /// Returns the path of a file.
    pub(super) fn path(&self, file: &File) -> PathBuf {
        match self {
            Self::File { path, .. } => path.clone(),
            Self::Folder(folder) => folder.join(&file.path),
        }
    }
}
