//! Workers that take batches in any order, and an output that gets them in theirs.
//!
//! Whoever finishes the batch that is due writes it, and after it those that waited for it. Nobody waits for a turn: a
//! worker whose batch is not due yet leaves it and takes another buffer. There are two buffers for each worker, and a
//! batch is taken only with a buffer in hand, so the batch that is due is always in somebody's hands.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use zeroize::Zeroizing;

use super::source::Source;
use crate::progress::Progress;

/// Buffers for each worker: one in its hands, and one that waits to be written.
const BUFFERS_PER_WORKER: usize = 2;

/// What workers do with a batch.
pub(super) trait Work: Sync {
    /// Why it cannot be done.
    type Error: Send;

    /// Bytes of input in a batch. One that has fewer is the last.
    fn batch_len(&self) -> usize;

    /// Bytes of a buffer that holds a batch before and after.
    fn buffer_len(&self) -> usize;

    /// Reads a batch into its places in the buffer, until it is full or the reader ends.
    fn read(&self, reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize>;

    /// Encrypts or decrypts a batch of `read` bytes in place. Returns how many chunks of it may be written.
    fn transform(
        &self,
        index: u64,
        buffer: &mut [u8],
        read: usize,
    ) -> (usize, Result<(), Self::Error>);

    /// Writes the first `chunks` chunks of a batch of `read` bytes.
    fn write(
        &self,
        buffer: &[u8],
        read: usize,
        chunks: usize,
        output: &mut dyn Write,
    ) -> io::Result<()>;
}

/// Why not everything was written.
#[derive(Debug)]
pub(super) enum Failure<E> {
    /// There was more behind the end.
    Changed,
    Read(io::Error),
    Work(E),
    Write(io::Error),
}

type Output<'o> = &'o mut (dyn Write + Send);
type Buffer = Zeroizing<Vec<u8>>;

/// A batch on its way to the output.
struct Batch<E> {
    buffer: Buffer,
    read: usize,
    chunks: usize,
    done: Result<(), Failure<E>>,
}

struct Pipeline<'p, W: Work> {
    work: &'p W,
    source: &'p Source,
    progress: &'p dyn Progress,
    buffers: usize,
    state: Mutex<State<'p, W::Error>>,
    /// A buffer became free, or the end was reached.
    changed: Condvar,
}

struct State<'o, E> {
    /// Taken by who writes.
    output: Option<Output<'o>>,
    /// The last one that was given back is the hottest in the cache.
    free: Vec<Buffer>,
    /// Buffers that were made.
    made: usize,
    waiting: BTreeMap<u64, Batch<E>>,
    /// The batch that is due.
    due: u64,
    /// Bytes of input whose batches were written.
    taken: u64,
    end: Option<Result<(), Failure<E>>>,
}

/// Does `work` on all of `source`, on `workers` threads and this one among them. Returns the bytes of input.
pub(super) fn run<W: Work>(
    work: &W,
    source: &Source,
    output: Output<'_>,
    workers: usize,
    progress: &dyn Progress,
) -> Result<u64, Failure<W::Error>> {
    // A short file does not keep many busy.
    let batches = source
        .remaining()
        .map_or(u64::MAX, |len| len / work.batch_len() as u64 + 1);
    let workers = workers.min(usize::try_from(batches).unwrap_or(usize::MAX));
    let pipeline = Pipeline {
        work,
        source,
        progress,
        buffers: workers * BUFFERS_PER_WORKER,
        state: Mutex::new(State {
            output: Some(output),
            free: Vec::new(),
            made: 0,
            waiting: BTreeMap::new(),
            due: 0,
            taken: 0,
            end: None,
        }),
        changed: Condvar::new(),
    };
    thread::scope(|scope| {
        for _ in 1..workers {
            let worker = thread::Builder::new().name("onekey-stream".to_owned());
            // Fewer do it as well.
            if worker.spawn_scoped(scope, || pipeline.work()).is_err() {
                break;
            }
        }
        pipeline.work();
    });
    let state = pipeline.state.into_inner();
    let state = state.unwrap_or_else(PoisonError::into_inner);
    let end = state.end.expect("workers leave only when the end is known");
    end.map(|()| state.taken)
}

impl<'p, W: Work> Pipeline<'p, W> {
    fn work(&self) {
        let _leave = Leave(self);
        let mut mine = None;
        while let Some(mut buffer) = mine.take().or_else(|| self.buffer()) {
            let batch_len = self.work.batch_len();
            let taken = self
                .source
                .take(batch_len, |reader| self.work.read(reader, &mut buffer));
            let index = taken.index;
            let batch = match taken.read {
                Ok(read) => {
                    let (chunks, done) = self.work.transform(index, &mut buffer, read);
                    let done = done.map_err(Failure::Work);
                    Batch {
                        buffer,
                        read,
                        chunks,
                        done,
                    }
                }
                Err(error) => Batch {
                    buffer,
                    read: 0,
                    chunks: 0,
                    done: Err(Failure::Read(error)),
                },
            };
            mine = self.deliver(index, batch);
        }
    }

    /// Returns a buffer, or `None` when there is nothing more to do.
    fn buffer(&self) -> Option<Buffer> {
        let mut state = self.lock();
        loop {
            if state.end.is_some() {
                return None;
            }
            if let Some(buffer) = state.free.pop() {
                return Some(buffer);
            }
            if state.made < self.buffers {
                state.made += 1;
                drop(state);
                return Some(Zeroizing::new(vec![0; self.work.buffer_len()]));
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Leaves a batch to be written, and writes what is due if nobody else does. Returns the batch's own buffer, which
    /// is hot in this core's cache, if it is free already and there is more to do.
    fn deliver(&self, index: u64, batch: Batch<W::Error>) -> Option<Buffer> {
        let mut state = self.lock();
        if state.end.is_some() {
            state.check_behind_end(&batch);
            return None;
        }
        state.waiting.insert(index, batch);
        let output = state.output.take()?;
        let mut mine = None;
        loop {
            let due = state.due;
            let Some(mut batch) = state.waiting.remove(&due) else {
                break;
            };
            drop(state);
            if let Err(error) = self.write(&batch, &mut *output) {
                batch.done = Err(error);
            }
            state = self.lock();
            state.due += 1;
            state.taken += batch.read as u64;
            let ended = batch.read < self.work.batch_len();
            match batch.done {
                Ok(()) if !ended => {}
                done => {
                    state.finish(done);
                    self.changed.notify_all();
                    return None;
                }
            }
            if due == index {
                mine = Some(batch.buffer);
            } else {
                state.free.push(batch.buffer);
                self.changed.notify_one();
            }
        }
        state.output = Some(output);
        mine
    }

    /// Writes what of a batch may be written, also of one that then fails.
    fn write(
        &self,
        batch: &Batch<W::Error>,
        output: &mut (dyn Write + Send),
    ) -> Result<(), Failure<W::Error>> {
        self.work
            .write(&batch.buffer, batch.read, batch.chunks, output)
            .map_err(Failure::Write)?;
        self.progress.advance(batch.read as u64);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State<'p, W::Error>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<E> State<'_, E> {
    /// Ends with `done`, unless there is more behind it.
    fn finish(&mut self, done: Result<(), Failure<E>>) {
        self.end = Some(done);
        for batch in std::mem::take(&mut self.waiting).into_values() {
            self.check_behind_end(&batch);
        }
    }

    /// Behind a good end there is nothing, or the file was another one when its end was read.
    fn check_behind_end(&mut self, batch: &Batch<E>) {
        if batch.read > 0 && matches!(self.end, Some(Ok(()))) {
            self.end = Some(Err(Failure::Changed));
        }
    }
}

/// Frees those who wait for a worker that panicked; the panic itself goes on when the workers are joined.
struct Leave<'l, 'p, W: Work>(&'l Pipeline<'p, W>);

impl<W: Work> Drop for Leave<'_, '_, W> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.lock().end = Some(Err(Failure::Changed));
            self.0.changed.notify_all();
        }
    }
}
