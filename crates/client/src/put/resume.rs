//! What a caller says and hears about resuming.

use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{io, path};

use onekey_core::base64url;
use onekey_core::url::ServerUrl;
use sha2::{Digest, Sha256};

use super::PutOptions;
use super::journal::{Kept, Place};
use super::plaintext::Layout;

/// Bytes of the digest that a state's name begins with.
const KEY_LEN: usize = 16;

/// Lets a put of files be continued after a crash, by keeping what it needs in a folder.
///
/// That is one file for each upload, with the upload's keys: readable by its user alone, removed by [`Self::forget`], and
/// after seven days, as servers keep no upload longer. A put that fails because the server cannot be reached, or that is
/// dropped, then stays on the server, and another put of the same paths with the same options continues it.
///
/// A put that is done leaves its file to the caller, who keeps a clone of this and calls [`Self::forget`] once the link is
/// where no crash can take it. Until then another put that resumes gives the same link.
#[derive(Clone)]
pub struct ResumeState {
    folder: PathBuf,
    resume: bool,
    kept: Arc<Kept>,
}

/// How a put began, or that it cannot be continued later.
#[derive(Debug)]
#[non_exhaustive]
pub enum Resumed {
    /// It continues an upload.
    Continues {
        /// Parts that the server has.
        there: u64,
        /// Parts in all, where that is known before the files are compressed.
        parts: Option<u64>,
    },
    /// There was nothing to continue.
    Nothing,
    /// The state cannot be written, so that a crash loses what was sent.
    NotKept(io::Error),
    /// It could not continue, and began with new keys.
    StartedOver(StartedOver),
}

/// Why an upload could not be continued.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StartedOver {
    /// Another put with a copy of the state goes on with it.
    #[error("another onekey goes on with it")]
    Elsewhere,
    /// The server ended it.
    #[error("the server does not have it any more")]
    Gone,
    /// Other files, or other sizes.
    #[error("the list of files is another one")]
    List,
    /// It was compressed by another version, or with another setting.
    #[error("it was compressed in another way than this onekey does")]
    Compression,
    /// A large file that was being compressed does not get smaller.
    #[error("a file does not get smaller")]
    NotSmaller,
    /// The bytes of a file are not those that were sent.
    #[error("a file has changed")]
    Source,
    /// The server has a part that was not noted here.
    #[error("the server has a part that was not noted here")]
    Unrecorded,
    /// The state is damaged, or another version's.
    #[error("the notes of it cannot be read")]
    Unreadable,
}

impl ResumeState {
    /// Keeps states in `folder`, which is made if it is missing.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            resume: false,
            kept: Arc::default(),
        }
    }

    /// Whether to continue what an earlier put left, or to begin anew as by default.
    #[must_use]
    pub fn resume(mut self, resume: bool) -> Self {
        self.resume = resume;
        self
    }

    /// Returns whether the put that had a clone of this left something to continue.
    pub fn is_kept(&self) -> bool {
        self.kept.exists()
    }

    /// Removes the state of the put that had a clone of this and is done: its link is safe. Does nothing to one that is not.
    pub fn forget(&self) {
        self.kept.forget();
    }

    pub(super) const fn wants_to_resume(&self) -> bool {
        self.resume
    }

    /// Where the states of this put are, or `None` where a path has no absolute form.
    pub(super) fn place(
        &self,
        server: &ServerUrl,
        roots: &[PathBuf],
        folders: &[String],
        layout: &Layout,
        options: &PutOptions,
    ) -> Option<Place> {
        let key = key(server, roots, options)?;
        let (folder, kept) = (self.folder.clone(), Arc::clone(&self.kept));
        Some(Place::new(folder, key, list(folders, layout), kept))
    }
}

impl fmt::Debug for ResumeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumeState")
            .field("resume", &self.resume)
            .finish_non_exhaustive()
    }
}

/// A name for server, paths and options. The password is no part of it: a digest of one could be searched for.
fn key(server: &ServerUrl, roots: &[PathBuf], options: &PutOptions) -> Option<String> {
    let roots = roots.iter().map(|root| absolute(root));
    let mut roots = roots.collect::<Option<Vec<_>>>()?;
    // The order makes no other share.
    roots.sort_unstable();
    let roots: Vec<_> = roots
        .iter()
        .map(|root| root.as_os_str().as_bytes())
        .collect();
    let text = serde_json::to_vec(&(
        server.to_string(),
        roots,
        // Not asking and asking for no end are two things, and JSON has one null.
        options.expires_in.is_some(),
        options.expires_in,
        options.max_downloads,
        &options.title,
        &options.note,
        &options.label,
        options.pads(),
        options.compresses(),
        options.direct,
    ))
    .ok()?;
    Some(base64url::encode(&Sha256::digest(text)[..KEY_LEN]))
}

fn absolute(root: &Path) -> Option<PathBuf> {
    // Without the `/` at the end that shells add.
    Some(path::absolute(root).ok()?.components().collect())
}

/// Digest of names and sizes, in their order, and of the empty folders.
fn list(folders: &[String], layout: &Layout) -> [u8; 32] {
    let mut digest = Sha256::new();
    let mut add = |name: &str, size: u64| {
        digest.update((name.len() as u64).to_be_bytes());
        digest.update(name);
        digest.update(size.to_be_bytes());
    };
    for (file, _) in layout.files() {
        add(&file.name, file.size);
    }
    // No file has this size, so that a folder is none.
    for folder in folders {
        add(folder, u64::MAX);
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_found_by_server_paths_and_options_and_by_nothing_else() {
        let server = ServerUrl::parse("https://example.org").unwrap();
        let key = |server: &ServerUrl, roots: &[&str], options: &PutOptions| {
            let roots: Vec<_> = roots.iter().map(PathBuf::from).collect();
            key(server, &roots, options).unwrap()
        };
        let plain = PutOptions::default();
        let same = key(&server, &["/a", "/b"], &plain);
        assert_eq!(same, key(&server, &["/b/", "/a"], &plain));
        let here = std::env::current_dir().unwrap().join("x");
        assert_eq!(
            key(&server, &["x"], &plain),
            key(&server, &[here.to_str().unwrap()], &plain)
        );
        let other = ServerUrl::parse("https://example.com").unwrap();
        let text = || Some("x".to_owned());
        let mut seen = vec![
            same,
            key(&other, &["/a", "/b"], &plain),
            key(&server, &["/a"], &plain),
        ];
        #[rustfmt::skip]
        let options = [
            PutOptions { expires_in: Some(None), ..plain.clone() },
            PutOptions { expires_in: Some(Some(60)), ..plain.clone() },
            PutOptions { max_downloads: Some(1), ..plain.clone() },
            PutOptions { title: text(), ..plain.clone() },
            PutOptions { note: text(), ..plain.clone() },
            PutOptions { label: text(), ..plain.clone() },
            PutOptions { pad: Some(false), ..plain.clone() },
            PutOptions { compress: false, ..plain.clone() },
            PutOptions { direct: true, ..plain.clone() },
            PutOptions { direct: true, pad: Some(true), ..plain.clone() },
            // What is stored in the same way and has a private link.
            PutOptions { compress: false, pad: Some(false), ..plain.clone() },
        ];
        for options in options {
            seen.push(key(&server, &["/a", "/b"], &options));
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count);
        // What says no more than the default.
        let padded = PutOptions {
            pad: Some(true),
            ..plain
        };
        assert!(seen.contains(&key(&server, &["/a", "/b"], &padded)));
        // A name, and at most 22 characters of a file's.
        assert!(seen.iter().all(|key| key.len() == 22));
    }
}
