//! The folder of state files: making, finding, locking and forgetting them.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use rand::RngExt;
use zeroize::Zeroizing;

use super::{Journal, Kept, Opened, Saved, lines};

/// They hold keys: nobody else looks.
const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// End of a state file's name.
const SUFFIX: &str = ".upload";
/// End of the name of one that is not written yet.
const NEW_SUFFIX: &str = ".upload-new";

/// The longest life of an upload: no server has one that is older.
const MAX_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Most bytes of a state file: the largest body of `complete` in base64, and a line for each part.
const MAX_FILE: u64 = 32 << 20;

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
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(FOLDER_MODE);
        builder.create(&self.folder)?;
        let random: u64 = rand::rng().random();
        let stem = self.folder.join(format!("{}-{random:016x}", self.key));
        let (new, path) = (with(&stem, NEW_SUFFIX), with(&stem, SUFFIX));
        let mut file = OpenOptions::new()
            .append(true)
            .create_new(true)
            .mode(FILE_MODE)
            .open(&new)?;
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
        let mut found: Vec<_> = self
            .files(SUFFIX)?
            .filter(|(name, ..)| name.starts_with(&prefix))
            .collect();
        found.sort_by_key(|(_, _, modified)| std::cmp::Reverse(*modified));
        let mut in_use = false;
        for (_, path, _) in found {
            let Some(file) = open(&path)? else { continue };
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
            let Ok(files) = self.files(suffix) else {
                return;
            };
            for (_, path, modified) in files {
                let is_old = modified.elapsed().is_ok_and(|age| age > MAX_AGE);
                if is_old
                    && let Ok(Some(file)) = open(&path)
                    && file.try_lock().is_ok()
                {
                    let _ = fs::remove_file(&path);
                }
            }
        }
    }

    fn read(&self, path: PathBuf, mut file: File) -> io::Result<Found> {
        let mut text = Zeroizing::new(Vec::new());
        // One allocation: the text must not move and leave copies of keys.
        let len = file.metadata()?.len().min(MAX_FILE);
        text.reserve_exact(usize::try_from(len).unwrap_or_default() + 1);
        (&mut file).take(len).read_to_end(&mut text)?;
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

    /// Names, paths and times of the files that end like this.
    fn files(
        &self,
        suffix: &'static str,
    ) -> io::Result<impl Iterator<Item = (String, PathBuf, SystemTime)>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => Some(entries),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let entries = entries.into_iter().flatten().filter_map(Result::ok);
        Ok(entries.filter_map(move |entry| {
            let name = entry.file_name().into_string().ok()?;
            let modified = entry.metadata().ok()?.modified().ok()?;
            name.ends_with(suffix)
                .then(|| (name, entry.path(), modified))
        }))
    }
}

fn with(stem: &Path, suffix: &str) -> PathBuf {
    let mut path = stem.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

/// Opens a state for reading and appending, unless it is gone.
fn open(path: &Path) -> io::Result<Option<File>> {
    match OpenOptions::new().read(true).append(true).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
