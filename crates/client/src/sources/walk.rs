//! Walks folders and names what they hold.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use onekey_core::manifest::check_path;
use walkdir::WalkDir;

use super::{Content, Skipped, SkippedReason, SourceFile, Sources, WalkOptions};
use crate::error::SourceError;

/// Most wrong entries that one error names.
const MAX_ERRORS: usize = 20;

/// See [`Sources::from_paths`].
pub(super) fn gather(paths: &[PathBuf], options: WalkOptions) -> Result<Sources, SourceError> {
    let mut walk = Walk {
        options,
        ..Walk::default()
    };
    for path in paths {
        if let Err(error) = walk.root(path) {
            walk.errors.push(error);
        }
        if walk.errors.len() >= MAX_ERRORS {
            break;
        }
    }
    let mut sources = walk.finish()?;
    sources.roots = paths.to_vec();
    Ok(sources)
}

#[derive(Default)]
struct Walk {
    options: WalkOptions,
    /// Names of what was asked for: they are distinct, so what is below them is too.
    roots: HashSet<String>,
    files: Vec<SourceFile>,
    /// All folders, as paths in the share.
    folders: Vec<String>,
    skipped: Vec<Skipped>,
    errors: Vec<SourceError>,
}

impl Walk {
    /// Adds what was asked for by name.
    fn root(&mut self, path: &Path) -> Result<(), SourceError> {
        if !self.options.follow_symlinks && is_symlink(path) {
            self.skip(path, SkippedReason::Symlink);
            return Ok(());
        }
        let found = fs::metadata(path).map_err(|source| failed(path, source))?;
        let name = root_name(path)?;
        if !self.roots.insert(name.clone()) {
            return Err(SourceError::SameName(name));
        }
        if found.is_dir() {
            self.folder(path, &name);
            Ok(())
        } else if found.is_file() {
            self.file(name, path, &found)
        } else {
            Err(SourceError::Special(path.to_owned()))
        }
    }

    /// Adds everything in a folder.
    fn folder(&mut self, root: &Path, name: &str) {
        let walk = WalkDir::new(root).follow_links(self.options.follow_symlinks);
        for entry in walk {
            let added = match entry {
                Ok(entry) => self.entry(root, name, &entry),
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    // Only a symlink that leads to a folder above itself has no I/O error.
                    let source = error
                        .into_io_error()
                        .unwrap_or_else(|| io::Error::other("the symbolic link is a loop"));
                    Err(failed(&path, source))
                }
            };
            if let Err(error) = added {
                self.errors.push(error);
                if self.errors.len() >= MAX_ERRORS {
                    return;
                }
            }
        }
    }

    fn entry(
        &mut self,
        root: &Path,
        root_name: &str,
        entry: &walkdir::DirEntry,
    ) -> Result<(), SourceError> {
        let path = entry.path();
        let kind = entry.file_type();
        let reason = if kind.is_symlink() {
            Some(SkippedReason::Symlink)
        } else if kind.is_dir() || kind.is_file() {
            None
        } else {
            Some(SkippedReason::Special)
        };
        if let Some(reason) = reason {
            self.skip(path, reason);
            return Ok(());
        }
        let name = share_name(root, root_name, path)?;
        if kind.is_dir() {
            if !name.is_empty() {
                check(path, &name)?;
                self.folders.push(name);
            }
            return Ok(());
        }
        let found = entry
            .metadata()
            .map_err(|error| failed(path, error.into()))?;
        self.file(name, path, &found)
    }

    fn file(&mut self, name: String, path: &Path, found: &Metadata) -> Result<(), SourceError> {
        check(path, &name)?;
        readable(path).map_err(|source| failed(path, source))?;
        if found.len() == 0 && tells_no_length(path).map_err(|source| failed(path, source))? {
            return Err(SourceError::Unsized(path.to_owned()));
        }
        self.files.push(SourceFile {
            name,
            path: path.to_owned(),
            size: found.len(),
            modified: found.modified().ok(),
            executable: is_executable(found),
        });
        Ok(())
    }

    fn skip(&mut self, path: &Path, reason: SkippedReason) {
        let path = path.to_owned();
        self.skipped.push(Skipped { path, reason });
    }

    fn finish(mut self) -> Result<Sources, SourceError> {
        self.files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        self.folders.sort_unstable();
        let twice = self.files.windows(2).find(|two| two[0].name == two[1].name);
        if let Some(two) = twice {
            self.errors.push(SourceError::SameName(two[0].name.clone()));
        }
        match self.errors.len() {
            0 => {}
            1 => return Err(self.errors.remove(0)),
            _ => return Err(SourceError::Several(self.errors)),
        }
        let folders = self.empty_folders();
        if self.files.is_empty() && folders.is_empty() {
            if self.skipped.is_empty() {
                return Err(SourceError::Empty);
            }
            // A folder without anything else would be sent as an empty one.
            let paths = self.skipped.into_iter().map(|skipped| skipped.path);
            return Err(SourceError::OnlySymlinks(paths.collect()));
        }
        Ok(Sources {
            content: Content::Files(self.files),
            folders,
            roots: Vec::new(),
            skipped: self.skipped,
        })
    }

    /// The folders that no file and no other folder implies.
    fn empty_folders(&self) -> Vec<String> {
        let holds = |folder: &String| {
            let prefix = format!("{folder}/");
            let file = self.files.partition_point(|file| file.name < prefix);
            let below = self.folders.partition_point(|other| *other < prefix);
            let first_file = self.files.get(file).map(|file| &file.name);
            [first_file, self.folders.get(below)]
                .into_iter()
                .flatten()
                .any(|name| name.starts_with(&prefix))
        };
        let empty = self.folders.iter().filter(|folder| !holds(folder));
        empty.cloned().collect()
    }
}

/// Whether a path names a symlink itself. `link/` does too: what shells complete must not decide what is sent.
fn is_symlink(path: &Path) -> bool {
    path.components().as_path().is_symlink()
}

/// The name of what was asked for: empty for the root of the file system.
fn root_name(path: &Path) -> Result<String, SourceError> {
    let resolved;
    let path = if path.file_name().is_some() {
        path
    } else {
        // `.`, `..` and the like have a name only once they are resolved.
        resolved = path.canonicalize().map_err(|source| failed(path, source))?;
        &resolved
    };
    let name = path.file_name().unwrap_or_default();
    name.to_str()
        .map(str::to_owned)
        .ok_or_else(|| SourceError::NotUtf8(path.to_owned()))
}

/// The path in the share of `path`, which lies at or below `root`.
fn share_name(root: &Path, root_name: &str, path: &Path) -> Result<String, SourceError> {
    let below = path.strip_prefix(root).unwrap_or_else(|_| Path::new(""));
    let mut name = root_name.to_owned();
    for component in below {
        let component = component
            .to_str()
            .ok_or_else(|| SourceError::NotUtf8(path.to_owned()))?;
        if !name.is_empty() {
            name.push('/');
        }
        name.push_str(component);
    }
    Ok(name)
}

fn check(path: &Path, name: &str) -> Result<(), SourceError> {
    check_path(name).map_err(|cause| SourceError::Name {
        path: path.to_owned(),
        cause,
    })
}

fn failed(path: &Path, source: io::Error) -> SourceError {
    let path = path.to_owned();
    if source.kind() == io::ErrorKind::NotFound {
        SourceError::NotFound(path)
    } else {
        SourceError::Io { path, source }
    }
}

/// Whether this user may read the file, without opening each of many thousands.
fn readable(path: &Path) -> io::Result<()> {
    Ok(rustix::fs::access(path, rustix::fs::Access::READ_OK)?)
}

/// Files of `/proc` claim to be empty and are not.
fn tells_no_length(path: &Path) -> io::Result<bool> {
    Ok(File::open(path)?.read(&mut [0])? > 0)
}

fn is_executable(found: &Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o111 != 0
}
