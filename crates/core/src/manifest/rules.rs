//! The rules of a manifest that its JSON's form does not carry.

use alloc::vec::Vec;
use core::fmt;

use super::{File, JsonError, MAX_INTEGER, Manifest, PaddingError, PathError, check_path};

/// Characters of the longest media type.
pub const MAX_MEDIA_TYPE_LEN: usize = 255;

/// Why a manifest is refused. Entries are named by their index, never by their name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// A file ends after the payload's plaintext.
    #[error("file {entry} of the manifest ends after the payload")]
    Beyond {
        /// Index into `files`.
        entry: usize,
    },
    /// A path is a folder of another one, so it would have to be both.
    #[error("{place} of the manifest is also a folder of another path")]
    FolderOfAnother {
        /// The path that should be a folder.
        place: Place,
    },
    /// The text is not a manifest's canonical JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A media type is empty, too long, or has other than printable ASCII characters.
    #[error("file {entry} of the manifest has a media type that is not valid")]
    MediaType {
        /// Index into `files`.
        entry: usize,
    },
    /// A number is out of range.
    #[error("file {entry} of the manifest has a number out of range")]
    Number {
        /// Index into `files`.
        entry: usize,
    },
    /// A file begins before the end of the one before.
    #[error("file {entry} of the manifest overlaps the one before or stands out of order")]
    Order {
        /// Index into `files`.
        entry: usize,
    },
    /// The length is not one that padding gives.
    #[error(transparent)]
    Padding(#[from] PaddingError),
    /// A path breaks a rule.
    #[error("{place} of the manifest: {error}")]
    Path {
        /// Whose path.
        place: Place,
        /// Which rule.
        error: PathError,
    },
    /// Two paths are the same.
    #[error("{place} of the manifest has the path of another")]
    SamePath {
        /// One of the two.
        place: Place,
    },
    /// A file without a codec takes more or fewer bytes than it has.
    #[error("file {entry} of the manifest is not compressed, yet stored with another size")]
    Stored {
        /// Index into `files`.
        entry: usize,
    },
}

/// A path's place in the manifest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// Index into `files`.
    File(usize),
    /// Index into `folders`.
    Folder(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(index) => write!(f, "file {index}"),
            Self::Folder(index) => write!(f, "folder {index}"),
        }
    }
}

pub(super) fn check(manifest: &Manifest, plaintext_len: u64) -> Result<(), ManifestError> {
    let mut end_before = 0;
    for (entry, file) in manifest.files.iter().enumerate() {
        check_media_type(entry, &file.media_type)?;
        end_before = check_numbers(entry, file, end_before, plaintext_len)?;
    }
    check_paths(manifest)
}

fn check_media_type(entry: usize, media_type: &str) -> Result<(), ManifestError> {
    // It may go into a header field.
    let printable = media_type.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if printable && (1..=MAX_MEDIA_TYPE_LEN).contains(&media_type.len()) {
        Ok(())
    } else {
        Err(ManifestError::MediaType { entry })
    }
}

/// Returns where the file's bytes end.
fn check_numbers(
    entry: usize,
    file: &File,
    end_before: u64,
    plaintext_len: u64,
) -> Result<u64, ManifestError> {
    let modified = file.modified.map_or(0, i64::unsigned_abs);
    if [file.size, file.offset, file.stored, modified]
        .iter()
        .any(|&number| number > MAX_INTEGER)
    {
        return Err(ManifestError::Number { entry });
    }
    if file.codec.is_none() && file.stored != file.size {
        return Err(ManifestError::Stored { entry });
    }
    if file.offset < end_before {
        return Err(ManifestError::Order { entry });
    }
    file.offset
        .checked_add(file.stored)
        .filter(|&end| end <= plaintext_len)
        .ok_or(ManifestError::Beyond { entry })
}

/// Checks every path, and that all of them can exist at once.
fn check_paths(manifest: &Manifest) -> Result<(), ManifestError> {
    let files = manifest.files.iter().map(|file| &file.path);
    let files = files
        .enumerate()
        .map(|(index, path)| (path, Place::File(index)));
    let folders = manifest.folders.iter().enumerate();
    let folders = folders.map(|(index, path)| (path, Place::Folder(index)));
    let mut keys = files
        .chain(folders)
        .map(|(path, place)| match check_path(path) {
            Ok(()) => Ok((sort_key(path), place)),
            Err(error) => Err(ManifestError::Path { place, error }),
        })
        .collect::<Result<Vec<_>, _>>()?;
    keys.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    keys.windows(2).try_for_each(|pair| {
        let ((path, place), (next, next_place)) = (&pair[0], &pair[1]);
        match next.strip_prefix(path.as_slice()) {
            Some([]) => Err(ManifestError::SamePath { place: *next_place }),
            Some([SEPARATOR, ..]) => Err(ManifestError::FolderOfAnother { place: *place }),
            _ => Ok(()),
        }
    })
}

/// Returns the path's bytes with the separator made the lowest, so that what is in a folder sorts
/// directly behind the folder. No path holds that byte otherwise: it is a control character.
fn sort_key(path: &str) -> Vec<u8> {
    path.bytes()
        .map(|byte| if byte == b'/' { SEPARATOR } else { byte })
        .collect()
}

const SEPARATOR: u8 = 0;
