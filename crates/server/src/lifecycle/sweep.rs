//! The sweep: ends what has ended. Live data is never touched; expiry itself is checked when rows are
//! read, so a late sweep costs only space.

use super::{BATCH, LifecycleError, MAX_BATCHES, delete_blobs, recover};
use crate::app::App;

/// Seconds after which an unfinished blob that no row knows is removed: longer than an upload may be idle.
pub(crate) const ORPHAN_GRACE: i64 = 25 * 60 * 60;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SweepReport {
    /// Grants that ended.
    pub grants: usize,
    /// Uploads that ended without being completed.
    pub uploads: usize,
    /// Shares that ended.
    pub shares: usize,
    /// Blobs that were deleted.
    pub blobs: usize,
    /// Rows that nobody needs any more.
    pub traces: usize,
}

/// Calls a batched verb until it has nothing left to do.
macro_rules! all_batches {
    ($app:expr, $verb:ident) => {{
        let mut total = 0;
        for _ in 0..MAX_BATCHES {
            let count = $app.meta.$verb($app.now(), BATCH).await?;
            total += count;
            if count < BATCH {
                break;
            }
        }
        total
    }};
}

/// Sweeps once: grants first, as their end frees shares, then uploads and shares, then blobs.
pub(crate) async fn sweep(app: &App) -> Result<SweepReport, LifecycleError> {
    let report = SweepReport {
        grants: all_batches!(app, sweep_grants),
        uploads: all_batches!(app, sweep_uploads),
        shares: all_batches!(app, sweep_shares),
        blobs: delete_blobs(app).await,
        traces: all_batches!(app, sweep_traces),
    };
    // A completion whose blob store failed for a moment is finished here.
    recover(app).await?;
    Ok(report)
}

/// Removes unfinished blobs that no row knows, and returns how many.
///
/// A completed blob stays, whoever knows it: every crash leaves its row, so without one the database is
/// another or an older one, and a server that was started with the wrong `--db` must not delete its shares.
pub(crate) async fn sweep_orphans(app: &App) -> Result<usize, LifecycleError> {
    let oldest = app.now() - ORPHAN_GRACE;
    let mut removed = 0;
    let mut after = None;
    loop {
        let listed = app.blobs.list(after.as_ref(), BATCH).await?;
        let Some(last) = listed.last() else { break };
        after = Some(last.blob.clone());
        let ended = listed.len() < BATCH;
        let old: Vec<_> = listed
            .into_iter()
            .filter(|blob| !blob.completed && blob.modified_at <= oldest)
            .map(|blob| blob.blob)
            .collect();
        let known = app.meta.known_blobs(&old).await?;
        for (blob, known) in old.iter().zip(known) {
            if !known {
                app.blobs.delete(blob).await?;
                removed += 1;
            }
        }
        if ended {
            break;
        }
    }
    Ok(removed)
}
