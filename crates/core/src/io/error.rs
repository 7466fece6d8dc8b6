//! Why a stream failed, inside of an `io::Error`.

use std::io;

use crate::header::{ParseHeaderError, WrongKeyError};
use crate::payload::{DecryptError, EncryptError};

/// Why a stream cannot be read or written, where the stream itself is to blame and not the reader
/// or writer under it.
///
/// It travels as the inner error of an [`io::Error`]; [`of`](Self::of) finds it again.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The payload is damaged, truncated, or from elsewhere.
    #[error(transparent)]
    Decrypt(#[from] DecryptError),
    /// More was written than a stream may hold.
    #[error(transparent)]
    Encrypt(#[from] EncryptError),
    /// The writer under the stream failed before, so the stream has a gap.
    #[error("writing the stream failed before")]
    Failed,
    /// The stream does not begin with a header that this version reads.
    #[error(transparent)]
    Header(#[from] ParseHeaderError),
    /// The share key is not the one that the header commits to.
    #[error(transparent)]
    WrongKey(#[from] WrongKeyError),
}

impl StreamError {
    /// Returns the stream's error in `error`, or `None` if reading or writing itself failed.
    ///
    /// ```
    /// use onekey_core::header::ParseHeaderError;
    /// use onekey_core::io::{DecryptReader, StreamError};
    /// use onekey_core::keys::ShareKey;
    ///
    /// let share = ShareKey::generate(&mut rand::rng());
    /// let error = DecryptReader::new(&share, &[0; 100][..]).unwrap_err();
    /// assert_eq!(
    ///     StreamError::of(&error),
    ///     Some(StreamError::Header(ParseHeaderError::Magic))
    /// );
    /// assert_eq!(StreamError::of(&std::io::Error::other("disk on fire")), None);
    /// ```
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl From<StreamError> for io::Error {
    fn from(error: StreamError) -> Self {
        let kind = match error {
            StreamError::Encrypt(_) => io::ErrorKind::FileTooLarge,
            StreamError::Failed => io::ErrorKind::BrokenPipe,
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}
