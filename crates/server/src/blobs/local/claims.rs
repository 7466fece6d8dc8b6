//! Which parts are being written, so that a write that outlives its caller meets no later one.
//!
//! A blocking write cannot be cancelled. When a connection breaks, `put_part`'s future is dropped while
//! up to one buffer is still on its way to the disk; if the client's second try were faster, those
//! old bytes would land in a part that was acknowledged, or in a blob that was published. So the write
//! itself holds the claim, not only the future.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::blobs::name::BlobName;

/// The claims of a store. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Claims(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// A part by its number, or `None` for the whole blob.
    taken: Mutex<BTreeSet<(BlobName, Option<u32>)>>,
    freed: Notify,
}

impl Claims {
    /// Waits until nobody writes that part and nobody completes that blob, then claims the part.
    ///
    /// Callers have one writer a part, so what is waited for is at most one buffer's write.
    pub(super) async fn part(&self, name: BlobName, number: u32) -> Claim {
        self.claim(name, Some(number)).await
    }

    /// Waits until nobody writes to that blob, then claims all of it.
    pub(super) async fn whole(&self, name: BlobName) -> Claim {
        self.claim(name, None).await
    }

    async fn claim(&self, name: BlobName, part: Option<u32>) -> Claim {
        loop {
            // Made before the look, so that no claim can end unnoticed in between.
            let freed = self.0.freed.notified();
            if self.0.take(name, part) {
                return Claim {
                    claims: Arc::clone(&self.0),
                    key: (name, part),
                };
            }
            freed.await;
        }
    }
}

impl Inner {
    fn take(&self, name: BlobName, part: Option<u32>) -> bool {
        let mut taken = self.lock();
        let busy = match part {
            Some(_) => taken.contains(&(name, None)) || taken.contains(&(name, part)),
            None => taken
                .range((name, None)..=(name, Some(u32::MAX)))
                .next()
                .is_some(),
        };
        if !busy {
            taken.insert((name, part));
        }
        !busy
    }

    /// A panic elsewhere cannot leave the set half changed.
    fn lock(&self) -> MutexGuard<'_, BTreeSet<(BlobName, Option<u32>)>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to write; ends when dropped.
#[derive(Debug)]
pub(super) struct Claim {
    claims: Arc<Inner>,
    key: (BlobName, Option<u32>),
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claims.lock().remove(&self.key);
        self.claims.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_part_waits_for_the_write_before_it() {
        let claims = Claims::default();
        let name = BlobName::random();
        let first = claims.part(name, 3).await;
        let mut second = Box::pin(claims.part(name, 3));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(claims.part(name, 4).now_or_never().is_some());
        assert!(claims.part(BlobName::random(), 3).now_or_never().is_some());
        drop(first);
        assert!(second.as_mut().now_or_never().is_some());
    }

    #[tokio::test]
    async fn complete_waits_for_every_part_and_keeps_new_ones_out() {
        let claims = Claims::default();
        let name = BlobName::random();
        let zero = claims.part(name, 0).await;
        let last = claims.part(name, u32::MAX).await;
        let mut whole = Box::pin(claims.whole(name));
        assert!(whole.as_mut().now_or_never().is_none());
        drop(zero);
        assert!(whole.as_mut().now_or_never().is_none());
        drop(last);
        let whole = whole.as_mut().now_or_never().expect("nobody writes");
        assert!(claims.part(name, 7).now_or_never().is_none());
        assert!(claims.whole(name).now_or_never().is_none());
        drop(whole);
        assert!(claims.part(name, 7).now_or_never().is_some());
    }
}
