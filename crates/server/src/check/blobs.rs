//! Every blob against the rows.

use super::{BATCH, Check, CheckError, Kind, Place, Report};
use crate::blobs::{BlobRef, ListedBlob};
use crate::lifecycle::ORPHAN_GRACE;

impl Check<'_> {
    pub(super) async fn check_blobs(&self, report: &mut Report) -> Result<(), CheckError> {
        let mut after: Option<BlobRef> = None;
        loop {
            let listed = self.blobs.list(after.as_ref(), BATCH).await?;
            let blobs: Vec<BlobRef> = listed.iter().map(|blob| blob.blob.clone()).collect();
            let known = self.rows.refers_to(&blobs).await?;
            for (blob, _) in listed.iter().zip(known).filter(|(_, known)| !known) {
                self.check_stray(blob, report).await?;
            }
            if listed.len() < BATCH {
                return Ok(());
            }
            after = blobs.into_iter().last();
        }
    }

    /// A blob whose row was not there: it may have come since, and the blob may be gone.
    async fn check_stray(&self, blob: &ListedBlob, report: &mut Report) -> Result<(), CheckError> {
        let known = self
            .rows
            .refers_to(std::slice::from_ref(&blob.blob))
            .await?;
        if known == [true] || self.blobs.look(&blob.blob).await?.is_none() {
            return Ok(());
        }
        let place = Place::Blob(blob.blob.as_str().to_owned());
        if blob.completed {
            report.add(Kind::Leftover, place);
        } else if blob.modified_at > self.now.saturating_sub(ORPHAN_GRACE) {
            report.note(Kind::Orphan, place);
        } else {
            report.add(Kind::Orphan, place);
        }
        Ok(())
    }
}
