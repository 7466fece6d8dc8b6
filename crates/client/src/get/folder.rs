//! Folders that are written to without ever leaving them.
//!
//! A [`Folder`] is held open by its descriptor, so that nobody can put a symlink in its place meanwhile; its children
//! are opened one component at a time and symlinks are never followed. A [`Temporary`] is a file that nobody else sees by its name until
//! it is published, and that is removed when it is dropped before.

use std::fs::File;
use std::io;
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
    /// Whether it takes the place of another file.
    pub(crate) replace: bool,
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
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        for _ in 0..TRIES {
            let name = format!(".onekey-{:016x}", rand::rng().random::<u64>());
            match fs::openat(&self.0, &name, flags, Mode::from_raw_mode(0o600)) {
                Ok(file) => {
                    return Ok(Temporary {
                        folder: Arc::clone(self),
                        name,
                        file: file.into(),
                        published: false,
                    });
                }
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Returns how many bytes this user may still write.
    pub(crate) fn free(&self) -> io::Result<u64> {
        let found = fs::fstatvfs(&self.0)?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }
}

/// A file that has no name of its own yet. Dropping it removes it.
pub(crate) struct Temporary {
    folder: Arc<Folder>,
    name: String,
    file: File,
    published: bool,
}

impl Temporary {
    /// Returns the file to write to.
    pub(crate) const fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Gives it its name.
    pub(crate) fn publish(mut self, name: impl Arg + Copy, finish: Finish) -> io::Result<()> {
        let wanted = Mode::from_raw_mode(if finish.executable { 0o777 } else { 0o666 });
        fs::fchmod(&self.file, wanted.difference(umask()))?;
        if let Some(modified) = finish.modified {
            // Not every file system holds every time; the content matters more.
            let _ = self.file.set_modified(modified);
        }
        let (at, from) = (&self.folder.0, self.name.as_str());
        if finish.replace {
            fs::renameat(at, from, at, name)?;
        } else {
            rename_new(at, from, name)?;
        }
        self.published = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.published {
            // There is nobody to tell, and the error that led here matters more.
            let _ = fs::unlinkat(&self.folder.0, &self.name, AtFlags::empty());
        }
    }
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
