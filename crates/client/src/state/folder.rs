//! The folder of state files.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

/// They hold keys: nobody else looks.
const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// The longest life of a state. No server has an upload that is older, and who has not continued a download for a week
/// will not.
const MAX_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Most bytes of a state file: the largest body of `complete`, or the largest manifest twice in base64, and a line for each
/// part or file.
const MAX_FILE: u64 = 32 << 20;

/// Makes the folder if it is missing.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(FOLDER_MODE);
    builder.create(folder)
}

/// Prepares to open a state file for appending.
pub(crate) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.append(true).mode(FILE_MODE);
    options
}

/// Opens a state for reading and appending, unless it is gone.
pub(crate) fn open(path: &Path) -> io::Result<Option<File>> {
    match OpenOptions::new().read(true).append(true).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads a state. What is too long is cut, like what a crash tore.
pub(crate) fn read(file: &mut File) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(Vec::new());
    // One allocation: the text must not move and leave copies of keys.
    let len = file.metadata()?.len().min(MAX_FILE);
    text.reserve_exact(usize::try_from(len).unwrap_or_default() + 1);
    file.take(len).read_to_end(&mut text)?;
    Ok(text)
}

/// Names, paths and times of the files that end like this.
pub(crate) fn files(
    folder: &Path,
    suffix: &'static str,
) -> io::Result<impl Iterator<Item = (String, PathBuf, SystemTime)> + use<>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => Some(entries),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let entries = entries.into_iter().flatten().filter_map(Result::ok);
    Ok(entries.filter_map(move |entry| {
        let name = entry.file_name().into_string().ok()?;
        let modified = entry.metadata().ok()?.modified().ok()?;
        name.ends_with(suffix)
            .then(|| (name, entry.path(), modified))
    }))
}

/// Removes states that nobody can continue any more, each after `before` saw it.
pub(crate) fn remove_old(folder: &Path, suffix: &'static str, before: impl Fn(&mut File)) {
    let Ok(files) = files(folder, suffix) else {
        return;
    };
    for (_, path, modified) in files {
        let is_old = modified.elapsed().is_ok_and(|age| age > MAX_AGE);
        if is_old
            && let Ok(Some(mut file)) = open(&path)
            && file.try_lock().is_ok()
        {
            before(&mut file);
            let _ = fs::remove_file(&path);
        }
    }
}
