//! The container's header: 72 bytes that name the format and commit to the share key.
//!
//! ```text
//! offset  0       8         9       10         11      16     40           72
//!         | magic | version | suite | exponent | zeros | salt | commitment |
//! bytes       8        1        1        1         5      24        32
//! ```
//!
//! The first 40 bytes go into every key that is derived with the header, so nothing in them can be
//! changed without the commitment failing.

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;

use crate::cipher::Suite;
use crate::derive::hkdf;
use crate::keys::{ManifestKey, PayloadKey, ShareKey};
use crate::size::ChunkSize;

/// Bytes of a header.
pub const HEADER_LEN: usize = 72;

/// First bytes of every container: one that no text has, the name, a line end.
pub const MAGIC: [u8; 8] = *b"\x89onekey\n";

/// The only version there is.
pub const VERSION: u8 = 1;

/// Bytes of the salt.
pub const SALT_LEN: usize = 24;

/// Bytes before the commitment.
const FIXED_LEN: usize = 40;
const SUITE_AT: usize = 9;
const EXPONENT_AT: usize = 10;
const ZEROS_AT: usize = 11;
const SALT_AT: usize = 16;

/// Why 72 bytes are not a header that this version reads.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseHeaderError {
    /// The chunk exponent is not in 10..=22.
    #[error("the header's chunk exponent {0} is not in 10..=22")]
    Exponent(u8),
    /// The first eight bytes are not onekey's.
    #[error("this is not a onekey container")]
    Magic,
    /// The reserved bytes are not zero.
    #[error("the header's reserved bytes are not zero")]
    Reserved,
    /// The suite is not known.
    #[error("the header's suite {0} is not known")]
    Suite(u8),
    /// There are fewer or more than 72 bytes.
    #[error("a header has {HEADER_LEN} bytes")]
    Truncated,
    /// A later version of onekey wrote it.
    #[error("the container has version {0}: a newer onekey can read it")]
    Version(u8),
}

/// The share key is not the one that the header commits to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("wrong key, or the header is damaged")]
pub struct WrongKeyError;

/// A header whose form was checked. Its commitment is checked by [`Header::keys`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Header {
    bytes: [u8; HEADER_LEN],
    suite: Suite,
    chunk_size: ChunkSize,
}

/// The keys of one container, derived from share key and header.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContainerKeys {
    /// Encrypts the chunks.
    pub payload: PayloadKey,
    /// Encrypts the manifest.
    pub manifest: ManifestKey,
}

impl Header {
    /// Makes the header of a new container, with a random salt.
    pub fn new(
        suite: Suite,
        chunk_size: ChunkSize,
        share: &ShareKey,
        rng: &mut impl CryptoRng,
    ) -> Self {
        let mut bytes = [0; HEADER_LEN];
        bytes[..MAGIC.len()].copy_from_slice(&MAGIC);
        bytes[MAGIC.len()] = VERSION;
        bytes[SUITE_AT] = suite.to_byte();
        bytes[EXPONENT_AT] = chunk_size.exponent();
        rng.fill_bytes(&mut bytes[SALT_AT..FIXED_LEN]);
        let mut header = Self {
            bytes,
            suite,
            chunk_size,
        };
        let commitment = header.derive(share, b"onekey/v1/commitment");
        header.bytes[FIXED_LEN..].copy_from_slice(&commitment);
        header
    }

    /// Reads a header.
    ///
    /// ```
    /// use onekey_core::header::{Header, ParseHeaderError};
    ///
    /// assert_eq!(Header::parse(&[0; 72]), Err(ParseHeaderError::Magic));
    /// assert_eq!(Header::parse(b"short"), Err(ParseHeaderError::Truncated));
    /// ```
    ///
    /// # Errors
    /// [`ParseHeaderError`] names the field. Nothing is derived before all are sound.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseHeaderError> {
        let bytes: [u8; HEADER_LEN] = bytes.try_into().map_err(|_| ParseHeaderError::Truncated)?;
        if bytes[..MAGIC.len()] != MAGIC {
            return Err(ParseHeaderError::Magic);
        }
        let version = bytes[MAGIC.len()];
        if version != VERSION {
            return Err(ParseHeaderError::Version(version));
        }
        let suite =
            Suite::from_byte(bytes[SUITE_AT]).ok_or(ParseHeaderError::Suite(bytes[SUITE_AT]))?;
        let chunk_size = ChunkSize::from_exponent(bytes[EXPONENT_AT])
            .ok_or(ParseHeaderError::Exponent(bytes[EXPONENT_AT]))?;
        if bytes[ZEROS_AT..SALT_AT].iter().any(|&byte| byte != 0) {
            return Err(ParseHeaderError::Reserved);
        }
        Ok(Self {
            bytes,
            suite,
            chunk_size,
        })
    }

    /// Derives the container's keys, after comparing the commitment in constant time.
    ///
    /// # Errors
    /// [`WrongKeyError`]. No key exists then, so nothing can be decrypted by mistake.
    pub fn keys(&self, share: &ShareKey) -> Result<ContainerKeys, WrongKeyError> {
        let commitment = self.derive(share, b"onekey/v1/commitment");
        if !bool::from(commitment.ct_eq(&self.bytes[FIXED_LEN..])) {
            return Err(WrongKeyError);
        }
        Ok(ContainerKeys {
            payload: PayloadKey::from_bytes(self.derive(share, b"onekey/v1/payload")),
            manifest: ManifestKey::from_bytes(self.derive(share, b"onekey/v1/manifest")),
        })
    }

    /// Returns the bytes to store or send.
    pub const fn as_bytes(&self) -> &[u8; HEADER_LEN] {
        &self.bytes
    }

    /// Returns the suite.
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    /// Returns the chunk size.
    pub const fn chunk_size(&self) -> ChunkSize {
        self.chunk_size
    }

    /// The bytes that every key is bound to: all but the commitment.
    pub(crate) fn fixed(&self) -> &[u8] {
        &self.bytes[..FIXED_LEN]
    }

    /// `HKDF(S, salt, label || 0x00 || header[0..40], 32)`.
    fn derive(&self, share: &ShareKey, label: &[u8]) -> [u8; 32] {
        let salt = &self.bytes[SALT_AT..SALT_AT + SALT_LEN];
        hkdf(&[share.as_bytes()], salt, &[label, &[0], self.fixed()])
    }
}
