//! Folders by path, where there are no descriptors of folders.
//!
//! Each component is looked at before it is used. Somebody who may write into the folder could exchange it
//! in between; on such systems the folder to get into should be one's own.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::NamedTempFile;

use super::{Finish, Found};

/// A folder.
pub(in crate::get) struct Folder(PathBuf);

impl Folder {
    /// Opens the folder that a person named.
    pub(in crate::get) fn open(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() {
            Ok(Self(path.to_owned()))
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    /// Opens a folder in this one, or returns `None` where nothing has the name.
    pub(in crate::get) fn enter(&self, name: &str) -> io::Result<Option<Self>> {
        match self.find(name)? {
            Found::Folder => Ok(Some(Self(self.0.join(name)))),
            Found::File => Err(io::ErrorKind::NotADirectory.into()),
            Found::Nothing => Ok(None),
        }
    }

    /// Opens a folder in this one, and makes it if nothing has the name.
    pub(in crate::get) fn make(&self, name: &str) -> io::Result<Self> {
        match fs::create_dir(self.0.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        self.enter(name)?
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Tells what stands at a name. Symlinks and junctions are not folders.
    pub(in crate::get) fn find(&self, name: &str) -> io::Result<Found> {
        match fs::symlink_metadata(self.0.join(name)) {
            Ok(found) if found.is_dir() => Ok(Found::Folder),
            Ok(_) => Ok(Found::File),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
            Err(error) => Err(error),
        }
    }

    /// Makes a file without a name of its own.
    pub(in crate::get) fn create(self: &Arc<Self>) -> io::Result<Temporary> {
        let file = tempfile::Builder::new()
            .prefix(".onekey-")
            .tempfile_in(&self.0)
            .map_err(without_path)?;
        Ok(Temporary {
            folder: Arc::clone(self),
            file,
        })
    }

    /// Returns how many bytes may still be written: not known here, so the write will tell.
    pub(in crate::get) fn free(&self) -> io::Result<u64> {
        Ok(u64::MAX)
    }
}

/// A file that has no name of its own yet. Dropping it removes it.
pub(in crate::get) struct Temporary {
    folder: Arc<Folder>,
    file: NamedTempFile,
}

impl Temporary {
    /// Returns the file to write to.
    pub(in crate::get) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Gives it its name.
    pub(in crate::get) fn publish(self, name: &str, finish: Finish) -> io::Result<()> {
        if let Some(modified) = finish.modified {
            // Not every file system holds every time; the content matters more.
            let _ = self.file.as_file().set_modified(modified);
        }
        let to = self.folder.0.join(name);
        let published = if finish.replace {
            self.file.persist(to)
        } else {
            self.file.persist_noclobber(to)
        };
        published.map(drop).map_err(|error| error.error)
    }
}

/// `tempfile` puts paths into its errors.
fn without_path(error: io::Error) -> io::Error {
    error.kind().into()
}
