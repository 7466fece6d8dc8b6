//! What makes a get that can be continued: files wait for their names until they are durable and recorded.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use onekey_core::manifest::File;

use super::failed;
use super::writing::Writing;
use crate::error::GetError;
use crate::get::folder::{self, Folder, Temporary};
use crate::get::journal::{At, Earlier, Journal};

/// Bytes that are written at most before they are made durable and recorded: what a crash costs.
pub(super) const RECORD_EVERY: u64 = 16 << 20;

/// Most finished files that wait for their names. Each is two open files.
const MAX_WAITING: usize = 64;

/// A get's state, and the files that wait for it.
pub(in crate::get) struct Keep {
    journal: Arc<Journal>,
    earlier: Earlier,
    waiting: Vec<Waiting>,
    /// Bytes that were written since the last record.
    unrecorded: u64,
}

/// What is recorded: finished files with their inodes, and how far the next one is.
type Lines = (Vec<(usize, u64)>, Option<At>);

/// A finished file that waits for its name.
pub(super) struct Waiting {
    pub(super) index: usize,
    pub(super) temporary: Temporary,
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) replace: bool,
}

impl Keep {
    pub(in crate::get) const fn new(journal: Arc<Journal>, earlier: Earlier) -> Self {
        Self {
            journal,
            earlier,
            waiting: Vec::new(),
            unrecorded: 0,
        }
    }

    pub(in crate::get) const fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }

    /// Tells whether an earlier get finished a file: it is recorded, and it is there. One that had not its name yet gets it.
    pub(super) fn has_finished(
        &self,
        index: usize,
        file: &File,
        (folder, name): (&Arc<Folder>, &str),
        replace: bool,
    ) -> io::Result<bool> {
        let Some(&inode) = self.earlier.done.get(&index) else {
            return Ok(false);
        };
        let temporary = self.journal.temporary(index);
        if let Some((found, size, _)) = folder.regular(&temporary)?
            && (found, size) == (inode, file.size)
            && let Some(temporary) = folder.reopen(&temporary, inode, size)?
        {
            temporary.publish(name, replace)?;
            return Ok(true);
        }
        let found = folder.regular(name)?;
        Ok(found.is_some_and(|(found, size, modified)| {
            // Not every file system has inodes that last.
            size == file.size && (found == inode || file.modified == Some(modified))
        }))
    }

    /// Opens what an earlier get wrote of a file. Returns how many bytes of it count.
    pub(super) fn unfinished(
        &self,
        index: usize,
        file: &File,
        folder: &Arc<Folder>,
    ) -> io::Result<Option<(Temporary, u64)>> {
        let at = self.earlier.at.as_ref().filter(|at| at.index == index);
        let Some(at) = at.filter(|at| file.codec.is_none() && at.bytes <= file.stored) else {
            return Ok(None);
        };
        let name = self.journal.temporary(index);
        let reopened = folder.reopen(&name, at.inode, at.bytes)?;
        Ok(reopened.map(|temporary| (temporary, at.bytes)))
    }

    /// Returns the file that an earlier get did not finish.
    pub(super) fn unfinished_index(&self) -> Option<usize> {
        self.earlier.at.as_ref().map(|at| at.index)
    }

    pub(super) fn wait(&mut self, waiting: Waiting) {
        self.waiting.push(waiting);
    }

    /// Counts bytes that were written. Tells whether it is time to record.
    pub(super) const fn count(&mut self, bytes: u64) -> bool {
        self.unrecorded += bytes;
        self.unrecorded >= RECORD_EVERY || self.waiting.len() >= MAX_WAITING
    }

    /// Makes what was written durable, then records it, then gives finished files their names.
    pub(super) fn record(
        &mut self,
        writing: Option<(&mut Writing, String)>,
    ) -> Result<(), GetError> {
        self.unrecorded = 0;
        let writing = writing.filter(|(writing, _)| writing.can_be_continued());
        let parts = writing.as_ref().map(|(writing, path)| (&**writing, path));
        let sync = self.make_durable(parts);
        let lines = sync.and_then(|()| self.lines(parts));
        let (done, at) = lines.map_err(|error| failed(None, error))?;
        match self.journal.record(&done, at.as_ref()) {
            Ok(()) => {
                if let Some((writing, _)) = writing {
                    writing.stay();
                }
            }
            // The get matters more than its state: from now on it has none.
            Err(_) => self.journal.remove(),
        }
        for waiting in self.waiting.drain(..) {
            let Waiting {
                index,
                temporary,
                name,
                path,
                replace,
            } = waiting;
            let published = temporary.publish(&name, replace);
            published.map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => GetError::Exists(path),
                _ => failed(Some(index), error),
            })?;
        }
        Ok(())
    }

    fn make_durable(&self, writing: Option<(&Writing, &String)>) -> io::Result<()> {
        let waiting = self.waiting.iter().map(|waiting| &waiting.temporary);
        folder::sync(waiting.chain(writing.map(|(writing, _)| writing.temporary())))
    }

    fn lines(&self, writing: Option<(&Writing, &String)>) -> io::Result<Lines> {
        let mut done = Vec::with_capacity(self.waiting.len());
        for waiting in &self.waiting {
            done.push((waiting.index, waiting.temporary.inode()?));
        }
        let at = writing.map(|(writing, path)| {
            Ok::<_, io::Error>(At {
                index: writing.index(),
                bytes: writing.taken(),
                inode: writing.temporary().inode()?,
                path: path.clone().into_bytes(),
            })
        });
        Ok((done, at.transpose()?))
    }
}
