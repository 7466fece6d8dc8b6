//! Bytes on their way out, in memory that is used again.
//!
//! Whoever takes a piece may change it in place. When it is dropped, its memory goes back to where it came from: fresh
//! memory for each piece would cost more than reading does, as the system hands it out zeroed, 4 KiB at a time.

use std::borrow::Borrow;
use std::fmt;
use std::ops::{Deref, DerefMut, Range};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// A run of bytes that a store gave out.
pub struct Piece {
    memory: Vec<u8>,
    kept: Range<usize>,
    home: Option<Arc<Memory>>,
}

impl Piece {
    /// Narrows the piece to a range of itself.
    ///
    /// # Panics
    /// If it has no such range.
    pub fn keep(&mut self, range: Range<usize>) {
        assert!(
            range.start <= range.end && range.end <= self.len(),
            "a piece holds the range it is narrowed to"
        );
        let start = self.kept.start;
        self.kept = start + range.start..start + range.end;
    }
}

impl Deref for Piece {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[self.kept.clone()]
    }
}

impl DerefMut for Piece {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.memory[self.kept.clone()]
    }
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Borrow<[u8]> for Piece {
    fn borrow(&self) -> &[u8] {
        self
    }
}

impl From<Vec<u8>> for Piece {
    fn from(memory: Vec<u8>) -> Self {
        Self {
            kept: 0..memory.len(),
            memory,
            home: None,
        }
    }
}

impl From<Piece> for Bytes {
    fn from(piece: Piece) -> Self {
        Self::from_owner(piece)
    }
}

/// Shows no byte: a piece may have been decrypted.
impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Piece").field("len", &self.len()).finish()
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        if let Some(home) = self.home.take() {
            home.give_back(std::mem::take(&mut self.memory));
        }
    }
}

/// The memory of one answer's pieces. It is freed with the answer, so that no answer ever sees another one's bytes.
#[derive(Debug, Default)]
pub(super) struct Memory {
    free: Mutex<Vec<Vec<u8>>>,
}

impl Memory {
    /// Returns a piece of `length` bytes, whose content is whatever was there before.
    pub(super) fn piece(self: &Arc<Self>, length: usize) -> Piece {
        let free = self
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut memory = free.unwrap_or_default();
        if memory.len() < length {
            memory.resize(length, 0);
        }
        Piece {
            memory,
            kept: 0..length,
            home: Some(Arc::clone(self)),
        }
    }

    fn give_back(&self, memory: Vec<u8>) {
        self.free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(memory);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again_by_the_same_answer() {
        let memory = Arc::new(Memory::default());
        let mut piece = memory.piece(100);
        piece.fill(7);
        let place = piece.as_ptr();
        piece.keep(10..90);
        piece.keep(10..20);
        assert_eq!((piece.len(), &*piece), (10, &[7; 10][..]));
        assert_eq!(piece.as_ptr(), place.wrapping_add(20));
        assert_eq!(format!("{piece:?}"), "Piece { len: 10 }");
        drop(Bytes::from(piece));
        let again = memory.piece(50);
        assert_eq!((again.len(), again.as_ptr()), (50, place));
        assert_ne!(memory.piece(50).as_ptr(), place, "it is in use");
    }

    #[test]
    #[should_panic(expected = "a piece holds the range")]
    fn a_piece_never_grows() {
        let mut piece = Piece::from(vec![0; 10]);
        piece.keep(2..8);
        piece.keep(0..7);
    }
}
