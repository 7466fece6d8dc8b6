//! Workers that compress files ahead of the one that is being cut into parts.
//!
//! They take the files in order, and nobody takes one before there is room for what may come out of it. So the file that is
//! waited for always has its room, and memory has a bound whatever the number and the sizes of the files.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::AHEAD;
use super::choice::{Choice, Way};
use super::encoder::Encoder;
use crate::error::PutError;
use crate::put::plaintext::{Layout, MAX_READ, failed, is_cut, unchanged};
use crate::put::seal::SealError;
use crate::sources::SourceFile;

/// What became of a file.
pub(super) enum Form {
    /// It is stored as it is.
    Raw,
    /// It is compressed, and smaller.
    Whole(Whole),
    /// It is compressed while it streams.
    Streamed,
}

/// A compressed file: pieces as they came, so that nothing is copied or reserved for what may come.
pub(super) struct Whole {
    pub(super) pieces: Vec<Box<[u8]>>,
    pub(super) len: u64,
}

/// The workers, as the one who needs the files has them. They end when this is dropped.
pub(super) struct Ahead(Arc<Shared>);

struct Shared {
    layout: Arc<Layout>,
    choice: Choice,
    /// Most bytes of compressed files in memory.
    room: u64,
    state: Mutex<State>,
    changed: Condvar,
    closed: AtomicBool,
}

#[derive(Default)]
struct State {
    /// The next file that no worker has.
    next: usize,
    /// Files that were taken from here.
    taken: usize,
    /// Bytes that are there or may come.
    held: u64,
    made: BTreeMap<usize, Result<Form, SealError>>,
    /// A worker panicked.
    broken: bool,
}

impl Ahead {
    /// Starts `workers` workers.
    pub(super) fn start(
        layout: &Arc<Layout>,
        choice: Choice,
        workers: usize,
    ) -> Result<Self, PutError> {
        let ahead = Self(Arc::new(Shared {
            layout: Arc::clone(layout),
            choice,
            room: choice.whole.saturating_mul(workers as u64),
            state: Mutex::default(),
            changed: Condvar::new(),
            closed: AtomicBool::new(false),
        }));
        for _ in 0..workers {
            let shared = Arc::clone(&ahead.0);
            thread::Builder::new()
                .name("onekey-compress".to_owned())
                .spawn(move || shared.run())
                .map_err(|_| PutError::Cancelled)?;
        }
        Ok(ahead)
    }

    /// Waits for the next file.
    pub(super) fn take(&self) -> Result<Form, SealError> {
        let mut state = self.0.state();
        loop {
            let index = state.taken;
            if let Some(form) = state.made.remove(&index) {
                state.taken += 1;
                self.0.changed.notify_all();
                return form;
            }
            if state.broken {
                return Err(PutError::Cancelled.into());
            }
            state = self.0.wait(state);
        }
    }

    /// Makes room: this many bytes are not needed any more.
    pub(super) fn release(&self, len: u64) {
        self.0.state().held -= len;
        self.0.changed.notify_all();
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.0.closed.store(true, Ordering::Release);
        // With the lock: a worker that has just looked waits before this tells it.
        drop(self.0.state());
        self.0.changed.notify_all();
    }
}

impl Shared {
    fn run(&self) {
        let _guard = Guard(self);
        let mut text = vec![0; MAX_READ];
        while let Some((index, room)) = self.claim() {
            let form = self.form(&self.layout.files()[index].0, &mut text);
            let used = match &form {
                Ok(Form::Whole(whole)) => whole.len,
                _ => 0,
            };
            let mut state = self.state();
            state.held -= room - used;
            state.made.insert(index, form);
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Takes the next file and the room for it.
    fn claim(&self) -> Option<(usize, u64)> {
        let mut state = self.state();
        loop {
            let index = state.next;
            let (file, _) = self.layout.files().get(index)?;
            if self.closed.load(Ordering::Acquire) {
                return None;
            }
            let room = match self.choice.way(file) {
                Way::Whole => file.size,
                Way::Raw | Way::Streamed => 0,
            };
            let fits = state.held == 0 || state.held + room <= self.room;
            if fits && index - state.taken < AHEAD {
                state.next += 1;
                state.held += room;
                return Some((index, room));
            }
            state = self.wait(state);
        }
    }

    fn form(&self, file: &SourceFile, text: &mut [u8]) -> Result<Form, SealError> {
        let way = self.choice.way(file);
        if way == Way::Raw {
            return Ok(Form::Raw);
        }
        let open = File::open(&file.path).map_err(|source| failed(file, source))?;
        if self.choice.has_samples(file) && !self.choice.samples_shrink(file, &open)? {
            return Ok(Form::Raw);
        }
        if way == Way::Streamed {
            return Ok(Form::Streamed);
        }
        let whole = self.compress(file, &open, text)?;
        let found = open.metadata().map_err(|source| failed(file, source))?;
        unchanged(file, &found)?;
        Ok(whole.map_or(Form::Raw, Form::Whole))
    }

    /// Compresses a file, unless it does not get smaller.
    fn compress(
        &self,
        file: &SourceFile,
        open: &File,
        text: &mut [u8],
    ) -> Result<Option<Whole>, SealError> {
        let mut encoder = Encoder::new(file.size);
        let (mut pieces, mut at) = (Vec::new(), 0);
        loop {
            if self.closed.load(Ordering::Acquire) {
                return Err(PutError::Cancelled.into());
            }
            let left = usize::try_from(file.size - at).unwrap_or(usize::MAX);
            let piece = left.min(text.len());
            let piece = &mut text[..piece];
            let mut out = Vec::new();
            if piece.is_empty() {
                encoder.finish(&mut out)?;
            } else {
                open.read_exact_at(piece, at)
                    .map_err(|source| is_cut(file, source))?;
                encoder.push(piece, &mut out)?;
            }
            if encoder.len() >= file.size {
                return Ok(None);
            }
            if !out.is_empty() {
                pieces.push(out.into());
            }
            if piece.is_empty() {
                let len = encoder.len();
                return Ok(Some(Whole { pieces, len }));
            }
            at += piece.len() as u64;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        self.changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells of a panic, so that nobody waits for what never comes.
struct Guard<'s>(&'s Shared);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.state().broken = true;
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests;
