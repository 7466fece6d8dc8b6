//! Files on disk: planned before anything is spent, written in the order of the payload.

#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use onekey_core::manifest::{File, Manifest};

use super::chosen::Chosen;
use super::decode::Decoder;
use super::folder::{Finish, Folder, Found, Temporary};
use super::names;
use super::{GetOptions, Got};
use crate::error::GetError;

/// Restores files of a share into a folder.
pub(super) struct Restore {
    manifest: Arc<Manifest>,
    chosen: Chosen,
    path: PathBuf,
    folder: Arc<Folder>,
    /// Which of the chosen files replace another one.
    replace: Vec<bool>,
    /// The chosen file that comes next, or that is being written.
    next: usize,
    writing: Option<Writing>,
    got: Got,
}

impl Restore {
    /// Looks for everything that could be in the way, then makes the folder. Nothing else is changed.
    pub(super) fn prepare(
        manifest: Arc<Manifest>,
        chosen: Chosen,
        path: PathBuf,
        options: GetOptions,
    ) -> Result<Self, GetError> {
        names::check(chosen.paths(&manifest), names::FOLDS_CASE)?;
        let mut replace = vec![false; chosen.files.len()];
        match Folder::open(&path) {
            Ok(folder) => {
                for (file, replace) in chosen.files(&manifest).zip(&mut replace) {
                    *replace = replaces(&folder, &path, &file.path, options)?;
                }
                for name in chosen.folders(&manifest) {
                    enter(&folder, &path, name)?;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(GetError::Exists(path));
            }
            Err(error) => return Err(failed(None, error)),
        }
        check_space(&path, chosen.files(&manifest).map(|file| file.size))?;
        let made = fs::create_dir_all(&path).and_then(|()| Folder::open(&path));
        let folder = Arc::new(made.map_err(|error| failed(None, error))?);
        probe(&folder)?;
        Ok(Self {
            manifest,
            chosen,
            path,
            folder,
            replace,
            next: 0,
            writing: None,
            got: Got::default(),
        })
    }

    /// Takes the plaintext at byte `at`, which follows what was taken before. What lies between holds nothing of the
    /// chosen files.
    pub(super) fn take(&mut self, at: u64, text: &[u8]) -> Result<(), GetError> {
        let manifest = Arc::clone(&self.manifest);
        while let Some(&index) = self.chosen.files.get(self.next) {
            let file = &manifest.files[index];
            let end = file.offset + file.stored;
            let behind = at + text.len() as u64;
            if behind < file.offset {
                break;
            }
            let mut writing = match self.writing.take() {
                Some(writing) => writing,
                None => self.begin(index, file)?,
            };
            writing.push(super::overlap(at, text, &(file.offset..end)))?;
            if behind < end {
                self.writing = Some(writing);
                break;
            }
            self.publish(file, writing)?;
            self.next += 1;
        }
        Ok(())
    }

    /// Ends: makes what no plaintext stands for, and tells what was written.
    pub(super) fn finish(mut self) -> Result<Got, GetError> {
        while let Some(&index) = self.chosen.files.get(self.next) {
            let file = &self.manifest.files[index];
            // The manifest's rules place every file within the payload, and all chunks of the chosen ones were taken.
            if file.stored > 0 {
                return Err(GetError::Cancelled);
            }
            let offset = file.offset;
            self.take(offset, &[])?;
        }
        for name in self.chosen.folders(&self.manifest) {
            descend(&self.folder, name.split('/')).map_err(|error| failed(None, error))?;
        }
        Ok(self.got)
    }

    /// Makes the file's folder and its temporary file.
    fn begin(&self, index: usize, file: &File) -> Result<Writing, GetError> {
        let (folder, _) = split(&file.path);
        let components = folder.into_iter().flat_map(|path| path.split('/'));
        let made = descend(&self.folder, components).and_then(|folder| folder.create());
        let temporary = made.map_err(|error| {
            if error.kind() == io::ErrorKind::NotADirectory {
                // Somebody put a file or a symlink there since it was looked at.
                GetError::Exists(self.path.join(&file.path))
            } else {
                failed(Some(index), error)
            }
        })?;
        Ok(Writing::new(index, file, temporary))
    }

    fn publish(&mut self, file: &File, writing: Writing) -> Result<(), GetError> {
        let (_, name) = split(&file.path);
        let path = self.path.join(&file.path);
        writing.publish(name, &path, file, self.replace[self.next])?;
        self.got.files.push(path);
        self.got.bytes += file.size;
        Ok(())
    }
}

/// One file that is being written.
pub(super) struct Writing {
    index: usize,
    decoder: Decoder,
    temporary: Temporary,
}

impl Writing {
    pub(super) fn new(index: usize, file: &File, temporary: Temporary) -> Self {
        Self {
            index,
            decoder: Decoder::new(index, file),
            temporary,
        }
    }

    /// Takes the next stored bytes.
    pub(super) fn push(&mut self, stored: &[u8]) -> Result<(), GetError> {
        let (file, index) = (self.temporary.file(), self.index);
        self.decoder.push(stored, &mut |bytes| {
            file.write_all(bytes)
                .map_err(|error| failed(Some(index), error))
        })
    }

    /// Ends the file and gives it its name, or removes it.
    pub(super) fn publish(
        self,
        name: &str,
        path: &Path,
        file: &File,
        replace: bool,
    ) -> Result<(), GetError> {
        let Self {
            index,
            decoder,
            mut temporary,
        } = self;
        let target = temporary.file();
        decoder.finish(&mut |bytes| {
            target
                .write_all(bytes)
                .map_err(|error| failed(Some(index), error))
        })?;
        let finish = Finish {
            replace,
            executable: file.executable,
            modified: file.modified.and_then(system_time),
        };
        temporary.publish(name, finish).map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                GetError::Exists(path.to_owned())
            } else {
                failed(Some(index), error)
            }
        })
    }
}

/// Prepares to write one file to the path that a person named. Returns what to write to, its name, and whether it
/// replaces another file.
pub(super) fn prepare_file(
    index: usize,
    file: &File,
    to: &Path,
    options: GetOptions,
) -> Result<(Writing, String, bool), GetError> {
    let invalid = || failed(None, io::ErrorKind::InvalidInput.into());
    let name = to.file_name().ok_or_else(invalid)?;
    let name = name.to_str().ok_or_else(invalid)?;
    let parent = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let folder = Folder::open(parent).map_err(|error| failed(None, error))?;
    let replace = replaces(&folder, parent, name, options).map_err(|error| match error {
        GetError::Exists(_) => GetError::Exists(to.to_owned()),
        error => error,
    })?;
    check_space(parent, [file.size])?;
    let temporary = Arc::new(folder).create();
    let temporary = temporary.map_err(|error| failed(None, error))?;
    Ok((
        Writing::new(index, file, temporary),
        name.to_owned(),
        replace,
    ))
}

/// Tells whether a file at `name` would replace another one, if it may.
fn replaces(
    folder: &Folder,
    path: &Path,
    name: &str,
    options: GetOptions,
) -> Result<bool, GetError> {
    let (parent, last) = split(name);
    let found = match parent {
        None => folder.find(last),
        Some(parent) => match enter(folder, path, parent)? {
            Some(folder) => folder.find(last),
            None => Ok(Found::Nothing),
        },
    };
    match found.map_err(|error| failed(None, error))? {
        Found::Nothing => Ok(false),
        Found::File if options.overwrite => Ok(true),
        Found::File | Found::Folder => Err(GetError::Exists(path.join(name))),
    }
}

/// Opens the folder `name` below `folder` without making it, if it is there.
fn enter(folder: &Folder, path: &Path, name: &str) -> Result<Option<Folder>, GetError> {
    let mut inner: Option<Folder> = None;
    let mut path = path.to_owned();
    for component in name.split('/') {
        path.push(component);
        match inner.as_ref().unwrap_or(folder).enter(component) {
            Ok(Some(next)) => inner = Some(next),
            Ok(None) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(GetError::Exists(path));
            }
            Err(error) => return Err(failed(None, error)),
        }
    }
    Ok(inner)
}

/// Opens a folder below `folder`, and makes what is missing.
fn descend<'n>(
    folder: &Arc<Folder>,
    components: impl Iterator<Item = &'n str>,
) -> io::Result<Arc<Folder>> {
    let mut folder = Arc::clone(folder);
    for component in components {
        folder = Arc::new(folder.make(component)?);
    }
    Ok(folder)
}

/// Splits a path into its folder and its name.
fn split(path: &str) -> (Option<&str>, &str) {
    path.rsplit_once('/')
        .map_or((None, path), |(folder, name)| (Some(folder), name))
}

/// Compares what will be written with what is free, where that is known.
fn check_space(path: &Path, sizes: impl IntoIterator<Item = u64>) -> Result<(), GetError> {
    let needed = sizes.into_iter().fold(0, u64::saturating_add);
    // The folder itself may not be there yet.
    let folder = path.ancestors().find_map(|path| {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        Folder::open(path).ok()
    });
    match folder.map(|folder| folder.free()) {
        Some(Ok(free)) if free < needed => Err(GetError::NoSpace { needed, free }),
        // A file system that does not tell will tell when it is full.
        _ => Ok(()),
    }
}

/// A folder that cannot be written to is known before a download is spent.
fn probe(folder: &Arc<Folder>) -> Result<(), GetError> {
    folder
        .create()
        .map(drop)
        .map_err(|error| failed(None, error))
}

fn system_time(seconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    }
}

fn failed(index: Option<usize>, source: io::Error) -> GetError {
    GetError::Io { index, source }
}
