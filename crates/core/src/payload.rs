//! The payload: plaintext in chunks, each bound to its place and to the end of the stream.
//!
//! `chunk_i = nonce_i || AEAD(payload_key, nonce_i, aad = u64(i) || last, plaintext_i)`.
//!
//! A chunk's length says whether it is the last one: chunks before it hold exactly C bytes, the last one
//! holds fewer. So no caller can set the flag wrongly, and a payload that was cut anywhere
//! ends with a chunk that does not authenticate, or with none.
//!
//! [`PayloadCipher`] works on single chunks, for parallel and ranged work; [`Encryptor`] and
//! [`Decryptor`] walk a stream in order. All work in place, on a buffer that the caller owns and uses again:
//!
//! ```text
//! chunk:   | nonce 12 | text 0..=C | tag 16 |
//! ```

mod stream;

use core::fmt;

use rand_core::CryptoRng;

pub use stream::{Decryptor, Encryptor};

use crate::cipher::{Cipher, NONCE_LEN, OVERHEAD, Suite, TAG_LEN};
use crate::header::{ContainerKeys, Header};
use crate::message;
use crate::size::{ChunkSize, MAX_CHUNKS, MAX_PAYLOAD_LEN};

/// Why a payload cannot be decrypted. After any of these, nothing more may be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecryptError {
    /// Chunk `index` does not authenticate: damaged, moved, from another payload, or cut.
    #[error("chunk {index} is damaged or not in its place")]
    Chunk {
        /// The chunk, from 0.
        index: u64,
    },
    /// An earlier call failed; a decryptor that failed stays failed.
    #[error("decryption failed before")]
    Failed,
    /// The payload ends before its last chunk.
    #[error("the payload is truncated")]
    Truncated,
    /// There are bytes after the last chunk, or more chunks than a payload may have.
    #[error("there is data after the payload's end")]
    TrailingData,
}

/// Why a chunk cannot be encrypted: the caller's doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptError {
    /// The buffer is shorter than 28 bytes or longer than an encrypted chunk, or its length does not
    /// fit the call: full chunks go to `encrypt_next`, the short last one to `encrypt_last`.
    #[error("the buffer does not have the length of such a chunk")]
    Length,
    /// A payload has at most 2^32 chunks and fewer than 2^53 bytes.
    #[error("the payload has too many chunks")]
    TooManyChunks,
}

/// The header's suite is not the cipher's.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the container uses another cipher suite ({0:?})")]
pub struct SuiteError(pub Suite);

/// Encrypts and decrypts single chunks of one payload, in any order and from many threads.
///
/// ```
/// use onekey_core::cipher::{Aes256Gcm, Suite};
/// use onekey_core::header::Header;
/// use onekey_core::keys::ShareKey;
/// use onekey_core::payload::{DecryptError, PayloadCipher};
/// use onekey_core::size::ChunkSize;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rng = &mut rand::rng();
/// let share = ShareKey::generate(rng);
/// let header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, rng);
/// let cipher = PayloadCipher::<Aes256Gcm>::new(&header, &header.keys(&share)?)?;
///
/// // Chunk 7 of a payload, the last one: its 5 bytes stand between nonce and tag.
/// let mut chunk = [0; 12 + 5 + 16];
/// chunk[12..17].copy_from_slice(b"hello");
/// cipher.encrypt_chunk(7, rng, &mut chunk)?;
///
/// assert_eq!(cipher.decrypt_chunk(7, &mut chunk.clone())?, b"hello");
/// // In another place it is refused.
/// assert_eq!(cipher.decrypt_chunk(8, &mut chunk), Err(DecryptError::Chunk { index: 8 }));
/// # Ok(())
/// # }
/// ```
pub struct PayloadCipher<A> {
    cipher: A,
    chunk_size: ChunkSize,
}

impl<A: Cipher> PayloadCipher<A> {
    /// Takes the keys that [`Header::keys`] derived.
    ///
    /// # Errors
    /// [`SuiteError`] if the header names another suite than `A`'s.
    pub fn new(header: &Header, keys: &ContainerKeys) -> Result<Self, SuiteError> {
        if header.suite() != A::SUITE {
            return Err(SuiteError(header.suite()));
        }
        let cipher = A::new(keys.payload.as_bytes().into());
        Ok(Self {
            cipher,
            chunk_size: header.chunk_size(),
        })
    }

    /// Returns the chunk size.
    pub const fn chunk_size(&self) -> ChunkSize {
        self.chunk_size
    }

    /// Encrypts chunk `index` in place. `chunk` is as long as the encrypted chunk, and its plaintext
    /// stands at `12..len-16`; with less than C bytes of it, this is the last chunk.
    ///
    /// # Errors
    /// [`EncryptError`]; the buffer is then as it was.
    pub fn encrypt_chunk(
        &self,
        index: u64,
        rng: &mut impl CryptoRng,
        chunk: &mut [u8],
    ) -> Result<(), EncryptError> {
        if chunk.len() < OVERHEAD || chunk.len() > self.chunk_size.encrypted() {
            return Err(EncryptError::Length);
        }
        if !self.may_hold(index, chunk.len()) {
            return Err(EncryptError::TooManyChunks);
        }
        message::encrypt_in_place(&self.cipher, &self.aad(index, chunk.len()), rng, chunk);
        Ok(())
    }

    /// Decrypts chunk `index` in place and returns its plaintext, which stands at `12..len-16`.
    ///
    /// # Errors
    /// [`DecryptError::Chunk`], [`DecryptError::Truncated`] for less than a chunk's overhead,
    /// [`DecryptError::TrailingData`] for more than a full chunk.
    pub fn decrypt_chunk<'c>(
        &self,
        index: u64,
        chunk: &'c mut [u8],
    ) -> Result<&'c mut [u8], DecryptError> {
        if chunk.len() < OVERHEAD {
            return Err(DecryptError::Truncated);
        }
        if chunk.len() > self.chunk_size.encrypted() || !self.may_hold(index, chunk.len()) {
            return Err(DecryptError::TrailingData);
        }
        let aad = self.aad(index, chunk.len());
        message::decrypt_in_place(&self.cipher, &aad, chunk)
            .map_err(|_| DecryptError::Chunk { index })
    }

    /// Tells whether a payload may be so long that it holds this chunk.
    const fn may_hold(&self, index: u64, chunk_len: usize) -> bool {
        index < MAX_CHUNKS
            && index * self.chunk_size.encrypted() as u64 + (chunk_len as u64) < MAX_PAYLOAD_LEN
    }

    /// `u64(i) || last`.
    fn aad(&self, index: u64, chunk_len: usize) -> [u8; 9] {
        let mut aad = [0; 9];
        aad[..8].copy_from_slice(&index.to_be_bytes());
        aad[8] = u8::from(chunk_len < self.chunk_size.encrypted());
        aad
    }
}

impl<A> fmt::Debug for PayloadCipher<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayloadCipher")
            .field("chunk_size", &self.chunk_size)
            .finish()
    }
}

/// Returns the plaintext's place in a chunk of `chunk_len` bytes.
pub const fn text_range(chunk_len: usize) -> core::ops::Range<usize> {
    NONCE_LEN..chunk_len - TAG_LEN
}
