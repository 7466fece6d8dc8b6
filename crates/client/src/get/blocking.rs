//! Threads that may block, for what reads and writes files.

use std::sync::Arc;

use tokio::task::spawn_blocking;
use tokio_util::task::TaskTracker;

use super::fetch::Fetch;
use crate::error::GetError;
use crate::progress::Progress;

/// Gives all plaintext of `fetch` to `take`, with a sink that is lent to a thread that may block. When fetching ends early,
/// the sink comes back with the reason.
pub(super) async fn drain<S: Send + 'static>(
    unfinished: &TaskTracker,
    mut fetch: Fetch,
    mut sink: S,
    progress: &dyn Progress,
    take: impl Fn(&mut S, u64, &[u8]) -> Result<(), GetError> + Send + Sync + 'static,
) -> Result<(S, Option<GetError>), GetError> {
    let take = Arc::new(take);
    loop {
        let window = match fetch.next(progress).await {
            Ok(Some(window)) => window,
            Ok(None) => return Ok((sink, None)),
            Err(error) => return Ok((sink, Some(error))),
        };
        let take = Arc::clone(&take);
        let (back, window) = blocking(unfinished, move || {
            for (at, text) in window.texts() {
                take(&mut sink, at, text)?;
            }
            Ok((sink, window))
        })
        .await?;
        sink = back;
        fetch.recycle(window);
    }
}

/// Runs what reads or writes files on a thread that may block. When the caller is dropped meanwhile, the thread goes on
/// and its outcome, which may hold a file, is dropped there: until then `unfinished` is not empty.
pub(super) async fn blocking<T: Send + 'static>(
    unfinished: &TaskTracker,
    work: impl FnOnce() -> Result<T, GetError> + Send + 'static,
) -> Result<T, GetError> {
    let token = unfinished.token();
    // A tuple drops its first part first.
    let done = spawn_blocking(move || (work(), token)).await;
    done.map_or(Err(GetError::Cancelled), |(outcome, _)| outcome)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::sleep;
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::*;

    /// Takes its time to go away, as a large file does.
    struct Slow(Arc<AtomicBool>);

    impl Drop for Slow {
        fn drop(&mut self) {
            sleep(Duration::from_millis(100));
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn what_a_dropped_get_leaves_behind_is_waited_for() {
        let (unfinished, gone) = (TaskTracker::new(), Arc::new(AtomicBool::new(false)));
        let slow = Slow(Arc::clone(&gone));
        let (start, started) = oneshot::channel();
        let work = blocking(&unfinished, move || {
            start.send(()).unwrap();
            sleep(Duration::from_millis(100));
            Ok(slow)
        });
        tokio::select! {
            biased;
            _ = work => panic!("it does not end before the other begins"),
            _ = started => {}
        }
        assert!(!gone.load(Ordering::SeqCst));
        unfinished.close();
        unfinished.wait().await;
        assert!(gone.load(Ordering::SeqCst));
    }
}
