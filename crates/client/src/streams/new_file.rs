//! A file that appears when it is whole.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use crate::get::folder::{Finish, Folder, Found, Temporary};

/// A file that has no name of its own until [`publish`](Self::publish); dropping it removes it.
///
/// Until then only this user can read it. Nothing is synced to disk, as with `cp`.
pub struct NewFile {
    temporary: Temporary,
    name: OsString,
    overwrite: bool,
}

impl NewFile {
    /// Makes the file that will stand at `path`, in the folder where it will stand. With `overwrite` it takes the
    /// place of a file, and of the one that a symlink points to; never of a folder.
    ///
    /// # Errors
    /// Those of the system; [`ErrorKind::AlreadyExists`] if something has the name, and [`ErrorKind::IsADirectory`]
    /// for a folder.
    pub fn create(path: &Path, overwrite: bool) -> io::Result<Self> {
        // Whoever replaces a symlink's file means the file.
        let resolved = if overwrite {
            path.canonicalize().ok()
        } else {
            None
        };
        let path = resolved.as_deref().unwrap_or(path);
        let name = match path.file_name() {
            // `file_name` overlooks a slash at the end, and who writes one means a folder.
            Some(name) if !path.as_os_str().as_encoded_bytes().ends_with(b"/") => name.to_owned(),
            _ => return Err(ErrorKind::IsADirectory.into()),
        };
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let folder = Folder::open(parent)?;
        match folder.find(&name)? {
            Found::Folder => return Err(ErrorKind::IsADirectory.into()),
            Found::File if !overwrite => return Err(ErrorKind::AlreadyExists.into()),
            Found::File | Found::Nothing => {}
        }
        Ok(Self {
            temporary: Arc::new(folder).create()?,
            name,
            overwrite,
        })
    }

    /// Returns the file to write to.
    ///
    /// # Errors
    /// Those of the system.
    pub fn writer(&mut self) -> io::Result<File> {
        self.temporary.file().try_clone()
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// Those of the system; [`ErrorKind::AlreadyExists`] if somebody took the name meanwhile.
    pub fn publish(self) -> io::Result<()> {
        self.temporary.dress(Finish {
            executable: false,
            modified: None,
        })?;
        self.temporary.publish(&self.name, self.overwrite)
    }
}

impl std::fmt::Debug for NewFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewFile").finish_non_exhaustive()
    }
}
