//! Where the files go: the rules of `-o`.

use std::path::{Path, PathBuf, is_separator};

use super::{Choice, not_one_file};
use crate::exit::Exit;
use crate::message::Failure;

/// The target that stands for standard output.
const STDOUT: &str = "-";

/// The folder that the command runs in.
pub(super) const HERE: &str = ".";

/// Where the files go.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Target {
    /// One file to this path, whatever its own name is.
    File(usize, PathBuf),
    /// Into this folder, under their own names.
    Folder(PathBuf),
    /// One file to standard output.
    Stdout(usize),
}

impl Target {
    /// Decides: `-` is standard output. A folder is what is one already, what ends in `/`, and what
    /// takes several files. Anything else is the file's new name.
    ///
    /// # Errors
    /// [`Failure`] if several files would go to standard output.
    pub(super) fn of(output: Option<&Path>, choice: &Choice<'_>) -> Result<Self, Failure> {
        let Some(output) = output else {
            return Ok(Self::Folder(PathBuf::from(HERE)));
        };
        if output == Path::new(STDOUT) {
            let index = choice.only().ok_or_else(|| not_one_file(choice))?;
            return Ok(Self::Stdout(index));
        }
        match choice.only() {
            Some(index) if !is_folder(output) => Ok(Self::File(index, output.to_owned())),
            _ => Ok(Self::Folder(output.to_owned())),
        }
    }
}

/// Checks that a file can be made at `path`: before a download is spent, and in words that name the
/// folder. One that is missing may be misspelt, so it is not made.
///
/// # Errors
/// [`Failure`] with exit code 1.
pub(super) fn check_folder_of(path: &Path) -> Result<(), Failure> {
    let parent = path.parent().unwrap_or(path);
    if parent == Path::new("") || parent.is_dir() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Failed,
        format!("there is no folder {}", parent.display()),
    )
    .hint("make it first, or end -o with a `/` to have a folder made"))
}

fn is_folder(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.ends_with(is_separator) || path.is_dir()
}

#[cfg(test)]
mod tests {
    use onekey_core::manifest::{File, Manifest};

    use super::*;

    fn manifest(files: usize) -> Manifest {
        let file = |index: usize| File {
            path: index.to_string(),
            ..File::default()
        };
        Manifest {
            files: (0..files).map(file).collect(),
            ..Manifest::default()
        }
    }

    fn target(output: Option<&str>, files: usize) -> Option<Target> {
        let manifest = manifest(files);
        let choice = Choice::of(&manifest, &[]).unwrap();
        Target::of(output.map(Path::new), &choice).ok()
    }

    #[test]
    fn without_output_files_go_into_this_folder() {
        for files in [0, 1, 2] {
            assert_eq!(target(None, files), Some(Target::Folder(".".into())));
        }
    }

    #[test]
    fn one_file_takes_the_name_of_the_output() {
        let new = "does-not-exist/new.txt";
        assert_eq!(target(Some(new), 1), Some(Target::File(0, new.into())));
        assert_eq!(target(Some(new), 2), Some(Target::Folder(new.into())));
    }

    #[test]
    fn what_is_a_folder_or_ends_like_one_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        assert_eq!(target(Some(path), 1), Some(Target::Folder(path.into())));
        assert_eq!(target(Some("new/"), 1), Some(Target::Folder("new/".into())));
    }

    #[test]
    fn standard_output_takes_one_file() {
        assert_eq!(target(Some("-"), 1), Some(Target::Stdout(0)));
        assert_eq!(target(Some("-"), 2), None);
        assert_eq!(target(Some("-"), 0), None);
    }
}
