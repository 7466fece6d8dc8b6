//! From the system's errors to the store's. None of them carries a path.

use std::io;

use rustix::io::Errno;

use crate::blobs::BlobError;

/// Translates an error of a call that found its file or makes a new one.
pub(super) fn failed(error: impl Into<io::Error>) -> BlobError {
    let error = error.into();
    match Errno::from_io_error(&error) {
        Some(Errno::NOSPC | Errno::DQUOT | Errno::FBIG) => BlobError::StorageFull,
        _ => BlobError::Unavailable(error),
    }
}

/// Translates an error of opening what should be there. A symlink is not ours: the blob is missing.
pub(super) fn not_opened(error: Errno) -> BlobError {
    match error {
        Errno::NOENT | Errno::LOOP => BlobError::NotFound,
        other => failed(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_not_a_broken_one() {
        for full in [Errno::NOSPC, Errno::DQUOT, Errno::FBIG] {
            assert!(matches!(failed(full), BlobError::StorageFull));
        }
        assert!(matches!(failed(Errno::IO), BlobError::Unavailable(_)));
        assert!(matches!(not_opened(Errno::NOENT), BlobError::NotFound));
        assert!(matches!(
            not_opened(Errno::ACCESS),
            BlobError::Unavailable(_)
        ));
    }
}
