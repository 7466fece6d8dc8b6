//! Payloads in memory, for tests.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use crate::blobs::name::BlobName;
use crate::blobs::{
    BlobBody, BlobError, BlobLayout, BlobLook, BlobRef, BlobStore, ListedBlob, PartBody, PartPlace,
    PartTag, Piece, READ_BUFFER, Space, StoredPart, parts_are_whole,
};
use crate::clock::{Clock, SystemClock, UnixTime};

/// A store that forgets everything when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    held: Mutex<BTreeMap<BlobName, Held>>,
    capacity: Option<u64>,
}

#[derive(Debug)]
struct Held {
    bytes: Bytes,
    reserved: u64,
    completed: bool,
    modified_at: UnixTime,
}

impl MemoryBlobs {
    /// Makes a store that is full when it holds or has reserved `bytes`.
    pub fn with_capacity(bytes: u64) -> Self {
        Self {
            capacity: Some(bytes),
            ..Self::default()
        }
    }

    /// A panic in a test must not hide behind a second one.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<BlobName, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_capacity(&self, taken: u64) -> Result<(), BlobError> {
        match self.capacity {
            Some(capacity) if taken > capacity => Err(BlobError::StorageFull),
            _ => Ok(()),
        }
    }
}

impl Held {
    fn takes(&self) -> u64 {
        self.reserved.max(self.bytes.len() as u64)
    }
}

fn takes(held: &BTreeMap<BlobName, Held>) -> u64 {
    held.values().map(Held::takes).fold(0, u64::saturating_add)
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn create(&self, layout: BlobLayout) -> Result<BlobRef, BlobError> {
        let name = BlobName::random();
        let reserved = layout.size.unwrap_or(0);
        let mut held = self.lock();
        self.check_capacity(takes(&held).saturating_add(reserved))?;
        held.insert(
            name,
            Held {
                bytes: Bytes::new(),
                reserved,
                completed: false,
                modified_at: SystemClock.now(),
            },
        );
        Ok(name.to_ref())
    }

    async fn put_part(
        &self,
        blob: &BlobRef,
        place: PartPlace,
        mut body: PartBody,
    ) -> Result<PartTag, BlobError> {
        let name = BlobName::try_from(blob)?;
        let (start, end) = (
            place.offset as usize,
            (place.offset + place.length) as usize,
        );
        let mut part = Vec::new();
        while let Some(piece) = body.next().await {
            part.extend_from_slice(&piece.map_err(BlobError::Body)?);
            if part.len() > end - start {
                return Err(BlobError::BodyLength);
            }
        }
        if part.len() < end - start {
            return Err(BlobError::BodyLength);
        }
        let mut held = self.lock();
        let others = takes(&held);
        let blob = held
            .get_mut(&name)
            .filter(|blob| !blob.completed)
            .ok_or(BlobError::NotFound)?;
        self.check_capacity(others - blob.takes() + blob.takes().max(end as u64))?;
        let mut bytes = Vec::from(std::mem::take(&mut blob.bytes));
        bytes.resize(bytes.len().max(end), 0);
        bytes[start..end].copy_from_slice(&part);
        blob.bytes = Bytes::from(bytes);
        blob.modified_at = SystemClock.now();
        Ok(PartTag::default())
    }

    async fn complete(
        &self,
        blob: &BlobRef,
        parts: &[StoredPart],
        size: u64,
    ) -> Result<(), BlobError> {
        let name = BlobName::try_from(blob)?;
        if !parts_are_whole(parts, size) {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "the parts have gaps");
            return Err(BlobError::Unavailable(error));
        }
        let mut held = self.lock();
        let blob = held.get_mut(&name).ok_or(BlobError::NotFound)?;
        let length = blob.bytes.len() as u64;
        if length < size || (blob.completed && length != size) {
            return Err(BlobError::NotFound);
        }
        blob.bytes.truncate(size as usize);
        blob.reserved = 0;
        blob.completed = true;
        Ok(())
    }

    async fn read(&self, blob: &BlobRef, range: Range<u64>) -> Result<BlobBody, BlobError> {
        let name = BlobName::try_from(blob)?;
        let held = self.lock();
        let bytes = held
            .get(&name)
            .filter(|blob| blob.completed && range.end <= blob.bytes.len() as u64)
            .filter(|_| range.start <= range.end)
            .map(|blob| blob.bytes.slice(range.start as usize..range.end as usize))
            .ok_or(BlobError::NotFound)?;
        Ok(pieces(bytes))
    }

    async fn look(&self, blob: &BlobRef) -> Result<Option<BlobLook>, BlobError> {
        let Ok(name) = BlobName::try_from(blob) else {
            return Ok(None);
        };
        Ok(self.lock().get(&name).map(|held| BlobLook {
            length: Some(held.bytes.len() as u64),
            completed: held.completed,
        }))
    }

    async fn read_part(
        &self,
        blob: &BlobRef,
        part: &StoredPart,
    ) -> Result<Option<BlobBody>, BlobError> {
        let name = BlobName::try_from(blob)?;
        let (start, end) = (part.place.offset, part.place.offset + part.place.length);
        let held = self.lock();
        let bytes = held
            .get(&name)
            .filter(|blob| end <= blob.bytes.len() as u64)
            .map(|blob| blob.bytes.slice(start as usize..end as usize))
            .ok_or(BlobError::NotFound)?;
        Ok(Some(pieces(bytes)))
    }

    async fn delete(&self, blob: &BlobRef) -> Result<(), BlobError> {
        let name = BlobName::try_from(blob)?;
        self.lock().remove(&name);
        Ok(())
    }

    async fn list(
        &self,
        after: Option<&BlobRef>,
        limit: usize,
    ) -> Result<Vec<ListedBlob>, BlobError> {
        let after = after.map(BlobName::try_from).transpose()?;
        let held = self.lock();
        let later = held
            .iter()
            .filter(|(name, _)| after.is_none_or(|after| **name > after));
        Ok(later
            .take(limit)
            .map(|(name, blob)| ListedBlob {
                blob: name.to_ref(),
                modified_at: blob.modified_at,
                size: blob.takes(),
                completed: blob.completed,
            })
            .collect())
    }

    async fn space(&self) -> Result<Option<Space>, BlobError> {
        let taken = takes(&self.lock());
        Ok(self.capacity.map(|total| Space {
            free: total.saturating_sub(taken),
            total,
        }))
    }
}

fn pieces(bytes: Bytes) -> BlobBody {
    let pieces = (0..bytes.len()).step_by(READ_BUFFER).map(move |start| {
        let end = bytes.len().min(start + READ_BUFFER);
        Ok(Piece::from(bytes[start..end].to_vec()))
    });
    stream::iter(pieces).boxed()
}
