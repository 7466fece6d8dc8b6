//! One upload on the server: created, filled with parts, completed, or taken back.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use onekey_core::keys::{OwnerToken, ShareId};
use onekey_core::wire::{CreateUpload, ErrorCode, UploadCompleted, UploadStatus};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::seal::{Made, Part, SealError, Workers};
use crate::client::Inner;
use crate::error::{ApiError, PutError};
use crate::progress::{Event, Progress};
use crate::retry::{Attempts, repeat};

/// Longest wait for the server to take an upload back. What it does not hear of expires there.
const ABORT_WAIT: Duration = Duration::from_secs(5);

/// An upload that is not complete. Dropping it takes it back from the server, unless it can be continued.
pub(super) struct Upload {
    target: Arc<Target>,
    /// Whether dropping it takes it back.
    abandoned_on_drop: bool,
    /// Whether `complete` may have been sent, so that it may be a share that nobody has the link of. Else a share is the
    /// work of another put that continued the same upload, and stays.
    completes: bool,
}

/// Where parts go.
struct Target {
    client: Arc<Inner>,
    id: ShareId,
    token: OwnerToken,
}

impl Upload {
    /// Creates it on the server.
    pub(super) async fn create(
        client: &Arc<Inner>,
        token: OwnerToken,
        body: &CreateUpload,
        progress: &dyn Progress,
    ) -> Result<Self, ApiError> {
        let options = &client.options;
        // A lost answer is not asked for again: each upload reserves space until it expires.
        let created = repeat(options.retry, ApiError::had_no_effect, progress, || {
            client
                .api
                .create_upload(body, options.upload_secret.as_ref())
        })
        .await?;
        Ok(Self {
            target: Arc::new(Target {
                client: Arc::clone(client),
                id: created.id,
                token,
            }),
            abandoned_on_drop: true,
            completes: false,
        })
    }

    /// Takes up one that an earlier put created, and maybe completed.
    pub(super) fn existing(
        client: &Arc<Inner>,
        id: ShareId,
        token: OwnerToken,
        completes: bool,
    ) -> Self {
        let client = Arc::clone(client);
        Self {
            target: Arc::new(Target { client, id, token }),
            abandoned_on_drop: false,
            completes,
        }
    }

    /// From now on it stays on the server when it is dropped: its state tells how to go on.
    pub(super) const fn keep(&mut self) {
        self.abandoned_on_drop = false;
    }

    pub(super) fn id(&self) -> ShareId {
        self.target.id
    }

    /// Asks which parts are there.
    pub(super) async fn status(&self) -> Result<UploadStatus, ApiError> {
        let Target { client, id, token } = &*self.target;
        client.ask(|| client.api.upload_status(id, token)).await
    }

    /// Sends all parts of `workers`, several at once. Returns their number and their length together, those that are there
    /// included.
    pub(super) async fn send(
        &self,
        mut workers: Workers,
        progress: &dyn Progress,
    ) -> Result<(u64, u64), SealError> {
        let (events, mut heard) = unbounded_channel();
        let mut sending = FuturesUnordered::new();
        let (mut parts, mut bytes, mut more) = (0, 0, true);
        while more || !sending.is_empty() {
            tokio::select! {
                Some(event) = heard.recv() => Event::tell(event, progress),
                part = workers.next(), if more => match part.transpose()? {
                    Some(Made::There(there)) => {
                        parts += 1;
                        bytes += there.len;
                        progress.advance(there.progress);
                        workers.pass(there);
                    }
                    Some(Made::Sealed(part)) => {
                        parts += 1;
                        bytes += part.body.len() as u64;
                        let task = send_part(Arc::clone(&self.target), part, events.clone());
                        sending.push(AbortOnDropHandle::new(tokio::spawn(task)));
                    }
                    None => more = false,
                },
                Some(sent) = sending.next() => {
                    let sent = sent.map_err(|_| PutError::Cancelled)?;
                    workers.recycle(sent.map_err(PutError::from)?);
                }
            }
        }
        while let Ok(event) = heard.try_recv() {
            event.tell(progress);
        }
        Ok((parts, bytes))
    }

    /// Publishes it. `body` was printed once, so a repetition after a lost answer is the same.
    pub(super) async fn complete(
        &mut self,
        body: Bytes,
        progress: &dyn Progress,
    ) -> Result<UploadCompleted, ApiError> {
        self.completes = true;
        let Target { client, id, token } = &*self.target;
        let completed = repeat(client.options.retry, ApiError::is_passing, progress, || {
            client.api.complete(id, token, body.clone())
        })
        .await?;
        self.abandoned_on_drop = false;
        Ok(completed)
    }

    /// Takes it back, as far as the server can be reached.
    pub(super) async fn take_back(mut self) {
        self.abandoned_on_drop = false;
        take_back(&self.target, self.completes).await;
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // Without a runtime nothing can be sent any more.
        if let (true, Ok(runtime)) = (self.abandoned_on_drop, Handle::try_current()) {
            let target = Arc::clone(&self.target);
            let unfinished = &self.target.client.unfinished;
            let completes = self.completes;
            let taken = async move { take_back(&target, completes).await };
            unfinished.spawn_on(taken, &runtime);
        }
    }
}

async fn take_back(target: &Target, completes: bool) {
    let Target { client, id, token } = target;
    // Errors are no news: the caller has the one that led here.
    let _ = timeout(ABORT_WAIT, async {
        let aborted = client.api.abort(id, token).await;
        // The answer to `complete` was lost and it is a share, but nobody has its link.
        if completes && aborted.is_err_and(|error| error.code() == Some(ErrorCode::WrongState)) {
            let _ = client.api.delete_share(id, token).await;
        }
    })
    .await;
}

/// Sends one part until the server has it.
async fn send_part(
    target: Arc<Target>,
    part: Part,
    events: UnboundedSender<Event>,
) -> Result<Part, ApiError> {
    let Target { client, id, token } = &*target;
    let mut attempts = Attempts::new(client.options.retry);
    loop {
        let sent = client
            .api
            .put_part(id, token, part.number, &part.digest, part.body.clone())
            .await;
        let error = match sent {
            Ok(()) => break,
            // An earlier put sent it, and it had the same plaintext. A try of this put has the same bytes and would be
            // told so: what else is there comes from another put with a copy of the state, and may be another version.
            Err(error) if error.code() == Some(ErrorCode::PartExists) && part.repeated => break,
            Err(error) if !error.is_passing() => return Err(error),
            Err(error) => error,
        };
        let cause = error.to_string();
        let after = attempts.after(error)?;
        // Nobody listens any more only when the put is being dropped.
        let _ = events.send(Event::Retrying { after, cause });
        sleep(after).await;
    }
    let _ = events.send(Event::Advance(part.progress));
    Ok(part)
}
