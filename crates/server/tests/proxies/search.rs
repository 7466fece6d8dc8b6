//! Whatever a proxy wrote, searched for what it must not hold.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the files below `folder` that hold one of `needles`, with the needle. Files may come and go meanwhile.
pub(crate) fn search<'n>(folder: &Path, needles: &[&'n str]) -> Vec<(PathBuf, &'n str)> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.extend(held(&entry.path(), needles));
            }
        }
    }
    found
}

/// The same for files that a process has open: nginx removes the names of its temporary files at once.
pub(crate) fn search_open<'n>(pid: u32, needles: &[&'n str]) -> Vec<(PathBuf, &'n str)> {
    let open = fs::read_dir(format!("/proc/{pid}/fd"));
    let paths = open.into_iter().flatten().flatten().map(|fd| fd.path());
    // Sockets and pipes are none.
    let files = paths.filter(|path| fs::metadata(path).is_ok_and(|found| found.is_file()));
    files.flat_map(|path| held(&path, needles)).collect()
}

fn held<'n>(path: &Path, needles: &[&'n str]) -> Vec<(PathBuf, &'n str)> {
    let bytes = fs::read(path).unwrap_or_default();
    let is_held = |needle: &&&str| {
        let mut windows = bytes.windows(needle.len());
        windows.any(|window| window == needle.as_bytes())
    };
    let held = needles.iter().filter(is_held);
    held.map(|&needle| (path.to_owned(), needle)).collect()
}
