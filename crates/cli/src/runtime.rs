//! The async runtime, and what ends a command early: Ctrl-C and SIGTERM.

use std::future::Future;

use tokio::signal::unix::{SignalKind, signal};

use crate::message::Failure;

/// Runs what waits for the network.
#[derive(Debug)]
pub(crate) struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    /// Starts it.
    pub(crate) fn start() -> Result<Self, Failure> {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map(|runtime| Self(Some(runtime)))
            .map_err(|error| Failure::io("cannot start worker threads", &error))
    }

    /// Waits for something short. Ctrl-C ends the process as it ends any other: a prompt that
    /// follows relies on that.
    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.inner().block_on(future)
    }

    /// Waits for something that leaves traces. Ctrl-C drops it, which removes them.
    ///
    /// # Errors
    /// [`Failure::interrupted`].
    pub(crate) fn wait_or_interrupt<T>(
        &self,
        future: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        self.inner().block_on(async {
            tokio::select! {
                // First, so that the signal is caught before anything leaves a trace.
                biased;
                () = signalled() => Err(Failure::interrupted()),
                done = future => Ok(done),
            }
        })
    }

    /// Waits for something that may block on standard output, where no future can be dropped. It
    /// leaves no traces, so Ctrl-C ends the process on the spot.
    pub(crate) fn wait_or_exit<T>(&self, future: impl Future<Output = T>) -> T {
        self.inner().spawn(async {
            signalled().await;
            let exit = Failure::interrupted()
                .hint("what was written is not the whole file; run the command again")
                .print();
            std::process::exit(exit as i32);
        });
        self.inner().block_on(future)
    }

    fn inner(&self) -> &tokio::runtime::Runtime {
        self.0.as_ref().expect("it is taken on drop only")
    }
}

/// Ends at Ctrl-C or SIGTERM. Not at SIGHUP: a handler for it would undo `nohup`.
async fn signalled() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => terminate.recv().await,
            // Without a handler the signal ends the process, as it ends any other.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // A thread may hang in a read from a pipe that nobody will ever write to.
            runtime.shutdown_background();
        }
    }
}
