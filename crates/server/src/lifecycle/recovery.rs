//! Recovery at start: what a crash left half done is finished before the first request.

use super::{BATCH, LifecycleError, MAX_BATCHES, delete_blobs, finish_complete};
use crate::app::App;
use crate::blobs::BlobError;

/// Publishes what was being completed and deletes what was being deleted.
pub(crate) async fn recover(app: &App) -> Result<(), LifecycleError> {
    let mut published = 0;
    for _ in 0..MAX_BATCHES {
        let rows = app.meta.completing(BATCH).await?;
        let found = rows.len();
        let before = published;
        for row in rows {
            match finish_complete(app, row.id, &row.blob, row.size).await {
                Ok(()) => published += 1,
                // The row promises bytes that are not there: somebody removed them. The server must still
                // start for the other shares.
                Err(LifecycleError::Blob(error @ BlobError::NotFound)) => {
                    tracing::error!(%error, "a share cannot be completed");
                }
                Err(error) => return Err(error),
            }
        }
        if found < BATCH || published == before {
            break;
        }
    }
    let deleted = delete_blobs(app).await;
    if published + deleted > 0 {
        tracing::info!(published, deleted, "recovered");
    }
    Ok(())
}
