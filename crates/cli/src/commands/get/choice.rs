//! Which files of a share are taken.

use onekey_core::manifest::Manifest;

use crate::message::Failure;
use crate::units;

/// Files of a share.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    manifest: &'a Manifest,
    /// Positions in the manifest, or `None` for all there is.
    indices: Option<Vec<usize>>,
}

impl<'a> Choice<'a> {
    /// Finds the files that `--file` names, or takes all.
    ///
    /// # Errors
    /// [`Failure`] that lists what there is.
    pub(super) fn of(manifest: &'a Manifest, names: &[String]) -> Result<Self, Failure> {
        if names.is_empty() {
            return Ok(Self {
                manifest,
                indices: None,
            });
        }
        let mut indices = Vec::new();
        let mut missing = Vec::new();
        for name in names {
            match manifest.files.iter().position(|file| file.path == *name) {
                Some(index) if indices.contains(&index) => {}
                Some(index) => indices.push(index),
                None => missing.push(format!("`{name}`")),
            }
        }
        if missing.is_empty() {
            return Ok(Self {
                manifest,
                indices: Some(indices),
            });
        }
        let there = manifest.files.iter().map(|file| file.path.clone());
        Err(Failure::usage(format!(
            "the share has no file named {}; it has",
            missing.join(" or ")
        ))
        .items(there)
        .hint("write the name as it stands here, with its folders; quote names with spaces"))
    }

    /// Returns the positions, or `None` for all there is, empty folders included.
    pub(super) fn indices(&self) -> Option<&[usize]> {
        self.indices.as_deref()
    }

    /// Returns the position of the only thing that is taken, if it is one file.
    pub(super) fn only(&self) -> Option<usize> {
        match self.indices() {
            Some([index]) => Some(*index),
            None if self.manifest.files.len() == 1 && self.manifest.folders.is_empty() => Some(0),
            _ => None,
        }
    }

    /// Returns the files' names.
    pub(super) fn names(&self) -> Vec<String> {
        let names = self.manifest.files.iter().enumerate();
        names
            .filter(|(index, _)| self.indices().is_none_or(|indices| indices.contains(index)))
            .map(|(_, file)| file.path.clone())
            .collect()
    }

    /// Returns `2 files`, or `1 file and 3 empty folders`.
    pub(super) fn words(&self) -> String {
        let files = units::count(self.names().len() as u64, "file");
        match (self.indices(), self.manifest.folders.len() as u64) {
            (None, folders @ 1..) => {
                format!("{files} and {}", units::count(folders, "empty folder"))
            }
            _ => files,
        }
    }
}

#[cfg(test)]
mod tests {
    use onekey_core::manifest::File;

    use super::*;

    fn manifest() -> Manifest {
        let files = ["a.txt", "dir/a.txt"].map(|path| File {
            path: path.to_owned(),
            ..File::default()
        });
        Manifest {
            files: files.into(),
            ..Manifest::default()
        }
    }

    #[test]
    fn names_match_whole_paths_and_count_once() {
        let manifest = manifest();
        let names = ["dir/a.txt", "dir/a.txt"].map(str::to_owned);
        let choice = Choice::of(&manifest, &names).unwrap();
        assert_eq!(choice.indices(), Some([1].as_slice()));
        assert_eq!(choice.only(), Some(1));
        for name in ["", "dir", "dir/", "./a.txt", "A.txt", "txt"] {
            assert!(Choice::of(&manifest, &[name.to_owned()]).is_err(), "{name}");
        }
    }

    #[test]
    fn a_file_beside_an_empty_folder_is_not_alone() {
        let mut manifest = manifest();
        assert_eq!(Choice::of(&manifest, &[]).unwrap().only(), None);
        manifest.files.pop();
        assert_eq!(Choice::of(&manifest, &[]).unwrap().only(), Some(0));
        manifest.folders.push("empty".to_owned());
        let choice = Choice::of(&manifest, &[]).unwrap();
        assert_eq!(choice.only(), None);
        assert_eq!(choice.words(), "1 file and 1 empty folder");
    }
}
