//! Payloads from front to back.

use core::fmt;

use rand_core::CryptoRng;

use super::{DecryptError, EncryptError, PayloadCipher, SuiteError};
use crate::cipher::Cipher;
use crate::header::{ContainerKeys, Header};
use crate::size::ChunkSize;

/// Encrypts a payload from front to back.
///
/// [`encrypt_last`](Self::encrypt_last) takes the encryptor away: writing after the end does not compile, and
/// a payload without it does not decrypt.
///
/// ```
/// use onekey_core::cipher::{Aes256Gcm, Suite};
/// use onekey_core::header::Header;
/// use onekey_core::keys::ShareKey;
/// use onekey_core::payload::{DecryptError, Decryptor, Encryptor, text_range};
/// use onekey_core::size::ChunkSize;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rng = &mut rand::rng();
/// let share = ShareKey::generate(rng);
/// let header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, rng);
/// let keys = header.keys(&share)?;
///
/// let mut full = vec![0; ChunkSize::MIN.encrypted()];
/// full[text_range(1024 + 28)].fill(b'x');
/// let mut last = vec![0; 28]; // 1,024 bytes are one full chunk and an empty last one
///
/// let mut encryptor = Encryptor::<Aes256Gcm>::new(&header, &keys)?;
/// encryptor.encrypt_next(rng, &mut full)?;
/// encryptor.encrypt_last(rng, &mut last)?;
///
/// let mut decryptor = Decryptor::<Aes256Gcm>::new(&header, &keys)?;
/// assert_eq!(decryptor.decrypt_next(&mut full.clone())?, [b'x'; 1024]);
/// assert_eq!(decryptor.decrypt_last(&mut last)?, b"");
///
/// // Without its last chunk the payload is refused.
/// let decryptor = Decryptor::<Aes256Gcm>::new(&header, &keys)?;
/// assert_eq!(decryptor.decrypt_last(&mut full), Err(DecryptError::Truncated));
/// # Ok(())
/// # }
/// ```
pub struct Encryptor<A> {
    cipher: PayloadCipher<A>,
    index: u64,
}

impl<A: Cipher> Encryptor<A> {
    /// Begins a payload.
    ///
    /// # Errors
    /// [`SuiteError`] if the header names another suite than `A`'s.
    pub fn new(header: &Header, keys: &ContainerKeys) -> Result<Self, SuiteError> {
        Ok(Self {
            cipher: PayloadCipher::new(header, keys)?,
            index: 0,
        })
    }

    /// Returns the chunk size.
    pub const fn chunk_size(&self) -> ChunkSize {
        self.cipher.chunk_size()
    }

    /// Encrypts the next full chunk in place: E bytes, the plaintext at `12..12+C`.
    ///
    /// # Errors
    /// [`EncryptError`]; the buffer is then as it was.
    pub fn encrypt_next(
        &mut self,
        rng: &mut impl CryptoRng,
        chunk: &mut [u8],
    ) -> Result<(), EncryptError> {
        if chunk.len() != self.chunk_size().encrypted() {
            return Err(EncryptError::Length);
        }
        self.cipher.encrypt_chunk(self.index, rng, chunk)?;
        self.index += 1;
        Ok(())
    }

    /// Encrypts the last chunk in place: 28..E bytes, the plaintext at `12..len-16`.
    ///
    /// # Errors
    /// [`EncryptError`]: a full chunk is never last, an empty one follows it.
    pub fn encrypt_last(
        self,
        rng: &mut impl CryptoRng,
        chunk: &mut [u8],
    ) -> Result<(), EncryptError> {
        if chunk.len() >= self.chunk_size().encrypted() {
            return Err(EncryptError::Length);
        }
        self.cipher.encrypt_chunk(self.index, rng, chunk)
    }
}

/// Decrypts a payload from front to back. Plaintext handed out before a failure is authentic and in its
/// place, but it is not the whole: do not present it as such.
pub struct Decryptor<A> {
    cipher: PayloadCipher<A>,
    index: u64,
    failed: bool,
}

impl<A: Cipher> Decryptor<A> {
    /// Begins a payload.
    ///
    /// # Errors
    /// [`SuiteError`] if the header names another suite than `A`'s.
    pub fn new(header: &Header, keys: &ContainerKeys) -> Result<Self, SuiteError> {
        Ok(Self {
            cipher: PayloadCipher::new(header, keys)?,
            index: 0,
            failed: false,
        })
    }

    /// Returns the chunk size.
    pub const fn chunk_size(&self) -> ChunkSize {
        self.cipher.chunk_size()
    }

    /// Decrypts the next full chunk in place: exactly E bytes.
    ///
    /// # Errors
    /// [`DecryptError`], from then on [`DecryptError::Failed`].
    pub fn decrypt_next<'c>(&mut self, chunk: &'c mut [u8]) -> Result<&'c mut [u8], DecryptError> {
        if self.failed {
            return Err(DecryptError::Failed);
        }
        self.failed = true;
        if chunk.len() < self.chunk_size().encrypted() {
            return Err(DecryptError::Truncated);
        }
        let text = self.cipher.decrypt_chunk(self.index, chunk)?;
        self.index += 1;
        self.failed = false;
        Ok(text)
    }

    /// Decrypts the last chunk in place: what is left of the payload, fewer than E bytes. Only when this
    /// returns `Ok` is the payload whole.
    ///
    /// # Errors
    /// [`DecryptError`]; [`DecryptError::Truncated`] also for a full chunk, which is never last.
    pub fn decrypt_last(self, chunk: &mut [u8]) -> Result<&mut [u8], DecryptError> {
        if self.failed {
            return Err(DecryptError::Failed);
        }
        if chunk.len() == self.chunk_size().encrypted() {
            return Err(DecryptError::Truncated);
        }
        self.cipher.decrypt_chunk(self.index, chunk)
    }
}

impl<A> fmt::Debug for Encryptor<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encryptor")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

impl<A> fmt::Debug for Decryptor<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decryptor")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}
