//! The thread that writes: it owns one connection and commits many requests at once.
//!
//! It drains its channel, opens one transaction, runs each request in a savepoint of its own,
//! commits, and only then answers. So one sync of the disk serves everybody who waits, a request that
//! fails undoes nothing but itself, and nobody hears of a change that could still be lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::fault::{Failure, Fault};
use crate::meta::MetaError;
use crate::meta::claims::Claims;

/// Requests that wait at most; further callers wait before they are let in.
const QUEUE: usize = 1024;

/// Requests of one transaction at most, so that the first one's wait has an end.
const BATCH: usize = 256;

/// What a request works on.
pub(super) struct Tx<'a> {
    pub(super) db: &'a Connection,
    pub(super) claims: &'a mut Claims,
}

/// The way to the thread.
pub(super) struct Writer {
    /// `None` only while it is dropped.
    queue: Option<mpsc::Sender<Box<dyn Request>>>,
    thread: Option<thread::JoinHandle<()>>,
    claimed: Arc<AtomicU64>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(db: Connection) -> Result<Self, Fault> {
        let (queue, requests) = mpsc::channel(QUEUE);
        let claimed = Arc::new(AtomicU64::new(0));
        let shown = Arc::clone(&claimed);
        let thread = thread::Builder::new()
            .name("onekey-meta".into())
            .spawn(move || serve(&db, requests, &shown))
            .map_err(|error| Fault::File(error.kind()))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            claimed,
        })
    }

    /// Runs `work` in a transaction and returns when it is committed.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, MetaError> {
        let (reply, answer) = oneshot::channel();
        let call = Call {
            work: Some(work),
            outcome: None,
            reply,
        };
        let queue = self.queue.as_ref().ok_or(Fault::WriterEnded)?;
        queue
            .send(Box::new(call))
            .await
            .map_err(|_| Fault::WriterEnded)?;
        answered(queue, answer).await?
    }

    /// Refuses once the thread has ended: a store that cannot write must not look healthy.
    pub(super) fn alive(&self) -> Result<(), Fault> {
        match &self.queue {
            Some(queue) if !queue.is_closed() => Ok(()),
            _ => Err(Fault::WriterEnded),
        }
    }

    /// Returns the bytes that claims charge beside the rows.
    pub(super) fn claimed(&self) -> u64 {
        self.claimed.load(Ordering::SeqCst)
    }
}

impl Drop for Writer {
    /// Lets the thread finish what it has taken, so that the file is closed afterwards.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }
}

/// A request whose answer's type is not known to the thread.
trait Request: Send {
    /// Does the work and keeps its outcome. Says what to undo: nothing, or this request.
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), Option<Fault>>;

    /// Answers: with the outcome, or with the fault that undid the whole transaction.
    fn answer(self: Box<Self>, fault: Option<Fault>);
}

struct Call<T, F> {
    work: Option<F>,
    outcome: Option<Result<T, MetaError>>,
    reply: oneshot::Sender<Result<T, MetaError>>,
}

impl<T: Send, F: FnOnce(&mut Tx<'_>) -> Result<T, Failure> + Send> Request for Call<T, F> {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), Option<Fault>> {
        let work = self.work.take().ok_or(None)?;
        let outcome = work(tx);
        let verdict = match &outcome {
            Ok(_) => Ok(()),
            Err(Failure::Failed(fault)) => Err(Some(*fault)),
            Err(Failure::Refused(_)) => Err(None),
        };
        self.outcome = Some(outcome.map_err(MetaError::from));
        verdict
    }

    fn answer(self: Box<Self>, fault: Option<Fault>) {
        let answer = match fault {
            None => self
                .outcome
                .unwrap_or_else(|| Err(Fault::WriterEnded.into())),
            Some(fault) => Err(fault.into()),
        };
        // A caller that went away does not want it.
        let _ = self.reply.send(answer);
    }
}

/// Returns the thread's answer, or refuses once the thread has ended without one.
///
/// A request that gets in while the thread ends can lie in the queue for good, and its reply with it:
/// so the end of the queue ends the wait too. What the thread did answer, it answered before that.
async fn answered<R, T>(
    queue: &mpsc::Sender<R>,
    mut answer: oneshot::Receiver<T>,
) -> Result<T, Fault> {
    tokio::select! {
        biased;
        answer = &mut answer => answer.map_err(|_| Fault::WriterEnded),
        () = queue.closed() => answer.try_recv().map_err(|_| Fault::WriterEnded),
    }
}

fn serve(db: &Connection, mut requests: mpsc::Receiver<Box<dyn Request>>, claimed: &AtomicU64) {
    let mut claims = Claims::default();
    while let Some(first) = requests.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            let Ok(next) = requests.try_recv() else { break };
            batch.push(next);
        }
        let fault = transact(db, &mut claims, &mut batch).err();
        if fault.is_some() {
            claims.roll_back(0);
        }
        claims.settle();
        claimed.store(claims.charged(), Ordering::SeqCst);
        for request in batch {
            request.answer(fault);
        }
        if fault.is_some_and(Fault::is_sync_failure) {
            // A second sync may succeed though the data is gone: stop writing.
            tracing::error!("the database's disk failed to sync; the meta store stops");
            return;
        }
    }
}

fn transact(
    db: &Connection,
    claims: &mut Claims,
    batch: &mut [Box<dyn Request>],
) -> Result<(), Fault> {
    execute(db, "BEGIN IMMEDIATE")?;
    let done = batch
        .iter_mut()
        .try_for_each(|request| in_savepoint(db, claims, request.as_mut()))
        .and_then(|()| execute(db, "COMMIT"));
    if done.is_err() && !db.is_autocommit() {
        execute(db, "ROLLBACK")?;
    }
    done
}

fn in_savepoint(
    db: &Connection,
    claims: &mut Claims,
    request: &mut dyn Request,
) -> Result<(), Fault> {
    let mark = claims.mark();
    execute(db, "SAVEPOINT request")?;
    if let Err(fault) = request.run(&mut Tx { db, claims }) {
        // A full disk or a failed write ends the transaction, and with it what others did.
        if db.is_autocommit() {
            return Err(fault.unwrap_or(Fault::Shape));
        }
        if let Some(fault) = fault.filter(|fault| fault.is_sync_failure()) {
            return Err(fault);
        }
        execute(db, "ROLLBACK TO request")?;
        claims.roll_back(mark);
    }
    execute(db, "RELEASE request")
}

fn execute(db: &Connection, sql: &str) -> Result<(), Fault> {
    db.prepare_cached(sql)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// No answer takes as long.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn a_request_left_in_the_queue_of_an_ended_thread_is_refused() {
        let (queue, requests) = mpsc::channel(1);
        let (reply, answer) = oneshot::channel::<()>();
        // Room taken before the end is filled after it: nobody takes the request, nobody drops it.
        let room = queue.reserve().await.expect("there is room");
        drop(requests);
        room.send(reply);
        let refused = tokio::time::timeout(PATIENCE, answered(&queue, answer)).await;
        assert!(matches!(
            refused.expect("the wait ends"),
            Err(Fault::WriterEnded)
        ));
    }

    #[tokio::test]
    async fn what_the_thread_answered_before_it_ended_is_heard() {
        let (queue, requests) = mpsc::channel::<()>(1);
        let (reply, answer) = oneshot::channel();
        reply.send(1).expect("somebody waits");
        drop(requests);
        assert!(matches!(answered(&queue, answer).await, Ok(1)));
    }
}
