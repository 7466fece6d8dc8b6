//! Stores that stop for ever at one call, as a process does that dies there.

use std::future::{Future, pending};
use std::sync::{Arc, Mutex};

use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::Notify;

use onekey_server::blobs::PartBody;

/// On which side of a call the process dies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    /// Nothing of it happened.
    Before,
    /// Half of a part's body arrived.
    Within,
    /// All of it happened, and nobody heard.
    After,
}

/// One crash point: a call that changes something, counted from the process's start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    pub(crate) call: usize,
    pub(crate) side: Side,
}

/// The calls of one process, and where it dies.
#[derive(Debug)]
pub(crate) struct Stops {
    stop: Option<Stop>,
    calls: Mutex<Vec<&'static str>>,
    died: Notify,
}

impl Stops {
    pub(crate) fn new(stop: Option<Stop>) -> Arc<Self> {
        Arc::new(Self {
            stop,
            calls: Mutex::default(),
            died: Notify::new(),
        })
    }

    /// Returns all calls, in order.
    pub(crate) fn calls(&self) -> Vec<&'static str> {
        self.calls.lock().unwrap().clone()
    }

    /// Returns when the process died.
    pub(crate) async fn died(&self) {
        self.died.notified().await;
    }

    async fn die<T>(&self) -> T {
        self.died.notify_one();
        pending().await
    }

    /// Runs a call that changes something.
    pub(crate) async fn call<T>(&self, name: &'static str, call: impl Future<Output = T>) -> T {
        let number = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(name);
            calls.len() - 1
        };
        let side = self
            .stop
            .filter(|stop| stop.call == number)
            .map(|stop| stop.side);
        if side == Some(Side::Before) {
            return self.die().await;
        }
        let done = call.await;
        match side {
            None => done,
            Some(_) => self.die().await,
        }
    }

    /// Cuts the body of the part that the process dies within.
    pub(crate) fn body(self: &Arc<Self>, body: PartBody) -> PartBody {
        let next = self.calls.lock().unwrap().len();
        let cut = |stop: &Stop| stop.call + 1 == next && stop.side == Side::Within;
        if !self.stop.as_ref().is_some_and(cut) {
            return body;
        }
        let stops = Arc::clone(self);
        let half = |piece: std::io::Result<bytes::Bytes>| {
            piece.map(|bytes| bytes.slice(..bytes.len() / 2))
        };
        let end = async move { stops.die().await }.into_stream();
        body.take(1)
            .map(half)
            .chain(end)
            .chain(stream::pending())
            .boxed()
    }
}
