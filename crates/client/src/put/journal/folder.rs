//! The state files of uploads: making, finding, locking and forgetting them.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rand::RngExt;

use super::{Journal, Kept, Opened, Saved, lines};
use crate::state::folder;

/// End of a state file's name.
const SUFFIX: &str = ".upload";
/// End of the name of one that is not written yet.
const NEW_SUFFIX: &str = ".upload-new";

/// Where the states of one put are: of these paths, with these options, to this server.
#[derive(Clone)]
pub(in crate::put) struct Place {
    folder: PathBuf,
    /// The beginning of their names.
    key: String,
    /// Digest of the list of files.
    list: [u8; 32],
    kept: Arc<Kept>,
}

/// What there is to continue.
pub(in crate::put) enum Found {
    /// Another put uses it.
    InUse,
    /// Nothing.
    Nothing,
    /// This.
    Opened(Box<Opened>),
    /// A file that no onekey of this version has written whole.
    Unreadable(Journal),
}

impl Place {
    pub(in crate::put) const fn new(
        folder: PathBuf,
        key: String,
        list: [u8; 32],
        kept: Arc<Kept>,
    ) -> Self {
        Self {
            folder,
            key,
            list,
            kept,
        }
    }

    /// Returns the digest of the list of files.
    pub(in crate::put) const fn list(&self) -> &[u8; 32] {
        &self.list
    }

    /// Makes the file of a new upload. It has its name only when it is whole and durable.
    pub(in crate::put) fn create(&self, saved: &Saved) -> io::Result<Journal> {
        folder::make(&self.folder)?;
        let random: u64 = rand::rng().random();
        let stem = self.folder.join(format!("{}-{random:016x}", self.key));
        let (new, path) = (with(&stem, NEW_SUFFIX), with(&stem, SUFFIX));
        let mut file = folder::options().create_new(true).open(&new)?;
        let written = (|| {
            file.lock()?;
            file.write_all(saved.line().as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            File::open(&self.folder)?.sync_all()
        })();
        if let Err(error) = written {
            let _ = fs::remove_file(&new);
            return Err(error);
        }
        Ok(self.journal(path, file))
    }

    /// Finds the newest state that nobody uses.
    pub(in crate::put) fn find(&self) -> io::Result<Found> {
        let prefix = format!("{}-", self.key);
        let mut found: Vec<_> = folder::files(&self.folder, SUFFIX)?
            .filter(|(name, ..)| name.starts_with(&prefix))
            .collect();
        found.sort_by_key(|(_, _, modified)| std::cmp::Reverse(*modified));
        let mut in_use = false;
        for (_, path, _) in found {
            let Some(file) = folder::open(&path)? else {
                continue;
            };
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => in_use = true,
                Err(TryLockError::Error(error)) => return Err(error),
                // Its user was done with it in between.
                Ok(()) if file.metadata()?.nlink() == 0 => {}
                Ok(()) => return self.read(path, file),
            }
        }
        Ok(if in_use { Found::InUse } else { Found::Nothing })
    }

    /// Removes the states of uploads that no server has any more.
    pub(in crate::put) fn remove_old(&self) {
        for suffix in [SUFFIX, NEW_SUFFIX] {
            folder::remove_old(&self.folder, suffix, |_| {});
        }
    }

    fn read(&self, path: PathBuf, mut file: File) -> io::Result<Found> {
        let text = folder::read(&mut file)?;
        let Some(read) = lines::read(&text) else {
            return Ok(Found::Unreadable(self.journal(path, file)));
        };
        // What comes next must not stand behind half a line.
        file.set_len(read.valid)?;
        Ok(Found::Opened(Box::new(Opened {
            journal: self.journal(path, file),
            saved: read.saved,
            records: read.records,
            complete: read.complete,
        })))
    }

    fn journal(&self, path: PathBuf, file: File) -> Journal {
        self.kept.set(true);
        Journal {
            path,
            file: Mutex::new(Some(file)),
            kept: Arc::clone(&self.kept),
        }
    }
}

fn with(stem: &Path, suffix: &str) -> PathBuf {
    let mut path = stem.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}
