//! The state of one get: what it must still know after a crash.
//!
//! One file for each link, target and choice of files, which only its user can read. It begins with the server's answer
//! to `open`, which is all ciphertext: a link that is used up opens no more, and its grant still serves. Then it grows by the
//! grant, by the files that are finished and by how far the next one is. Nothing counts before it is durable.

mod lines;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use onekey_core::base64url;
use onekey_core::keys::{Grant, Locator};
use onekey_core::wire::LinkOpened;
use rand::RngExt;
use sha2::{Digest, Sha256};

use super::state::StartedGetOver;
use crate::state::folder;

/// End of a state file's name.
const SUFFIX: &str = ".get";

/// Bytes of the digests in a state file's name.
const NAME_LEN: usize = 16;

/// How often a file that is just being removed is opened again.
const TRIES: u32 = 8;

/// What the first line holds.
pub(super) struct First {
    /// What the names of the temporary files have in common.
    pub(super) id: u64,
    pub(super) locator: Locator,
    /// The folder, or the file.
    pub(super) target: Vec<u8>,
    pub(super) password: bool,
    pub(super) answer: LinkOpened,
}

/// How far the unfinished file is: so many bytes of its temporary file are durable.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct At {
    pub(super) index: usize,
    pub(super) bytes: u64,
    pub(super) inode: u64,
    /// Path of the temporary file below the folder.
    pub(super) path: Vec<u8>,
}

/// What an earlier get left.
#[derive(Default)]
pub(super) struct Earlier {
    pub(super) grant: Option<Grant>,
    /// Finished files, with their inodes.
    pub(super) done: BTreeMap<usize, u64>,
    pub(super) at: Option<At>,
}

/// How opening a state ended.
pub(super) enum Opened {
    /// Another get has it.
    InUse,
    Journal(Arc<Journal>, Earlier, Option<StartedGetOver>),
}

/// The file of one get, locked for this process. When it is dropped without a grant, nothing is worth to be continued
/// and it removes itself.
pub(super) struct Journal {
    path: PathBuf,
    id: u64,
    /// `None` once it is removed.
    file: Mutex<Option<File>>,
    has_grant: AtomicBool,
    /// Tells the caller's handle.
    kept: Arc<AtomicBool>,
}

impl Journal {
    /// Opens the state of what `first` says, or makes one. `choice` names what else tells two gets apart.
    pub(super) fn open(
        folder: &Path,
        mut first: First,
        choice: &[u8],
        kept: &Arc<AtomicBool>,
    ) -> io::Result<Opened> {
        folder::make(folder)?;
        folder::remove_old(folder, SUFFIX, |file| {
            if let Ok(Some(old)) = read(file) {
                remove_temporary(&old);
            }
        });
        let name = format!(
            "{}-{}{SUFFIX}",
            name_of(first.locator.as_bytes()),
            name_of(choice)
        );
        let path = folder.join(name);
        for _ in 0..TRIES {
            let mut file = folder::options().read(true).create(true).open(&path)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Ok(Opened::InUse),
                Err(TryLockError::Error(error)) => return Err(error),
                // Its user was done with it in between.
                Ok(()) if file.metadata()?.nlink() == 0 => continue,
                Ok(()) => {}
            }
            let is_new = file.metadata()?.len() == 0;
            let (mut earlier, mut over) = (Earlier::default(), None);
            match read(&mut file)? {
                Some(read) if read.first.is_of(&first) => {
                    // What comes next must not stand behind half a line.
                    file.set_len(read.valid)?;
                    first.id = read.first.id;
                    earlier = Earlier {
                        grant: read.grant,
                        done: read.done,
                        at: read.at,
                    };
                }
                found => {
                    if let Some(old) = &found {
                        remove_temporary(old);
                        over = Some(StartedGetOver::Share);
                    } else if !is_new {
                        over = Some(StartedGetOver::Unreadable);
                    }
                    first.id = rand::rng().random();
                    file.set_len(0)?;
                    file.write_all(lines::first(&first).as_bytes())?;
                    file.sync_all()?;
                    File::open(folder)?.sync_all()?;
                }
            }
            kept.store(earlier.grant.is_some(), Ordering::Release);
            let journal = Self {
                path,
                id: first.id,
                file: Mutex::new(Some(file)),
                has_grant: earlier.grant.is_some().into(),
                kept: Arc::clone(kept),
            };
            return Ok(Opened::Journal(Arc::new(journal), earlier, over));
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// Makes the grant known. When it returns, the grant is durable and may be used.
    pub(super) fn grant(&self, grant: &Grant) -> io::Result<()> {
        self.append(&lines::grant(grant))?;
        self.has_grant.store(true, Ordering::Release);
        self.kept.store(true, Ordering::Release);
        Ok(())
    }

    /// Makes it known which files are finished, with their inodes, and how far the next one is. All that is durable already.
    pub(super) fn record(&self, done: &[(usize, u64)], at: Option<&At>) -> io::Result<()> {
        let done = done.iter().map(|&(index, inode)| lines::done(index, inode));
        let text: String = done.chain(at.map(lines::at)).collect();
        if text.is_empty() {
            return Ok(());
        }
        self.append(&text)
    }

    /// Returns the name of the temporary file of a file of the share.
    pub(super) fn temporary(&self, index: usize) -> String {
        temporary(self.id, index)
    }

    /// Removes the file: there is nothing to continue any more.
    pub(super) fn remove(&self) {
        self.kept.store(false, Ordering::Release);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // The lock is held until the file is gone.
        if let Some(_locked) = file.take() {
            // What cannot be removed now is removed when it is old.
            let _ = fs::remove_file(&self.path);
        }
    }

    /// Lets another get have the file, as the end of this process does.
    #[cfg(test)]
    pub(super) fn let_go(&self) {
        drop(self.file.lock().unwrap().take());
    }

    fn append(&self, text: &str) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // Once it could not be written, the get goes on without.
        let Some(file) = file.as_mut() else {
            return Ok(());
        };
        file.write_all(text.as_bytes())?;
        file.sync_data()
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        if !self.has_grant.load(Ordering::Acquire) {
            self.remove();
        }
    }
}

impl First {
    /// Whether it is of the same get of the same share. The envelope is not compared: the header commits to its key.
    fn is_of(&self, other: &Self) -> bool {
        let (one, two) = (&self.answer, &other.answer);
        self.locator == other.locator
            && self.target == other.target
            && one.header == two.header
            && one.manifest == two.manifest
            && one.size == two.size
    }
}

/// Returns the server's answer that was kept for a link, and whether the link wants a password.
pub(crate) fn answer_of(
    folder: &Path,
    locator: &Locator,
) -> io::Result<Option<(LinkOpened, bool)>> {
    let prefix = format!("{}-", name_of(locator.as_bytes()));
    for (name, path, _) in folder::files(folder, SUFFIX)? {
        if name.starts_with(&prefix)
            && let Some(mut file) = folder::open(&path)?
            && let Some(read) = read(&mut file)?
            && read.first.locator == *locator
            && read.grant.is_some()
        {
            return Ok(Some((read.first.answer, read.first.password)));
        }
    }
    Ok(None)
}

fn read(file: &mut File) -> io::Result<Option<lines::Read>> {
    Ok(lines::read(&folder::read(file)?))
}

/// Removes the unfinished file of a get that nobody continues.
fn remove_temporary(old: &lines::Read) {
    let Some(at) = &old.at else { return };
    let (folder, path) = (Path::new(OsStr::from_bytes(&old.first.target)), &at.path);
    let path = folder.join(OsStr::from_bytes(path));
    // The name is ours whatever the line says.
    if path.file_name() == Some(OsStr::new(&temporary(old.first.id, at.index))) {
        let _ = fs::remove_file(path);
    }
}

fn temporary(id: u64, index: usize) -> String {
    format!(".onekey-{id:016x}-{index}")
}

fn name_of(text: &[u8]) -> String {
    base64url::encode(&Sha256::digest(text)[..NAME_LEN])
}
