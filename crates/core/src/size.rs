//! Sizes: where a byte of plaintext lies in the payload, and back.
//!
//! With chunks of C bytes and encrypted chunks of E = C + 28 bytes, L bytes of plaintext make
//! n = ⌊L/C⌋ + 1 chunks and D = L + 28 n bytes of payload. The last chunk holds 0..C-1 bytes, so L and D
//! determine each other and n, without a length field anywhere.

use core::ops::Range;

use crate::cipher::OVERHEAD;

/// Longest payload in bytes, exclusive: what a JavaScript number counts exactly.
pub const MAX_PAYLOAD_LEN: u64 = 1 << 53;

/// Most chunks of a payload: keeps the odds of two equal random nonces negligible.
pub const MAX_CHUNKS: u64 = 1 << 32;

/// Why a length belongs to no payload.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SizeError {
    /// No plaintext has a payload of this length: it was cut or never was one.
    #[error("no payload of this chunk size has that length")]
    NotAPayload,
    /// The payload would have 2^53 bytes or 2^32 chunks, or more.
    #[error("too large for one payload of this chunk size")]
    TooLarge,
}

/// The bytes of plaintext in a full chunk: a power of two from 1 KiB to 4 MiB.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct ChunkSize(u8);

impl ChunkSize {
    /// The smallest, 1 KiB.
    pub const MIN: Self = Self(10);
    /// The largest, 4 MiB.
    pub const MAX: Self = Self(22);
    /// 64 KiB: full speed, and a range costs little.
    pub const DEFAULT: Self = Self(16);

    /// Returns the size 2^`exponent`, or `None` unless it is in 10..=22.
    pub const fn from_exponent(exponent: u8) -> Option<Self> {
        if exponent >= Self::MIN.0 && exponent <= Self::MAX.0 {
            Some(Self(exponent))
        } else {
            None
        }
    }

    /// Returns the exponent, as the header holds it.
    pub const fn exponent(self) -> u8 {
        self.0
    }

    /// Returns C, the bytes of plaintext in a full chunk.
    pub const fn plaintext(self) -> usize {
        1 << self.0
    }

    /// Returns E, the bytes of a full chunk after encryption.
    pub const fn encrypted(self) -> usize {
        self.plaintext() + OVERHEAD
    }

    /// Returns n, the number of chunks of `plaintext_len` bytes: at least 1.
    pub const fn chunks(self, plaintext_len: u64) -> u64 {
        (plaintext_len >> self.0) + 1
    }

    /// Returns D, the length of the payload of `plaintext_len` bytes.
    ///
    /// ```
    /// use onekey_core::size::{ChunkSize, SizeError};
    ///
    /// let size = ChunkSize::MIN;
    /// assert_eq!(size.payload_len(0), Ok(28));
    /// assert_eq!(size.payload_len(1024), Ok(1024 + 2 * 28));
    /// assert_eq!(size.payload_len(u64::MAX), Err(SizeError::TooLarge));
    /// ```
    ///
    /// # Errors
    /// [`SizeError::TooLarge`].
    pub const fn payload_len(self, plaintext_len: u64) -> Result<u64, SizeError> {
        // Checked first, so that the sum below cannot overflow.
        if plaintext_len >= MAX_PAYLOAD_LEN || self.chunks(plaintext_len) > MAX_CHUNKS {
            return Err(SizeError::TooLarge);
        }
        let len = plaintext_len + self.chunks(plaintext_len) * OVERHEAD as u64;
        if len < MAX_PAYLOAD_LEN {
            Ok(len)
        } else {
            Err(SizeError::TooLarge)
        }
    }

    /// Returns L, the length of the plaintext of a payload of `payload_len` bytes.
    ///
    /// ```
    /// use onekey_core::size::{ChunkSize, SizeError};
    ///
    /// assert_eq!(ChunkSize::MIN.plaintext_len(1024 + 28 + 28), Ok(1024));
    /// assert_eq!(ChunkSize::MIN.plaintext_len(1024 + 28), Err(SizeError::NotAPayload));
    /// ```
    ///
    /// # Errors
    /// [`SizeError`].
    pub const fn plaintext_len(self, payload_len: u64) -> Result<u64, SizeError> {
        if payload_len >= MAX_PAYLOAD_LEN {
            return Err(SizeError::TooLarge);
        }
        let full = payload_len / self.encrypted() as u64;
        let last = payload_len % self.encrypted() as u64;
        if last < OVERHEAD as u64 {
            return Err(SizeError::NotAPayload);
        }
        if full >= MAX_CHUNKS {
            return Err(SizeError::TooLarge);
        }
        Ok(full * self.plaintext() as u64 + last - OVERHEAD as u64)
    }

    /// Returns the chunks that hold `plaintext`, a range of bytes: empty for an empty range.
    pub const fn chunks_of(self, plaintext: &Range<u64>) -> Range<u64> {
        if plaintext.start >= plaintext.end {
            return 0..0;
        }
        (plaintext.start >> self.0)..((plaintext.end - 1) >> self.0) + 1
    }

    /// Returns where `chunks` lie in a payload of `payload_len` bytes.
    pub fn place_of(self, chunks: &Range<u64>, payload_len: u64) -> Range<u64> {
        let at = |chunk: u64| {
            chunk
                .saturating_mul(self.encrypted() as u64)
                .min(payload_len)
        };
        at(chunks.start)..at(chunks.end)
    }
}

impl Default for ChunkSize {
    fn default() -> Self {
        Self::DEFAULT
    }
}
