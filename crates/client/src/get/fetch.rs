//! The payload in order, fetched by several requests at once.
//!
//! The range that is wanted is cut into windows. Each has a task: it asks for its range, decrypts in place as bytes arrive,
//! and after a lost connection goes on behind the last verified chunk. Windows are handed out in
//! order, so there are never more in memory than requests.

use std::collections::VecDeque;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use onekey_core::cipher::Aes256Gcm;
use onekey_core::keys::Grant;
use onekey_core::payload::{DecryptError, PayloadCipher, text_range};
use onekey_core::size::ChunkSize;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

use crate::api::Body;
use crate::client::Inner;
use crate::error::GetError;
use crate::open::OpenedShare;
use crate::progress::{Event, Progress};
use crate::retry::Attempts;

/// What a window is about: enough to amortise a request.
const WINDOW: usize = 8 << 20;

/// Decrypted at once: what fits a core's cache, and more than a hand-over costs.
const BATCH: usize = 1 << 20;

/// A range of chunks on its way.
pub(super) struct Fetch {
    source: Arc<Source>,
    /// Chunks that no window covers yet, in runs that ascend.
    rest: VecDeque<Range<u64>>,
    windows: VecDeque<AbortOnDropHandle<Result<Window, GetError>>>,
    /// Buffers of windows that were used.
    buffers: Vec<Vec<u8>>,
    events: UnboundedSender<Event>,
    heard: UnboundedReceiver<Event>,
}

/// What the tasks share.
struct Source {
    client: Arc<Inner>,
    grant: Arc<Grant>,
    cipher: Arc<PayloadCipher<Aes256Gcm>>,
    size: u64,
    workers: Semaphore,
}

/// Chunks that were verified and decrypted in place.
pub(super) struct Window {
    first: u64,
    chunk_size: ChunkSize,
    buffer: Vec<u8>,
}

impl Fetch {
    /// Prepares to fetch runs of chunks of a share, which ascend.
    pub(super) fn new(share: &OpenedShare, grant: Arc<Grant>, runs: Vec<Range<u64>>) -> Self {
        let (events, heard) = unbounded_channel();
        let workers = share.client.options.workers;
        Self {
            source: Arc::new(Source {
                client: Arc::clone(&share.client),
                grant,
                cipher: Arc::clone(&share.cipher),
                size: share.size,
                workers: Semaphore::new(workers),
            }),
            rest: runs.into(),
            windows: VecDeque::new(),
            buffers: Vec::new(),
            events,
            heard,
        }
    }

    /// Returns the next window, or `None` behind the last one.
    pub(super) async fn next(
        &mut self,
        progress: &dyn Progress,
    ) -> Result<Option<Window>, GetError> {
        self.start_windows();
        let Some(mut first) = self.windows.pop_front() else {
            return Ok(None);
        };
        let window = loop {
            tokio::select! {
                Some(event) = self.heard.recv() => event.tell(progress),
                window = &mut first => break window,
            }
        };
        while let Ok(event) = self.heard.try_recv() {
            event.tell(progress);
        }
        window.map_err(|_| GetError::Cancelled)?.map(Some)
    }

    /// Gives the buffer of a window that was used to a later one.
    pub(super) fn recycle(&mut self, window: Window) {
        self.buffers.push(window.buffer);
    }

    fn start_windows(&mut self) {
        let chunk = self.source.cipher.chunk_size().encrypted();
        let many = (WINDOW / chunk).max(1) as u64;
        while self.windows.len() < self.source.client.options.parts_in_flight {
            let Some(run) = self.rest.front_mut() else {
                break;
            };
            let end = run.end.min(run.start + many);
            let chunks = mem::replace(&mut run.start, end)..end;
            if run.is_empty() {
                self.rest.pop_front();
            }
            let buffer = self.buffers.pop().unwrap_or_default();
            let task = Arc::clone(&self.source).window(chunks, buffer, self.events.clone());
            let task = tokio::spawn(task);
            self.windows.push_back(AbortOnDropHandle::new(task));
        }
    }
}

impl Source {
    /// Fetches and decrypts one window.
    async fn window(
        self: Arc<Self>,
        chunks: Range<u64>,
        mut buffer: Vec<u8>,
        events: UnboundedSender<Event>,
    ) -> Result<Window, GetError> {
        let chunk_size = self.cipher.chunk_size();
        let place = chunk_size.place_of(&chunks, self.size);
        let len = usize::try_from(place.end - place.start).expect("a window has about 8 MiB");
        buffer.clear();
        buffer.reserve_exact(len);
        let mut window = Filling {
            source: &self,
            first: chunks.start,
            buffer,
            len,
            verified: 0,
            events: &events,
        };
        let mut attempts = Attempts::new(self.client.options.retry);
        loop {
            let before = window.verified;
            let at = place.start + before as u64;
            let api = &self.client.api;
            let error = match api.payload(&self.grant, at..place.end, self.size).await {
                Ok(body) => match window.fill(body).await {
                    Ok(()) => break,
                    Err(GetError::Api(error)) => error,
                    Err(error) => return Err(error),
                },
                Err(error) => error,
            };
            if !error.is_passing() {
                return Err(error.into());
            }
            if window.verified > before {
                attempts.progressed();
            }
            // What arrived behind the last verified chunk is asked for again.
            window.buffer.truncate(window.verified);
            let cause = error.to_string();
            let after = attempts.after(error)?;
            // Nobody listens any more only when the get is being dropped.
            let _ = events.send(Event::Retrying { after, cause });
            sleep(after).await;
        }
        Ok(Window {
            first: chunks.start,
            chunk_size,
            buffer: window.buffer,
        })
    }
}

/// A window that is being filled.
struct Filling<'f> {
    source: &'f Arc<Source>,
    first: u64,
    buffer: Vec<u8>,
    /// Bytes of the window.
    len: usize,
    /// Bytes at the front of the buffer that are decrypted: whole chunks.
    verified: usize,
    events: &'f UnboundedSender<Event>,
}

impl Filling<'_> {
    /// Reads a body to its end, decrypting on the way.
    async fn fill(&mut self, mut body: Body) -> Result<(), GetError> {
        // The body is read behind its last byte too, so that the connection can be used again.
        loop {
            let next = body.next().await;
            let Ok(Some(bytes)) = &next else {
                // Also before an error: a line that breaks often must get ahead all the same.
                self.verify().await?;
                return next.map(drop).map_err(GetError::Api);
            };
            self.buffer.extend_from_slice(bytes);
            if self.buffer.len() - self.verified >= BATCH {
                self.verify().await?;
            }
        }
    }

    /// Decrypts the whole chunks that have arrived.
    async fn verify(&mut self) -> Result<(), GetError> {
        let source = Arc::clone(self.source);
        let chunk = source.cipher.chunk_size().encrypted();
        let arrived = self.buffer.len();
        // Only the end of the window may be a chunk that is not full.
        let end = if arrived == self.len {
            arrived
        } else {
            arrived - arrived % chunk
        };
        let (from, first) = (self.verified, self.first);
        if from == end {
            return Ok(());
        }
        let mut buffer = mem::take(&mut self.buffer);
        let permit = self.source.workers.acquire().await;
        let decrypted = spawn_blocking(move || {
            let indices = first + (from / chunk) as u64..;
            for (index, chunk) in indices.zip(buffer[from..end].chunks_mut(chunk)) {
                source.cipher.decrypt_chunk(index, chunk)?;
            }
            Ok::<_, DecryptError>(buffer)
        })
        .await;
        drop(permit);
        self.buffer = decrypted
            .map_err(|_| GetError::Cancelled)?
            .map_err(|error| GetError::Damaged(error.into()))?;
        self.verified = end;
        let _ = self.events.send(Event::Advance((end - from) as u64));
        Ok(())
    }
}

impl Window {
    /// Returns the plaintext in order: where each piece stands, and the piece. An empty last chunk is an empty piece.
    pub(super) fn texts(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let chunks = self.buffer.chunks(self.chunk_size.encrypted());
        (self.first..).zip(chunks).map(|(index, chunk)| {
            let at = index * self.chunk_size.plaintext() as u64;
            (at, &chunk[text_range(chunk.len())])
        })
    }
}
