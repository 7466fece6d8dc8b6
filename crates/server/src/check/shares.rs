//! Every row against the rules, and against its blob.

use futures_util::StreamExt;
use sha2::{Digest as _, Sha256};

use super::{BATCH, Check, CheckError, Kind, Place, Report, rules};
use crate::blobs::{BlobBody, BlobError, BlobLook, BlobRef, StoredPart};
use crate::meta::{CommittedPart, RowId, StoredLook, StoredRow, UploadState};

impl Check<'_> {
    pub(super) async fn check_shares(&self, report: &mut Report) -> Result<(), CheckError> {
        let mut after: Option<RowId> = None;
        loop {
            let ids = self.rows.row_ids(after.as_ref(), BATCH).await?;
            for id in &ids {
                self.check_share(id, report).await?;
            }
            if ids.len() < BATCH {
                return Ok(());
            }
            after = ids.into_iter().last();
        }
    }

    async fn check_share(&self, id: &RowId, report: &mut Report) -> Result<(), CheckError> {
        let look = self.rows.row(id).await?;
        count(&look, report);
        let seen = self.faults(&look, &[]).await?;
        if seen.is_empty() {
            return Ok(());
        }
        let again = self.faults(&self.rows.row(id).await?, &seen).await?;
        for kind in seen.into_iter().filter(|kind| again.contains(kind)) {
            report.add(kind, Place::Share(id.to_base64url()));
        }
        Ok(())
    }

    /// Returns what is wrong with a row. In a second look, `before` are the kinds of the first.
    async fn faults(&self, look: &StoredLook, before: &[Kind]) -> Result<Vec<Kind>, CheckError> {
        let row = match look {
            StoredLook::Gone => return Ok(Vec::new()),
            StoredLook::Row(row) => row,
            StoredLook::Unreadable => return Ok(vec![Kind::BadRow]),
        };
        let mut faults = Vec::new();
        if !rules::is_sound(row) {
            faults.push(Kind::BadRow);
        }
        let blob = self.blobs.look(&row.blob).await?;
        let blob_fault = blob_fault(row, blob);
        faults.extend(blob_fault);
        // Parts of a blob that is not there or too short would be named a second time.
        let readable = blob.is_some() && !blob_fault.is_some_and(|kind| kind == Kind::BlobShort);
        let again = before.is_empty() || before.contains(&Kind::PartDigest);
        if self.digests && readable && has_bytes(row) && again && !self.digests_fit(row).await? {
            faults.push(Kind::PartDigest);
        }
        Ok(faults)
    }

    async fn digests_fit(&self, row: &StoredRow) -> Result<bool, CheckError> {
        for part in &row.parts {
            if !self.digest_fits(&row.blob, part).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn digest_fits(&self, blob: &BlobRef, part: &CommittedPart) -> Result<bool, CheckError> {
        let stored = StoredPart {
            place: part.place,
            tag: part.tag.clone(),
        };
        match self.blobs.read_part(blob, &stored).await {
            Ok(Some(body)) => Ok(sha256(body).await == Some(part.digest.0)),
            Ok(None) => Ok(true),
            Err(BlobError::NotFound) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// Returns the digest of a body, or `None` if it cannot be read to its end.
async fn sha256(mut body: BlobBody) -> Option<[u8; 32]> {
    let mut hash = Sha256::new();
    while let Some(piece) = body.next().await {
        hash.update(&piece.ok()?);
    }
    Some(hash.finalize().into())
}

/// Returns what is wrong between a row and its blob.
fn blob_fault(row: &StoredRow, blob: Option<BlobLook>) -> Option<Kind> {
    if !has_bytes(row) {
        return None;
    }
    let Some(blob) = blob else {
        return (!row.parts.is_empty()).then_some(Kind::BlobMissing);
    };
    let live = row.state == UploadState::Live;
    if row.state == UploadState::Receiving && blob.completed {
        return Some(Kind::AlreadyCompleted);
    }
    if live && !blob.completed {
        return Some(Kind::NotCompleted);
    }
    let ends = row.parts.iter();
    let ends = ends.map(|part| part.place.offset.saturating_add(part.place.length));
    let wanted = ends.max().unwrap_or(0).max(match row.state {
        UploadState::Receiving => 0,
        _ => row.size.unwrap_or(0),
    });
    match blob.length {
        Some(length) if length < wanted => Some(Kind::BlobShort),
        // Before `complete` a try that broke off may have left a longer end, which `complete` cuts.
        Some(length) if length > wanted && blob.completed => Some(Kind::BlobLong),
        _ => None,
    }
}

/// Whether the row promises bytes.
fn has_bytes(row: &StoredRow) -> bool {
    match row.state {
        UploadState::Receiving | UploadState::Completing | UploadState::Live => true,
        UploadState::Aborted | UploadState::Deleting | UploadState::Gone => false,
    }
}

fn count(look: &StoredLook, report: &mut Report) {
    let StoredLook::Row(row) = look else { return };
    match row.state {
        UploadState::Live => report.shares += 1,
        UploadState::Receiving | UploadState::Completing => report.uploads += 1,
        UploadState::Aborted | UploadState::Deleting | UploadState::Gone => return,
    }
    report.parts += row.parts.len() as u64;
    let lengths = row.parts.iter().map(|part| part.place.length);
    report.bytes = lengths.fold(report.bytes, u64::saturating_add);
}
