//! Part buffers, and how much memory all of them together may take.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::ApiError;

/// Bytes that one permit stands for.
const UNIT: usize = 1 << 20;

/// Mebibytes of part buffers over all direct uploads.
const MAX_MEMORY: usize = 512;

/// Longest wait of an upload for memory that others hold.
const MEMORY_WAIT: Duration = Duration::from_secs(10);

/// Smallest buffer: four chunks of the default size.
const MIN_BUFFER: usize = 256 << 10;

/// The memory of all direct uploads. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Memory(Arc<Semaphore>);

impl Default for Memory {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_MEMORY)))
    }
}

impl Memory {
    /// Returns the mebibytes that nobody holds.
    #[cfg(test)]
    pub(crate) fn free(&self) -> usize {
        self.0.available_permits()
    }

    /// Takes `bytes`, if they are free.
    pub(super) fn take(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let units = u32::try_from(bytes.div_ceil(UNIT as u64)).ok()?;
        Arc::clone(&self.0).try_acquire_many_owned(units).ok()
    }

    /// Waits until `held` stands for `bytes`, or refuses.
    async fn hold(
        &self,
        held: &mut Option<OwnedSemaphorePermit>,
        bytes: usize,
    ) -> Result<(), ApiError> {
        let has = held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = bytes.div_ceil(UNIT).saturating_sub(has);
        if more == 0 {
            return Ok(());
        }
        let more = u32::try_from(more).map_err(|_| ApiError::busy())?;
        let waited = timeout(MEMORY_WAIT, Arc::clone(&self.0).acquire_many_owned(more)).await;
        let Ok(Ok(permit)) = waited else {
            return Err(ApiError::busy());
        };
        match held {
            Some(held) => held.merge(permit),
            None => *held = Some(permit),
        }
        Ok(())
    }
}

/// The bytes of one part, and the right to the memory that they take.
#[derive(Debug, Default)]
pub(super) struct PartBuffer {
    bytes: Vec<u8>,
    held: Option<OwnedSemaphorePermit>,
}

impl PartBuffer {
    /// Returns an empty buffer that may grow to `bytes` without a wait, if so much is free.
    pub(super) fn of(bytes: u64, memory: &Memory) -> Option<Self> {
        Some(Self {
            bytes: Vec::new(),
            held: Some(memory.take(bytes)?),
        })
    }

    /// Makes room for `more` bytes. A buffer doubles until it has `most`: a screenshot takes little.
    pub(super) async fn reserve(
        &mut self,
        more: usize,
        most: usize,
        memory: &Memory,
    ) -> Result<(), ApiError> {
        let needed = self.bytes.len() + more;
        if needed <= self.bytes.capacity() {
            return Ok(());
        }
        let doubled = (2 * self.bytes.capacity()).max(MIN_BUFFER);
        let capacity = doubled.min(most).max(needed);
        memory.hold(&mut self.held, capacity).await?;
        self.bytes.reserve_exact(capacity - self.bytes.len());
        Ok(())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the bytes to fill; the caller has reserved what it adds.
    pub(super) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The same memory, empty.
    pub(super) fn cleared(mut self) -> Self {
        self.bytes.clear();
        self
    }
}

/// A filled buffer, as the owner of `Bytes`: when the last of those is gone, the buffer can be used again.
#[derive(Clone, Debug)]
pub(super) struct SharedBuffer(pub(super) Arc<PartBuffer>);

impl AsRef<[u8]> for SharedBuffer {
    fn as_ref(&self) -> &[u8] {
        self.0.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_buffer_grows_as_it_is_filled_and_gives_its_memory_back() {
        let memory = Memory::default();
        let most = 8 << 20;
        let mut buffer = PartBuffer::default();
        buffer.reserve(100, most, &memory).await.unwrap();
        assert_eq!(memory.free(), MAX_MEMORY - 1);
        assert!(buffer.bytes.capacity() < UNIT);
        for _ in 0..8 << 4 {
            buffer.reserve(64 << 10, most, &memory).await.unwrap();
            buffer.bytes_mut().extend_from_slice(&[0; 64 << 10]);
        }
        assert_eq!(buffer.len(), most);
        assert_eq!(buffer.bytes.capacity(), most);
        assert_eq!(memory.free(), MAX_MEMORY - 8);
        let buffer = buffer.cleared();
        assert_eq!(memory.free(), MAX_MEMORY - 8);
        drop(buffer);
        assert_eq!(memory.free(), MAX_MEMORY);
    }

    #[tokio::test(start_paused = true)]
    async fn who_finds_no_memory_waits_and_is_refused() {
        let memory = Memory::default();
        let mut first = PartBuffer::default();
        let all = MAX_MEMORY * UNIT;
        memory.hold(&mut first.held, all).await.unwrap();
        let mut second = PartBuffer::default();
        assert!(second.reserve(1, all, &memory).await.is_err());
        let waiting = second.reserve(1, all, &memory);
        let freeing = async {
            tokio::time::sleep(MEMORY_WAIT / 2).await;
            drop(first);
        };
        let (waited, ()) = tokio::join!(waiting, freeing);
        assert!(waited.is_ok());
    }
}
