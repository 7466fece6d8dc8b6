//! Room on the disk: refused early, before a byte is read.

use crate::app::App;
use crate::error::ApiError;

/// Refuses with 507 unless `bytes` more leave the free-space floor untouched.
pub(crate) async fn require_room(app: &App, bytes: u64) -> Result<(), ApiError> {
    let Some(space) = app.blobs.space().await? else {
        return Ok(());
    };
    let floor = app.config.free_floor.bytes(space.total);
    if space.free.saturating_sub(bytes) < floor || bytes > space.free {
        return Err(ApiError::storage_full());
    }
    Ok(())
}
