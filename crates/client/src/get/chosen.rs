//! Which files of a share are restored.

use onekey_core::manifest::{File, Manifest};

/// What of a share is restored.
pub(super) struct Chosen {
    /// Which files of the manifest, in its order.
    pub(super) files: Vec<usize>,
    /// Whether its empty folders are made.
    pub(super) empty_folders: bool,
}

impl Chosen {
    pub(super) fn files<'m>(&self, manifest: &'m Manifest) -> impl Iterator<Item = &'m File> {
        self.files.iter().map(|&index| &manifest.files[index])
    }

    pub(super) fn folders<'m>(&self, manifest: &'m Manifest) -> &'m [String] {
        if self.empty_folders {
            &manifest.folders
        } else {
            &[]
        }
    }

    /// Paths with their numbers, as errors name them: folders count on behind the manifest's files.
    pub(super) fn paths<'m>(
        &self,
        manifest: &'m Manifest,
    ) -> impl Iterator<Item = (usize, &'m str)> {
        let files = self.files.iter().copied();
        let files = files.zip(self.files(manifest).map(|file| file.path.as_str()));
        let folders = self.folders(manifest).iter().map(String::as_str);
        files.chain((manifest.files.len()..).zip(folders))
    }
}
