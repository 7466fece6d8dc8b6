//! The digest rule: under one share key each part has one plaintext.
//!
//! A part's length and SHA-256 are durable before its first byte leaves. What is read again for the same part must be the
//! same, else a server could mix two versions of a file (T17).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use onekey_core::size::ChunkSize;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::journal::{Journal, Record};
use super::plaintext::{Cursor, Layout, Plaintext};
use super::seal::SealError;
use crate::error::{PutError, SourceError};

/// Bytes that are read and hashed at once: they fit a core's cache.
const PIECE: usize = 256 << 10;

/// What was recorded, and where more is.
#[derive(Clone)]
pub(super) struct Records {
    journal: Arc<Journal>,
    known: Arc<BTreeMap<u64, Record>>,
    /// Whether parts come in the order of their numbers.
    in_order: bool,
}

/// The plaintext of one part, as far as it was read.
pub(super) struct PartPlaintext {
    len: u64,
    digest: Sha256,
}

impl Records {
    pub(super) const fn new(journal: Arc<Journal>, known: Arc<BTreeMap<u64, Record>>) -> Self {
        Self {
            journal,
            known,
            in_order: false,
        }
    }

    /// For parts that come in the order of their numbers: they are compared on the way. What has no record waits for all that
    /// has one.
    pub(super) const fn in_order(mut self) -> Self {
        self.in_order = true;
        self
    }

    /// Begins a part.
    pub(super) fn start(&self) -> PartPlaintext {
        PartPlaintext::default()
    }

    /// Lets a part leave, `last` if it is the last one: records its plaintext durably, or compares it with the record. Tells
    /// whether there was one.
    pub(super) fn admit(
        &self,
        number: u64,
        plaintext: PartPlaintext,
        last: bool,
    ) -> Result<bool, SealError> {
        let record = plaintext.finish();
        let known = self.known.get(&number);
        // Parts that were sent and are not compared yet, or are no parts of this plaintext.
        let behind = self.in_order && self.known.range(number + 1..).next().is_some();
        if behind && (last || known.is_none()) {
            return Err(SealError::Differs);
        }
        match known {
            Some(known) if *known == record => Ok(true),
            Some(_) => Err(SealError::Differs),
            None => {
                let recorded = self.journal.record(number, &record);
                recorded.map_err(|source| PutError::State { source })?;
                Ok(false)
            }
        }
    }
}

impl PartPlaintext {
    pub(super) fn update(&mut self, text: &[u8]) {
        self.len += text.len() as u64;
        self.digest.update(text);
    }

    fn finish(self) -> Record {
        Record {
            len: self.len,
            sha256: self.digest.finalize().into(),
        }
    }
}

impl Default for PartPlaintext {
    fn default() -> Self {
        Self {
            len: 0,
            digest: Sha256::new(),
        }
    }
}

/// Reads again what `known` tells of, with several threads. `same` hears of every part that is the same. Returns false at
/// the first one that is not.
pub(super) async fn compare(
    layout: &Arc<Layout>,
    part_plaintext: u64,
    known: &Arc<BTreeMap<u64, Record>>,
    workers: usize,
    mut same: impl FnMut(u64),
) -> Result<bool, PutError> {
    // Bounded, so that threads stop soon after nobody listens.
    let (send, mut heard) = mpsc::channel(1);
    let next = Arc::new(AtomicUsize::new(0));
    let list: Arc<[(u64, Record)]> = known
        .iter()
        .map(|(number, record)| (*number, *record))
        .collect();
    for _ in 0..workers.min(list.len()) {
        let (send, next, list) = (send.clone(), Arc::clone(&next), Arc::clone(&list));
        let mut cursor = Cursor::new(Arc::clone(layout));
        thread::Builder::new()
            .name("onekey-compare".to_owned())
            .spawn(move || {
                while let Some((number, record)) = list.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let read = read(&mut cursor, number * part_plaintext, part_plaintext);
                    let is_same = read.map(|found| (*number, found == *record));
                    if send.blocking_send(is_same).is_err() {
                        return;
                    }
                }
            })
            .map_err(|_| PutError::Cancelled)?;
    }
    drop(send);
    let mut compared = 0;
    while let Some(is_same) = heard.recv().await {
        let (number, is_same) = is_same?;
        if !is_same {
            return Ok(false);
        }
        same(number);
        compared += 1;
    }
    // A thread that panicked compared nothing.
    if compared == list.len() {
        Ok(true)
    } else {
        Err(PutError::Cancelled)
    }
}

fn read(cursor: &mut Cursor, start: u64, len: u64) -> Result<Record, SourceError> {
    let mut part = PartPlaintext::default();
    let mut piece = vec![0; PIECE];
    while part.len < len {
        let wanted = usize::try_from(len - part.len).map_or(PIECE, |left| left.min(PIECE));
        let filled = cursor.fill(start + part.len, &mut piece[..wanted])?;
        part.update(&piece[..filled]);
        if filled < wanted {
            break;
        }
    }
    cursor.end_part()?;
    Ok(part.finish())
}

/// Bytes of plaintext that a whole part holds.
pub(super) const fn part_plaintext(chunk_size: ChunkSize, part_size: u64) -> u64 {
    part_size / chunk_size.encrypted() as u64 * chunk_size.plaintext() as u64
}
