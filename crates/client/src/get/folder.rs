//! Folders that are written to without ever leaving them.
//!
//! A [`Folder`] is held open by its descriptor, so that nobody can put a symlink in its place meanwhile; its children
//! are opened one component at a time and symlinks are never followed. A [`Temporary`] is a file that nobody else sees by its name until
//! it is published, and that is removed when it is dropped before, unless it stays to be continued.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use rand::RngExt;
use rustix::fs::{self, AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use rustix::path::Arg;

/// Names that are tried for a temporary file before giving up: they have 64 random bits.
const TRIES: u32 = 8;

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

/// Flags for a file that is not there yet.
const NEW: OFlags = OFlags::WRONLY
    .union(OFlags::CREATE)
    .union(OFlags::EXCL)
    .union(OFlags::NOFOLLOW);

#[cfg(any(target_os = "linux", target_os = "android"))]
/// From so many files on, all that their file systems have not written yet is written at once.
const SYNC_TOGETHER: usize = 4;

/// What stands at a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    /// Something that a file can replace; a symlink is not followed.
    File,
    /// A folder.
    Folder,
    /// Nothing.
    Nothing,
}

/// What a published file is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finish {
    pub(crate) executable: bool,
    pub(crate) modified: Option<SystemTime>,
}

/// A folder that is held open.
pub(crate) struct Folder(OwnedFd);

impl Folder {
    /// Opens the folder that a person named; symlinks in their own path are theirs.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(fs::open(path, FOLDER, Mode::empty())?))
    }

    /// Opens a folder in this one, or returns `None` where nothing has the name. A symlink is
    /// [`io::ErrorKind::NotADirectory`], like a file.
    pub(crate) fn enter(&self, name: &str) -> io::Result<Option<Self>> {
        match fs::openat(&self.0, name, FOLDER | OFlags::NOFOLLOW, Mode::empty()) {
            Ok(folder) => Ok(Some(Self(folder))),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::LOOP | Errno::MLINK) => Err(io::ErrorKind::NotADirectory.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a folder in this one, and makes it if nothing has the name.
    pub(crate) fn make(&self, name: &str) -> io::Result<Self> {
        match fs::mkdirat(&self.0, name, Mode::from_raw_mode(0o777)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        self.enter(name)?
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Tells what stands at a name.
    pub(crate) fn find(&self, name: impl Arg) -> io::Result<Found> {
        match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) if FileType::from_raw_mode(found.st_mode) == FileType::Directory => {
                Ok(Found::Folder)
            }
            Ok(_) => Ok(Found::File),
            Err(Errno::NOENT) => Ok(Found::Nothing),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a file that only this user can read while it has no name of its own.
    pub(crate) fn create(self: &Arc<Self>) -> io::Result<Temporary> {
        for _ in 0..TRIES {
            let name = format!(".onekey-{:016x}", rand::rng().random::<u64>());
            match self.temporary(&name, NEW) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => return made,
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Makes a file of a name that only this get uses. What an earlier try left there is lost.
    pub(super) fn create_named(self: &Arc<Self>, name: &str) -> io::Result<Temporary> {
        // Not truncated: somebody could have put a link to another file there.
        match fs::unlinkat(&self.0, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
        self.temporary(name, NEW)
    }

    /// Opens the temporary file that an earlier get left, and cuts it to `len` bytes. `None` if it is not that file, or
    /// is shorter.
    pub(super) fn reopen(
        self: &Arc<Self>,
        name: &str,
        inode: u64,
        len: u64,
    ) -> io::Result<Option<Temporary>> {
        let mut temporary = match self.temporary(name, OFlags::WRONLY | OFlags::NOFOLLOW) {
            Ok(temporary) => temporary,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if Errno::from_io_error(&error) == Some(Errno::LOOP) => return Ok(None),
            Err(error) => return Err(error),
        };
        // What was recorded is never removed, only written on.
        temporary.stays = true;
        let found = fs::fstat(&temporary.file)?;
        let is_file = FileType::from_raw_mode(found.st_mode) == FileType::RegularFile;
        let is_ours = is_file && found.st_ino == inode && found.st_nlink == 1;
        if !is_ours || temporary.file.metadata()?.len() < len {
            return Ok(None);
        }
        temporary.file.set_len(len)?;
        temporary.file.seek(SeekFrom::End(0))?;
        Ok(Some(temporary))
    }

    /// Tells what regular file stands at a name: inode, length, and when it was modified.
    pub(super) fn regular(&self, name: &str) -> io::Result<Option<(u64, u64, i64)>> {
        match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) if FileType::from_raw_mode(found.st_mode) == FileType::RegularFile => {
                let len = u64::try_from(found.st_size).unwrap_or_default();
                Ok(Some((found.st_ino, len, found.st_mtime)))
            }
            Ok(_) | Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn temporary(self: &Arc<Self>, name: &str, flags: OFlags) -> io::Result<Temporary> {
        let mode = Mode::from_raw_mode(0o600);
        let file = fs::openat(&self.0, name, flags | OFlags::CLOEXEC, mode)?;
        Ok(Temporary {
            folder: Arc::clone(self),
            name: name.to_owned(),
            file: file.into(),
            stays: false,
        })
    }

    /// Returns how many bytes this user may still write.
    pub(crate) fn free(&self) -> io::Result<u64> {
        let found = fs::fstatvfs(&self.0)?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }
}

/// A file that has no name of its own yet. Dropping it removes it, unless it stays to be continued.
pub(crate) struct Temporary {
    folder: Arc<Folder>,
    name: String,
    file: File,
    stays: bool,
}

impl Temporary {
    /// Returns the file to write to.
    pub(crate) const fn file(&mut self) -> &mut File {
        &mut self.file
    }

    pub(crate) fn inode(&self) -> io::Result<u64> {
        Ok(fs::fstat(&self.file)?.st_ino)
    }

    /// From now on it is left where it is when it is dropped.
    pub(crate) const fn stay(&mut self) {
        self.stays = true;
    }

    /// Makes it what it will be under its own name.
    pub(crate) fn dress(&self, finish: Finish) -> io::Result<()> {
        let wanted = Mode::from_raw_mode(if finish.executable { 0o777 } else { 0o666 });
        fs::fchmod(&self.file, wanted.difference(umask()))?;
        if let Some(modified) = finish.modified {
            // Not every file system holds every time; the content matters more.
            let _ = self.file.set_modified(modified);
        }
        Ok(())
    }

    /// Gives it its name.
    pub(crate) fn publish(mut self, name: impl Arg + Copy, replace: bool) -> io::Result<()> {
        let (at, from) = (&self.folder.0, self.name.as_str());
        if replace {
            fs::renameat(at, from, at, name)?;
        } else {
            rename_new(at, from, name)?;
        }
        self.stays = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.stays {
            // There is nobody to tell, and the error that led here matters more.
            let _ = fs::unlinkat(&self.folder.0, &self.name, AtFlags::empty());
        }
    }
}

/// Makes the content of files durable.
pub(super) fn sync<'t>(files: impl Iterator<Item = &'t Temporary>) -> io::Result<()> {
    let files: Vec<_> = files.map(|temporary| &temporary.file).collect();
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if files.len() >= SYNC_TOGETHER {
        let mut systems = std::collections::BTreeSet::new();
        for file in files {
            if systems.insert(fs::fstat(file)?.st_dev) {
                fs::syncfs(file)?;
            }
        }
        return Ok(());
    }
    files.into_iter().try_for_each(File::sync_data)
}

/// Renames, but never over another file.
fn rename_new(at: &OwnedFd, from: &str, to: impl Arg + Copy) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    match fs::renameat_with(at, from, at, to, fs::RenameFlags::NOREPLACE) {
        // Some file systems do not know the flag.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
        done => return Ok(done?),
    }
    match fs::linkat(at, from, at, to, AtFlags::empty()) {
        Ok(()) => Ok(fs::unlinkat(at, from, AtFlags::empty())?),
        // Nor has every file system hard links. Between look and rename somebody could still make that
        // name; nothing closes this gap there.
        Err(Errno::PERM | Errno::NOTSUP) => match fs::statat(at, to, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => Ok(fs::renameat(at, from, at, to)?),
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// The process's umask. Unix tells it only while setting it: so once, and for that moment to the strictest.
fn umask() -> Mode {
    static UMASK: OnceLock<Mode> = OnceLock::new();
    *UMASK.get_or_init(|| {
        let umask = rustix::process::umask(Mode::from_raw_mode(0o077));
        rustix::process::umask(umask);
        umask
    })
}
