//! Where single files go beneath a folder (T6).

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::exit::Exit;
use crate::message::Failure;

/// Returns where the file `path` of a share goes beneath `folder`, and makes the folders between.
///
/// # Errors
/// [`Failure`] if it would leave the folder: by its name on this system, or through a symbolic link
/// that stands there already.
pub(super) fn place(folder: &Path, path: &str) -> Result<PathBuf, Failure> {
    fs::create_dir_all(folder).map_err(|error| not_made(folder, &error))?;
    let mut place = folder.to_owned();
    let mut components = path.split('/').peekable();
    while let Some(component) = components.next() {
        if !is_plain(component) {
            return Err(
                Failure::new(Exit::Failed, "this system cannot hold the file's name")
                    .items([path.to_owned()])
                    .hint("take it under another name: --file NAME -o OTHER-NAME"),
            );
        }
        place.push(component);
        if components.peek().is_some() {
            make_folder(&place)?;
        }
    }
    Ok(place)
}

/// A manifest's paths have no `..` and no `/` at their start. Other systems know more ways out, such
/// as `C:` and `\`.
fn is_plain(component: &str) -> bool {
    let mut parts = Path::new(component).components();
    matches!(parts.next(), Some(Component::Normal(part)) if part == component)
        && parts.next().is_none()
}

fn make_folder(path: &Path) -> Result<(), Failure> {
    match fs::create_dir(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            // Not `is_dir`, which follows links: they could lead anywhere.
            if fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()) {
                return Ok(());
            }
            Err(
                Failure::new(Exit::Failed, "something that is not a folder is in the way")
                    .items([path.display().to_string()])
                    .hint("write elsewhere with -o"),
            )
        }
        Err(error) => Err(not_made(path, &error)),
    }
}

fn not_made(path: &Path, error: &std::io::Error) -> Failure {
    Failure::io(&format!("cannot make the folder {}", path.display()), error)
        .hint("write elsewhere with -o")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_between_are_made() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path(), "a/b/c.txt").unwrap();
        assert_eq!(place, folder.path().join("a/b/c.txt"));
        assert!(folder.path().join("a/b").is_dir());
        assert!(!place.exists());
    }

    #[test]
    fn nothing_leaves_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["../a", "a/../../b", "/a", "a//b", ".", "", "a/./b"] {
            assert!(place(folder.path(), path).is_err(), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_that_stand_there_are_not_followed() {
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("dir")).unwrap();
        assert!(place(folder.path(), "dir/a.txt").is_err());
        assert!(place(folder.path(), "dir/deep/a.txt").is_err());
        assert_eq!(outside.path().read_dir().unwrap().count(), 0);
    }
}
