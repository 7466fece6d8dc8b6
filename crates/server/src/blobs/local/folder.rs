//! The files of a local store. Everything here blocks.
//!
//! Every file is opened relative to a folder that is open already, by a name made from a [`BlobName`],
//! and no symlink is followed: no path is built and none can get into an error.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{AtFlags, FallocateFlags, Mode, OFlags};
use rustix::io::Errno;

use crate::blobs::local::error::{failed, not_opened};
use crate::blobs::local::health::Health;
use crate::blobs::name::BlobName;
use crate::blobs::{BlobError, Space};

/// The folder and its 256 subfolders `00` to `ff`.
pub(super) struct Folder {
    root: File,
    pub(super) health: Health,
}

impl Folder {
    /// Opens the folder, making what is missing of it.
    ///
    /// All subfolders are made here and made durable once, so no `create` has to know whether its
    /// subfolder survives power loss.
    pub(super) fn open(path: &Path) -> Result<Self, BlobError> {
        make_folder(path).map_err(failed)?;
        let folder = Self {
            root: open_root(path)?,
            health: Health::default(),
        };
        for byte in 0..=u8::MAX {
            match rustix::fs::mkdirat(&folder.root, subfolder(byte), FOLDER_MODE) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(failed(error)),
            }
            // Something else of that name must not be found only when a part arrives.
            folder.subfolder(byte).map_err(failed)?;
        }
        folder.health.sync(|| folder.root.sync_all())?;
        Ok(folder)
    }

    /// Opens the folder as it is, and writes nothing.
    pub(super) fn open_read_only(path: &Path) -> Result<Self, BlobError> {
        Ok(Self {
            root: open_root(path)?,
            health: Health::read_only(),
        })
    }

    /// Makes the partial file of a new blob and reserves its space.
    pub(super) fn create(&self, name: BlobName, size: Option<u64>) -> Result<(), BlobError> {
        self.health.check()?;
        let subfolder = self.subfolder(name.first_byte()).map_err(failed)?;
        let new = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let file = open_file(&subfolder, &partial(name), new).map_err(failed)?;
        let made = reserve(&file, size).and_then(|()| self.health.sync(|| subfolder.sync_all()));
        if made.is_err() {
            // The first error is the one to tell; a file that stays here is found by the sweep.
            let _ = rustix::fs::unlinkat(&subfolder, partial(name), AtFlags::empty());
        }
        made
    }

    /// Opens a blob that is not completed yet, to write parts.
    pub(super) fn open_partial(&self, name: BlobName) -> Result<File, BlobError> {
        self.health.check()?;
        let subfolder = self.subfolder(name.first_byte()).map_err(not_opened)?;
        open_file(&subfolder, &partial(name), OFlags::WRONLY).map_err(not_opened)
    }

    /// Completes a blob whose parts are all durable: its bytes, then its name, then the folder that has
    /// the name. Every step may have been done before a crash; all of it can be repeated.
    pub(super) fn publish(&self, name: BlobName, size: u64) -> Result<(), BlobError> {
        self.health.check()?;
        let subfolder = self.subfolder(name.first_byte()).map_err(not_opened)?;
        match open_file(&subfolder, &name.text(), OFlags::RDONLY) {
            Ok(completed) => {
                if completed.metadata().map_err(failed)?.len() != size {
                    return Err(BlobError::NotFound);
                }
            }
            Err(Errno::NOENT) => {
                let file =
                    open_file(&subfolder, &partial(name), OFlags::WRONLY).map_err(not_opened)?;
                if file.metadata().map_err(failed)?.len() < size {
                    return Err(BlobError::NotFound);
                }
                // A part that broke off may have been longer than the one that replaced it; the rest of
                // a reservation goes as well, even where the length is right already.
                file.set_len(size).map_err(failed)?;
                self.health.sync(|| file.sync_all())?;
                rustix::fs::renameat(&subfolder, partial(name), &subfolder, name.text())
                    .map_err(not_opened)?;
            }
            Err(error) => return Err(not_opened(error)),
        }
        // Also for a name that was there: a crash may have come between rename and this.
        self.health.sync(|| subfolder.sync_all())
    }

    /// Opens a completed blob and returns its length.
    pub(super) fn open_completed(&self, name: BlobName) -> Result<(File, u64), BlobError> {
        let subfolder = self.subfolder(name.first_byte()).map_err(not_opened)?;
        let file = open_file(&subfolder, &name.text(), OFlags::RDONLY).map_err(not_opened)?;
        let length = file.metadata().map_err(failed)?.len();
        Ok((file, length))
    }

    /// Opens a blob in either form and returns its length.
    pub(super) fn open_any(&self, name: BlobName) -> Result<(File, u64), BlobError> {
        let subfolder = self.subfolder(name.first_byte()).map_err(not_opened)?;
        // Partial first: a `complete` in between shows in the second look.
        let file = open_file(&subfolder, &partial(name), OFlags::RDONLY)
            .or_else(|_| open_file(&subfolder, &name.text(), OFlags::RDONLY))
            .map_err(not_opened)?;
        let length = file.metadata().map_err(failed)?.len();
        Ok((file, length))
    }

    /// Removes a blob in either form.
    ///
    /// The partial form goes first: in the other order a `complete` in between would leave the blob.
    /// After a failed fsync the file is removed all the same, but no success is promised.
    pub(super) fn remove(&self, name: BlobName) -> Result<(), BlobError> {
        self.health.may_remove()?;
        let subfolder = match self.subfolder(name.first_byte()) {
            Err(Errno::NOENT) => return Ok(()),
            opened => opened.map_err(failed)?,
        };
        for file in [partial(name), name.text()] {
            match rustix::fs::unlinkat(&subfolder, file, AtFlags::empty()) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(error) => return Err(failed(error)),
            }
        }
        self.health.sync(|| subfolder.sync_all())
    }

    /// Returns the space of the file system that is open to us: none to speak of after an fsync has failed.
    pub(super) fn space(&self) -> Result<Space, BlobError> {
        self.health.check()?;
        let all = rustix::fs::fstatvfs(&self.root).map_err(failed)?;
        Ok(Space {
            free: all.f_bavail.saturating_mul(all.f_frsize),
            total: all.f_blocks.saturating_mul(all.f_frsize),
        })
    }

    /// Opens the subfolder of all names that begin with `byte`.
    pub(super) fn subfolder(&self, byte: u8) -> Result<File, Errno> {
        let flags = FOLDER_FLAGS | OFlags::NOFOLLOW;
        rustix::fs::openat(&self.root, subfolder(byte), flags, Mode::empty()).map(File::from)
    }
}

/// Ends of file names that are not completed.
pub(super) const PARTIAL_SUFFIX: &str = ".part";

/// Returns the file name of a blob that is not completed.
pub(super) fn partial(name: BlobName) -> String {
    name.text() + PARTIAL_SUFFIX
}

/// The folder itself may be a symlink: that is the operator's choice.
fn open_root(path: &Path) -> Result<File, BlobError> {
    rustix::fs::open(path, FOLDER_FLAGS, Mode::empty())
        .map(File::from)
        .map_err(failed)
}

fn subfolder(byte: u8) -> String {
    format!("{byte:02x}")
}

fn open_file(subfolder: &File, name: &str, flags: OFlags) -> Result<File, Errno> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(subfolder, name, flags, FILE_MODE).map(File::from)
}

/// Reserves `size` bytes without changing the file's length: the length says how far parts were
/// written, and `publish` finds a missing end by it.
fn reserve(file: &File, size: Option<u64>) -> Result<(), BlobError> {
    let Some(size) = size.filter(|&size| size > 0) else {
        return Ok(());
    };
    if i64::try_from(size).is_err() {
        return Err(BlobError::StorageFull);
    }
    let reserve = || rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, 0, size);
    match rustix::io::retry_on_intr(reserve) {
        // Without reservations a full disk is found by the part that fills it.
        Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

/// Makes a folder and those above it, each durable in its parent.
fn make_folder(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().unwrap_or_else(|| Path::new(""));
    make_folder(parent)?;
    match rustix::fs::mkdir(path, FOLDER_MODE) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error.into()),
    }
    let here = parent.as_os_str().is_empty();
    File::open(if here { Path::new(".") } else { parent })?.sync_all()
}

const FOLDER_FLAGS: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

/// Only the server's user enters: names of blobs are nobody else's business.
const FOLDER_MODE: Mode = Mode::RWXU;

/// Only the server's user reads.
const FILE_MODE: Mode = Mode::RUSR.union(Mode::WUSR);
