//! All of a share as one zip that is made while it streams: files as they are, folders too, its length known before.
//!
//! Own code, as no library gives all of it: a length before the first byte, folders, times, Zip64 only where it is needed,
//! and errors that name no file.

mod names;
mod records;

use std::collections::VecDeque;

use bytes::Bytes;
use crc32fast::Hasher;
use futures_util::{Stream, StreamExt, stream};
use onekey_core::manifest::Manifest;

use super::plaintext::{BrokenOff, Plaintext};
use names::Names;
use records::{Entry, Written};

/// Permissions of files and folders, in Unix terms.
const MODE_FILE: u16 = 0o100_644;
const MODE_EXECUTABLE: u16 = 0o100_755;
const MODE_FOLDER: u16 = 0o040_755;

/// A zip of which nothing was made yet.
#[derive(Debug)]
pub(crate) struct Zip {
    entries: VecDeque<Planned>,
    length: u64,
}

/// An entry, and where its bytes are.
#[derive(Debug)]
struct Planned {
    entry: Entry,
    /// Bytes of the payload's plaintext before its own.
    offset: u64,
}

impl Zip {
    /// Plans the zip of a share in which no file has a codec.
    pub(crate) fn of(manifest: &Manifest) -> Self {
        let mut names = Names::default();
        let files = manifest.files.iter().map(|file| Planned {
            entry: Entry {
                name: names.file(&file.path),
                size: file.size,
                mode: if file.executable {
                    MODE_EXECUTABLE
                } else {
                    MODE_FILE
                },
                modified: file.modified,
            },
            offset: file.offset,
        });
        let mut entries: VecDeque<Planned> = files.collect();
        entries.extend(manifest.folders.iter().map(|path| Planned {
            entry: Entry {
                name: names.folder(path),
                size: 0,
                mode: MODE_FOLDER,
                modified: None,
            },
            offset: u64::MAX,
        }));
        let mut written = Vec::new();
        let mut length = 0;
        for Planned { entry, .. } in &entries {
            written.push(Written::of(entry, length, 0));
            length += records::around(entry) + entry.size;
        }
        length += records::directory(&written, length).len() as u64;
        Self { entries, length }
    }

    /// Returns how many bytes it will have.
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }

    /// Makes it from the plaintext of the whole payload, up to the end of the last file.
    pub(crate) fn stream(
        self,
        plaintext: Plaintext,
    ) -> impl Stream<Item = Result<Bytes, BrokenOff>> + Send {
        let making = Making {
            entries: self.entries,
            open: None,
            written: Vec::new(),
            position: 0,
            plaintext,
            read: 0,
            rest: Bytes::new(),
            ended: false,
        };
        stream::try_unfold(making, |mut making| async {
            let next = making.next().await?;
            Ok(next.map(|bytes| (bytes, making)))
        })
    }
}

/// A zip of which a part was made.
struct Making {
    entries: VecDeque<Planned>,
    /// The file whose bytes are going out.
    open: Option<Open>,
    written: Vec<Written>,
    /// Bytes of the zip so far.
    position: u64,
    plaintext: Plaintext,
    /// Bytes of the plaintext that were used.
    read: u64,
    /// Bytes of the plaintext that were not.
    rest: Bytes,
    ended: bool,
}

struct Open {
    entry: Entry,
    header_at: u64,
    left: u64,
    checksum: Hasher,
}

impl Making {
    async fn next(&mut self) -> Result<Option<Bytes>, BrokenOff> {
        let next = match (&mut self.open, self.ended) {
            (Some(open), _) if open.left > 0 => Some(self.content().await?),
            (Some(_), _) => self.open.take().map(|open| self.close(open)),
            (None, false) => Some(self.begin().await?),
            (None, true) => None,
        };
        self.position += next.as_ref().map_or(0, |bytes| bytes.len() as u64);
        Ok(next)
    }

    /// Returns the header of the next entry, or the directory behind the last one.
    async fn begin(&mut self) -> Result<Bytes, BrokenOff> {
        let Some(Planned { entry, offset }) = self.entries.pop_front() else {
            self.ended = true;
            return Ok(records::directory(&self.written, self.position).into());
        };
        let header = records::header(&entry);
        if entry.size == 0 {
            self.written.push(Written::of(&entry, self.position, 0));
            return Ok(header.into());
        }
        while self.read < offset {
            self.plaintext(offset - self.read).await?;
        }
        self.open = Some(Open {
            left: entry.size,
            entry,
            header_at: self.position,
            checksum: Hasher::new(),
        });
        Ok(header.into())
    }

    async fn content(&mut self) -> Result<Bytes, BrokenOff> {
        let left = self.open.as_ref().map_or(0, |open| open.left);
        let bytes = self.plaintext(left).await?;
        if let Some(open) = &mut self.open {
            open.left -= bytes.len() as u64;
            open.checksum.update(&bytes);
        }
        Ok(bytes)
    }

    /// Returns what stands behind a file's bytes.
    fn close(&mut self, open: Open) -> Bytes {
        let checksum = open.checksum.finalize();
        let written = Written::of(&open.entry, open.header_at, checksum);
        let descriptor = records::descriptor(&written);
        self.written.push(written);
        descriptor.into()
    }

    /// Returns at most `most` of the next bytes of plaintext, and at least one.
    async fn plaintext(&mut self, most: u64) -> Result<Bytes, BrokenOff> {
        while self.rest.is_empty() {
            let next = self.plaintext.next().await;
            self.rest = next.ok_or(BrokenOff::Length)??;
        }
        let length =
            usize::try_from(most).map_or(self.rest.len(), |most| most.min(self.rest.len()));
        self.read += length as u64;
        Ok(self.rest.split_to(length))
    }
}
