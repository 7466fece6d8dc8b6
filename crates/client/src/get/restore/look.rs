//! What could be in the way: looked for before a download is spent.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{failed, split};
use crate::error::GetError;
use crate::get::folder::{Folder, Found};

/// Tells whether a file at `name` would replace another one, if it may.
pub(super) fn replaces(
    folder: &Folder,
    path: &Path,
    name: &str,
    overwrite: bool,
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
        Found::File if overwrite => Ok(true),
        Found::File | Found::Folder => Err(GetError::Exists(path.join(name))),
    }
}

/// Opens the folder `name` below `folder` without making it, if it is there.
pub(super) fn enter(folder: &Folder, path: &Path, name: &str) -> Result<Option<Folder>, GetError> {
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

/// Compares what will be written with what is free, where that is known.
pub(super) fn check_space(path: &Path, needed: u64) -> Result<(), GetError> {
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
pub(super) fn probe(folder: &Arc<Folder>) -> Result<(), GetError> {
    folder
        .create()
        .map(drop)
        .map_err(|error| failed(None, error))
}
