//! What lies in a local store. Everything here blocks.

use std::collections::BTreeSet;
use std::fs::File;

use rustix::fs::{AtFlags, Dir, FileType, Stat};
use rustix::io::Errno;

use crate::blobs::local::error::failed;
use crate::blobs::local::folder::{Folder, PARTIAL_SUFFIX, partial};
use crate::blobs::name::BlobName;
use crate::blobs::{BlobError, BlobLook, ListedBlob};

/// Names at most `limit` blobs after `after`, in the order of their names.
///
/// A folder is read as often as it has pages; at no time more than `limit` names are held.
pub(super) fn list(
    folder: &Folder,
    after: Option<BlobName>,
    limit: usize,
) -> Result<Vec<ListedBlob>, BlobError> {
    let mut listed = Vec::new();
    let mut after = after;
    let first = after.unwrap_or(BlobName::FIRST).first_byte();
    for byte in first..=u8::MAX {
        let subfolder = match folder.subfolder(byte) {
            Err(Errno::NOENT) => continue,
            opened => opened.map_err(failed)?,
        };
        loop {
            let wanted = limit - listed.len();
            if wanted == 0 {
                return Ok(listed);
            }
            let names = names(&subfolder, byte, after, wanted).map_err(failed)?;
            let ended = names.len() < wanted;
            after = names.last().copied().or(after);
            for name in names {
                listed.extend(look(&subfolder, name).map_err(failed)?);
            }
            if ended {
                break;
            }
        }
    }
    Ok(listed)
}

/// Returns the first `wanted` names after `after`, and nothing that is not exactly of our form.
fn names(
    subfolder: &File,
    byte: u8,
    after: Option<BlobName>,
    wanted: usize,
) -> Result<BTreeSet<BlobName>, Errno> {
    let mut names = BTreeSet::new();
    for entry in Dir::read_from(subfolder)? {
        let entry = entry?;
        let Ok(text) = entry.file_name().to_str() else {
            continue;
        };
        let text = text.strip_suffix(PARTIAL_SUFFIX).unwrap_or(text);
        let name = BlobName::parse(text)
            .filter(|name| name.first_byte() == byte && after.is_none_or(|after| *name > after));
        names.extend(name);
        if names.len() > wanted {
            names.pop_last();
        }
    }
    Ok(names)
}

/// Returns how far a blob reaches, or `None` if it is not there.
pub(super) fn look_at(folder: &Folder, name: BlobName) -> Result<Option<BlobLook>, BlobError> {
    let subfolder = match folder.subfolder(name.first_byte()) {
        Err(Errno::NOENT) => return Ok(None),
        opened => opened.map_err(failed)?,
    };
    let found = stat(&subfolder, name).map_err(failed)?;
    Ok(found.map(|(stat, completed)| BlobLook {
        length: Some(u64::try_from(stat.st_size).unwrap_or(0)),
        completed,
    }))
}

/// Returns what is known of a blob, or `None` if it went away or is no file.
fn look(subfolder: &File, name: BlobName) -> Result<Option<ListedBlob>, Errno> {
    let found = stat(subfolder, name)?;
    Ok(found.map(|(stat, completed)| {
        let length = u64::try_from(stat.st_size).unwrap_or(0);
        let reserved = u64::try_from(stat.st_blocks).unwrap_or(0) * STAT_BLOCK;
        ListedBlob {
            blob: name.to_ref(),
            modified_at: stat.st_mtime,
            size: if completed {
                length
            } else {
                length.max(reserved)
            },
            completed,
        }
    }))
}

/// Returns the file of a blob, and whether it was completed.
fn stat(subfolder: &File, name: BlobName) -> Result<Option<(Stat, bool)>, Errno> {
    // Partial first: a `complete` in between shows in the second look.
    for completed in [false, true] {
        let file = if completed {
            name.text()
        } else {
            partial(name)
        };
        let stat = match rustix::fs::statat(subfolder, file, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => continue,
            looked => looked?,
        };
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            continue;
        }
        return Ok(Some((stat, completed)));
    }
    Ok(None)
}

/// The unit of `st_blocks`, whatever the file system's own block is (stat(2)).
const STAT_BLOCK: u64 = 512;
