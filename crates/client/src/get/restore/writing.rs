//! One file that is being written.

use std::io::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use onekey_core::manifest::File;

use super::failed;
use crate::error::GetError;
use crate::get::decode::Decoder;
use crate::get::folder::{Finish, Temporary};

/// One file that is being written.
pub(super) struct Writing {
    index: usize,
    decoder: Decoder,
    temporary: Temporary,
    /// Stored bytes that were taken.
    taken: u64,
    is_stored: bool,
}

impl Writing {
    /// Begins to write a file, or goes on behind its first `taken` stored bytes, which are in the temporary file.
    pub(super) fn new(index: usize, file: &File, temporary: Temporary, taken: u64) -> Self {
        let rest = File {
            size: file.size - taken,
            codec: file.codec,
            ..File::default()
        };
        Self {
            index,
            decoder: Decoder::new(index, &rest),
            temporary,
            taken,
            is_stored: file.codec.is_none(),
        }
    }

    pub(super) const fn index(&self) -> usize {
        self.index
    }

    /// Returns how many stored bytes were taken.
    pub(super) const fn taken(&self) -> u64 {
        self.taken
    }

    /// Whether a later get can go on with the temporary file: its length is the place in the stored bytes.
    pub(super) const fn can_be_continued(&self) -> bool {
        self.is_stored && self.taken > 0
    }

    pub(super) const fn temporary(&self) -> &Temporary {
        &self.temporary
    }

    /// Lets the temporary file stay when this is dropped.
    pub(super) const fn stay(&mut self) {
        self.temporary.stay();
    }

    /// Takes the next stored bytes.
    pub(super) fn push(&mut self, stored: &[u8]) -> Result<(), GetError> {
        let (file, index) = (self.temporary.file(), self.index);
        self.decoder.push(stored, &mut |bytes| {
            file.write_all(bytes)
                .map_err(|error| failed(Some(index), error))
        })?;
        self.taken += stored.len() as u64;
        Ok(())
    }

    /// Ends the file: it must be whole. What is returned has everything but its name.
    pub(super) fn finish(self, file: &File) -> Result<Temporary, GetError> {
        let Self {
            index,
            decoder,
            mut temporary,
            ..
        } = self;
        let target = temporary.file();
        decoder.finish(&mut |bytes| {
            target
                .write_all(bytes)
                .map_err(|error| failed(Some(index), error))
        })?;
        let finish = Finish {
            executable: file.executable,
            modified: file.modified.and_then(system_time),
        };
        let dressed = temporary.dress(finish);
        dressed.map_err(|error| failed(Some(index), error))?;
        Ok(temporary)
    }
}

fn system_time(seconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    }
}
