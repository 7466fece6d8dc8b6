//! Files on disk: planned before anything is spent, written in the order of the payload.

mod keep;
mod left;
mod look;
#[cfg(test)]
mod tests;
mod writing;

use std::fs;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use onekey_core::manifest::{File, Manifest};

use super::Got;
use super::chosen::{Chosen, Place};
use super::folder::{Folder, Temporary};
use super::names;
use super::runs::overlap;
use crate::error::GetError;
use keep::Waiting;
use left::{Begun, left};
use look::{check_space, enter, probe, replaces};
use writing::Writing;

pub(super) use keep::Keep;

/// Restores files of a share into a folder.
pub(super) struct Restore {
    manifest: Arc<Manifest>,
    chosen: Chosen,
    place: Place,
    folder: Arc<Folder>,
    /// The chosen files that are not there yet, and which of them replace another one.
    missing: Vec<(usize, bool)>,
    /// The missing file that comes next, or that is being written.
    next: usize,
    writing: Option<Writing>,
    /// What an earlier get wrote of a missing file.
    begun: Option<Begun>,
    keep: Option<Keep>,
}

impl Restore {
    /// Looks for everything that could be in the way, then makes the folder. Nothing else is changed, but that files which an
    /// earlier get finished get their names.
    pub(super) fn prepare(
        manifest: Arc<Manifest>,
        chosen: Chosen,
        place: Place,
        overwrite: bool,
        keep: Option<Keep>,
    ) -> Result<Self, GetError> {
        let path = place.folder();
        if let Place::Folder(_) = place {
            names::check(chosen.paths(&manifest), names::FOLDS_CASE)?;
        }
        let mut missing: Vec<_> = chosen.files.iter().map(|&index| (index, false)).collect();
        let mut begun = None;
        match Folder::open(path) {
            Ok(folder) => {
                let folder = Arc::new(folder);
                if let Some(keep) = &keep {
                    (missing, begun) =
                        left(keep, &manifest, &missing, (&folder, &place), overwrite)?;
                }
                for (index, replace) in &mut missing {
                    let file = &manifest.files[*index];
                    let found = replaces(&folder, path, place.name(file), overwrite);
                    *replace = found.map_err(|error| match (error, &place) {
                        (GetError::Exists(_), Place::File { path, .. }) => {
                            GetError::Exists(path.clone())
                        }
                        (error, _) => error,
                    })?;
                }
                for name in chosen.folders(&manifest) {
                    enter(&folder, path, name)?;
                }
            }
            Err(error)
                if error.kind() == io::ErrorKind::NotFound && matches!(place, Place::Folder(_)) => {
            }
            Err(error)
                if error.kind() == io::ErrorKind::NotADirectory
                    && matches!(place, Place::Folder(_)) =>
            {
                return Err(GetError::Exists(path.to_owned()));
            }
            Err(error) => return Err(failed(None, error)),
        }
        let there = begun.as_ref().map_or(0, |begun: &Begun| begun.bytes);
        let sizes = missing.iter().map(|&(index, _)| manifest.files[index].size);
        check_space(
            path,
            sizes.fold(0, u64::saturating_add).saturating_sub(there),
        )?;
        if let Place::Folder(_) = place {
            fs::create_dir_all(path).map_err(|error| failed(None, error))?;
        }
        let folder = Folder::open(path).map_err(|error| failed(None, error))?;
        let folder = Arc::new(folder);
        probe(&folder)?;
        Ok(Self {
            manifest,
            chosen,
            place,
            folder,
            missing,
            next: 0,
            writing: None,
            begun,
            keep,
        })
    }

    /// Returns the places in the plaintext that are still to be taken, in their order.
    pub(super) fn places(&self) -> impl Iterator<Item = Range<u64>> {
        self.missing[self.next..].iter().map(|&(index, _)| {
            let file = &self.manifest.files[index];
            file.offset + self.taken(index)..file.offset + file.stored
        })
    }

    /// Whether nothing of the chosen files is there yet.
    pub(super) fn is_untouched(&self) -> bool {
        let (there, _) = self.sizes();
        there == 0 && self.missing.len() == self.chosen.files.len() && self.next == 0
    }

    /// Returns the bytes of the files that are there, and of all.
    pub(super) fn sizes(&self) -> (u64, u64) {
        let size = |index: usize| self.manifest.files[index].size;
        let all: u64 = self.chosen.files.iter().map(|&index| size(index)).sum();
        let missing = self.missing[self.next..].iter();
        let missing: u64 = missing.map(|&(index, _)| size(index)).sum();
        let begun = self.missing.get(self.next);
        let begun = begun.map_or(0, |&(index, _)| self.taken(index));
        (all - missing + begun, all)
    }

    /// Takes the plaintext at byte `at`, which follows what was taken before. What lies between holds nothing of the
    /// missing files.
    pub(super) fn take(&mut self, at: u64, text: &[u8]) -> Result<(), GetError> {
        let manifest = Arc::clone(&self.manifest);
        while let Some(&(index, replace)) = self.missing.get(self.next) {
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
            let from = file.offset + writing.taken();
            let pushed = overlap(at, text, &(from..end));
            let written = writing.push(pushed);
            let is_whole = writing.taken() == file.stored && behind >= end;
            if written.is_err() || !is_whole {
                self.writing = Some(writing);
                written?;
                self.count(pushed.len() as u64)?;
                break;
            }
            self.publish(index, file, writing.finish(file)?, replace)?;
            self.next += 1;
            self.count(pushed.len() as u64)?;
        }
        Ok(())
    }

    /// Ends: makes what no plaintext stands for, and tells what was written.
    pub(super) fn finish(mut self) -> Result<Got, GetError> {
        while let Some(&(index, _)) = self.missing.get(self.next) {
            let file = &self.manifest.files[index];
            // The manifest's rules place every file within the payload, and all chunks of the missing ones were taken.
            if file.stored > self.taken(index) {
                return Err(GetError::Cancelled);
            }
            let end = file.offset + file.stored;
            self.take(end, &[])?;
        }
        self.record()?;
        for name in self.chosen.folders(&self.manifest) {
            descend(&self.folder, name.split('/')).map_err(|error| failed(None, error))?;
        }
        if let Some(keep) = self.keep.take() {
            keep.journal().remove();
        }
        let files = self.chosen.files(&self.manifest);
        let files = files.map(|file| self.place.path(file)).collect();
        let (_, bytes) = self.sizes();
        Ok(Got { files, bytes })
    }

    /// Returns how many stored bytes of a file were taken, by this get or an earlier one.
    fn taken(&self, index: usize) -> u64 {
        let writing = self
            .writing
            .as_ref()
            .filter(|writing| writing.index() == index);
        let begun = self.begun.as_ref().filter(|begun| begun.index == index);
        writing.map_or_else(|| begun.map_or(0, |begun| begun.bytes), Writing::taken)
    }

    /// Makes the file's folder and its temporary file.
    fn begin(&mut self, index: usize, file: &File) -> Result<Writing, GetError> {
        if let Some(begun) = self.begun.take_if(|begun| begun.index == index) {
            return Ok(Writing::new(index, file, begun.temporary, begun.bytes));
        }
        let (folder, _) = split(self.place.name(file));
        let components = folder.into_iter().flat_map(|path| path.split('/'));
        let made = descend(&self.folder, components).and_then(|folder| match &self.keep {
            Some(keep) => folder.create_named(&keep.journal().temporary(index)),
            None => folder.create(),
        });
        let temporary = made.map_err(|error| {
            if error.kind() == io::ErrorKind::NotADirectory {
                // Somebody put a file or a symlink there since it was looked at.
                GetError::Exists(self.place.path(file))
            } else {
                failed(Some(index), error)
            }
        })?;
        Ok(Writing::new(index, file, temporary, 0))
    }

    /// Gives a file its name, at once or when it is recorded.
    fn publish(
        &mut self,
        index: usize,
        file: &File,
        temporary: Temporary,
        replace: bool,
    ) -> Result<(), GetError> {
        let (_, name) = split(self.place.name(file));
        let path = self.place.path(file);
        let Some(keep) = &mut self.keep else {
            let published = temporary.publish(name, replace);
            return published.map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => GetError::Exists(path),
                _ => failed(Some(index), error),
            });
        };
        keep.wait(Waiting {
            index,
            temporary,
            name: name.to_owned(),
            path,
            replace,
        });
        Ok(())
    }

    /// Counts bytes that were written, and records them when they are many.
    fn count(&mut self, bytes: u64) -> Result<(), GetError> {
        let is_time = self.keep.as_mut().is_some_and(|keep| keep.count(bytes));
        if is_time { self.record() } else { Ok(()) }
    }

    /// Makes what was written durable, and known to a later get.
    fn record(&mut self) -> Result<(), GetError> {
        let Some(keep) = &mut self.keep else {
            return Ok(());
        };
        let writing = self.writing.as_mut().map(|writing| {
            let name = self.place.name(&self.manifest.files[writing.index()]);
            let name = match split(name).0 {
                Some(folder) => format!("{folder}/{}", keep.journal().temporary(writing.index())),
                None => keep.journal().temporary(writing.index()),
            };
            (writing, name)
        });
        keep.record(writing)
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        // It broke off: what is verified counts for a later get. What cannot be recorded now is fetched again.
        let _ = self.record();
    }
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

fn failed(index: Option<usize>, source: io::Error) -> GetError {
    GetError::Io { index, source }
}
