//! What happens to a share between the stores: finish, delete, recover, sweep. Each step may be cut
//! anywhere and is done again from the rows.

mod recovery;
mod sweep;

use onekey_core::keys::ShareId;

use crate::app::App;
use crate::blobs::{BlobError, BlobLayout, BlobRef, StoredPart};
use crate::error::ApiError;
use crate::meta::{MetaError, NewUpload, Unfinished};

pub(crate) use recovery::recover;
pub(crate) use sweep::ORPHAN_GRACE;
pub use sweep::SweepReport;
pub(crate) use sweep::{sweep, sweep_orphans};

/// Rows or blobs that one step takes at once.
const BATCH: usize = 100;

/// Batches of one kind that one sweep does; what is left waits for the next.
const MAX_BATCHES: usize = 1_000;

/// Why a step between the stores failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LifecycleError {
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Meta(#[from] MetaError),
}

impl From<LifecycleError> for ApiError {
    fn from(error: LifecycleError) -> Self {
        match error {
            LifecycleError::Blob(error) => error.into(),
            LifecycleError::Meta(error) => error.into(),
        }
    }
}

/// Seconds after which an upload ends however busy it is.
pub(crate) const MAX_UPLOAD_LIFETIME: i64 = 7 * 24 * 60 * 60;

/// `→ receiving`: the blob first, then the row that `upload` makes of it.
pub(crate) async fn begin_upload(
    app: &App,
    layout: BlobLayout,
    upload: impl FnOnce(BlobRef) -> NewUpload,
) -> Result<NewUpload, LifecycleError> {
    let upload = upload(app.blobs.create(layout).await?);
    if let Err(error) = app.meta.create_upload(&upload, app.config.limits).await {
        // Without a row nothing refers to the blob; if this fails too, the orphan sweep finds it.
        let _ = app.blobs.delete(&upload.blob).await;
        return Err(error.into());
    }
    Ok(upload)
}

/// `completing → live`: the blob first, then the row. Done again after a crash it changes nothing.
pub(crate) async fn finish_complete(
    app: &App,
    id: ShareId,
    blob: &BlobRef,
    size: u64,
) -> Result<(), LifecycleError> {
    let parts: Vec<StoredPart> = app
        .meta
        .parts(id)
        .await?
        .into_iter()
        .map(|part| StoredPart {
            place: part.place,
            tag: part.tag,
        })
        .collect();
    app.blobs.complete(blob, &parts, size).await?;
    Ok(app.meta.publish(id, app.now()).await?)
}

/// Deletes the blobs of deleted and aborted rows: the blob first, then the row. Returns how many; what
/// fails is logged and tried again by the next sweep.
pub(crate) async fn delete_blobs(app: &App) -> usize {
    let mut deleted = 0;
    for _ in 0..MAX_BATCHES {
        let rows = match app.meta.blobs_to_delete(BATCH).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(%error, "the blobs to delete could not be listed");
                break;
            }
        };
        let before = deleted;
        for row in &rows {
            match delete_blob(app, row).await {
                Ok(()) => deleted += 1,
                Err(error) => {
                    tracing::warn!(%error, "a blob was not deleted; the next sweep tries again");
                }
            }
        }
        if rows.len() < BATCH || deleted == before {
            break;
        }
    }
    deleted
}

async fn delete_blob(app: &App, row: &Unfinished) -> Result<(), LifecycleError> {
    app.blobs.delete(&row.blob).await?;
    Ok(app.meta.forget_blob(row.id).await?)
}
