//! Folders that are written to without ever leaving them.
//!
//! Each system has one module with the same two types. A `Folder` is a folder that is held open (on Unix by its
//! descriptor, so that nobody can put a symlink in its place meanwhile); its children are opened one component at a
//! time and symlinks are never followed. A `Temporary` is a file that nobody else sees by its name until it is
//! published, and that is removed when it is dropped before.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(super) use other::{Folder, Temporary};
#[cfg(unix)]
pub(super) use unix::{Folder, Temporary};

/// What stands at a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Found {
    /// Something that a file can replace; a symlink is not followed.
    File,
    /// A folder.
    Folder,
    /// Nothing.
    Nothing,
}

/// What a published file is like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finish {
    /// Whether it takes the place of another file.
    pub(super) replace: bool,
    pub(super) executable: bool,
    pub(super) modified: Option<std::time::SystemTime>,
}
