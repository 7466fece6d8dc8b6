//! Rows as they are, for `check`.

use async_trait::async_trait;
use onekey_core::keys::ShareId;

use super::{MemoryMeta, Rows};
use crate::blobs::BlobRef;
use crate::meta::{MetaError, MetaStore, RowId, StoredLink, StoredLook, StoredRow, StoredRows};

#[async_trait]
impl StoredRows for MemoryMeta {
    async fn row_ids(&self, after: Option<&RowId>, limit: usize) -> Result<Vec<RowId>, MetaError> {
        let rows = self.rows();
        let mut ids: Vec<RowId> = rows
            .shares
            .keys()
            .map(|id| RowId(id.as_bytes().to_vec()))
            .filter(|id| after.is_none_or(|after| id > after))
            .collect();
        ids.sort_unstable();
        ids.truncate(limit);
        Ok(ids)
    }

    async fn row(&self, RowId(id): &RowId) -> Result<StoredLook, MetaError> {
        let id = <[u8; 16]>::try_from(id.as_slice()).map(ShareId::from_bytes);
        let row = id.ok().and_then(|id| self.rows().stored(id));
        Ok(row.map_or(StoredLook::Gone, |row| StoredLook::Row(Box::new(row))))
    }

    async fn stray_rows(&self) -> Result<u64, MetaError> {
        let rows = self.rows();
        let links = rows.links.values().filter_map(|link| link.of.as_ref());
        let stray = links
            .filter(|link| !rows.shares.contains_key(&link.share))
            .count();
        let of_a_tombstone = rows.grants.values().filter(|grant| {
            let link = rows.links.get(&grant.locator);
            link.is_none_or(|link| link.of.is_none())
        });
        Ok((stray + of_a_tombstone.count()) as u64)
    }

    async fn is_whole(&self) -> Result<bool, MetaError> {
        Ok(true)
    }

    async fn refers_to(&self, blobs: &[BlobRef]) -> Result<Vec<bool>, MetaError> {
        self.known_blobs(blobs).await
    }
}

impl Rows {
    fn stored(&self, id: ShareId) -> Option<StoredRow> {
        let row = self.shares.get(&id)?;
        let links = self.links.iter().filter_map(|(locator, link)| {
            let of = link.of.as_ref().filter(|of| of.share == id)?;
            let grants = self.grants.values();
            Some(StoredLink {
                max_downloads: of.link.max_downloads,
                downloads: of.downloads,
                grants: grants.filter(|grant| grant.locator == *locator).count() as u64,
                ended: of.ended.is_some(),
            })
        });
        let mut parts = row.parts.clone();
        parts.sort_unstable_by_key(|part| part.place.number);
        Some(StoredRow {
            state: row.upload.state,
            blob: row.upload.blob.clone(),
            part_size: row.upload.part_size,
            size: row.upload.size,
            charged: row.charged,
            received: row.received(),
            has_manifest: row.completion.is_some(),
            parts,
            links: links.collect(),
        })
    }
}
