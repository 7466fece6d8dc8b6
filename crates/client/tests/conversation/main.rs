//! Put, open and get against a server in memory that fails on demand.

#![allow(clippy::unwrap_used)]

mod compress;
mod compress_resume;
mod direct;
mod fake;
mod get;
mod get_resume;
mod links;
mod many;
mod open;
mod put;
mod resume;
mod two_puts;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use fake::{Fake, Fault};
use onekey_client::{
    ApiError, Continued, DamageError, GetError, GetOptions, GetState, Kind, NoProgress, OpenError,
    OpenedShare, Progress, PutError, PutOptions, PutShare, ResumeState, Resumed, Sources,
    WalkOptions,
};
use onekey_core::password::Password;
use onekey_core::url::Link;
use onekey_core::wire::ErrorCode;

const CHUNK: usize = 64 << 10;

/// Bytes that look random, so that the order of chunks shows.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

/// Text that shrinks to about half: the same bytes in hexadecimal.
fn hex(len: usize) -> Vec<u8> {
    let digits = noise(len / 2 + 1)
        .into_iter()
        .flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| b"0123456789abcdef"[usize::from(digit)])
        .take(len)
        .collect()
}

/// A folder `src` with these files.
fn folder_of(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join("src").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn folder(files: &[(&str, usize)]) -> tempfile::TempDir {
    let files = files.iter().map(|(name, len)| (*name, noise(*len)));
    folder_of(&files.collect::<Vec<_>>())
}

fn sources(folder: &tempfile::TempDir) -> Sources {
    Sources::from_paths(&[folder.path().join("src")], WalkOptions::default()).unwrap()
}

async fn send(fake: &Fake, files: &[(&str, usize)]) -> PutShare {
    let folder = folder(files);
    fake.client()
        .put(sources(&folder), PutOptions::default(), &NoProgress)
        .await
        .unwrap()
}

async fn open_link(fake: &Fake, link: &Link) -> OpenedShare {
    fake.client().open(link, None).await.unwrap()
}

/// Every path below a folder with its content.
fn tree(root: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
                found.insert(name, None);
            } else {
                found.insert(name, Some(fs::read(path).unwrap()));
            }
        }
    }
    found
}

#[derive(Default)]
struct Watch {
    total: Mutex<Option<u64>>,
    done: Mutex<u64>,
    retries: Mutex<Vec<String>>,
    resumed: Mutex<Vec<String>>,
    not_smaller: Mutex<Vec<String>>,
    continued: Mutex<Vec<String>>,
}

impl Progress for Watch {
    fn begin(&self, total: Option<u64>) {
        *self.total.lock().unwrap() = total;
        *self.done.lock().unwrap() = 0;
    }

    fn advance(&self, bytes: u64) {
        *self.done.lock().unwrap() += bytes;
    }

    fn resumed(&self, how: &Resumed) {
        self.resumed.lock().unwrap().push(format!("{how:?}"));
    }

    fn not_smaller(&self, path: &str) {
        self.not_smaller.lock().unwrap().push(path.to_owned());
    }

    fn continued(&self, how: &Continued) {
        self.continued.lock().unwrap().push(format!("{how:?}"));
    }

    fn retrying(&self, _: Duration, cause: &str) {
        self.retries.lock().unwrap().push(cause.to_owned());
    }
}
