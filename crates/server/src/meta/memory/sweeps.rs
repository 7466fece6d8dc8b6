//! What ends by time, and blobs that wait for something.

use onekey_core::keys::ShareId;

use super::{LinkOf, LinkRow, Rows, ShareRow};
use crate::blobs::BlobRef;
use crate::clock::UnixTime;
use crate::meta::rules::last_pepper_day_to_forget;
use crate::meta::{
    ATTEMPT_WINDOW, LINK_ATTEMPT_WINDOW, LinkState, SHARE_GRACE, TOMBSTONE_DETAIL, Unfinished,
    UploadState,
};

impl Rows {
    pub(super) fn sweep_grants(&mut self, now: UnixTime, limit: usize) -> usize {
        let ended = self.grants.iter().filter(|(_, grant)| grant.ends_at <= now);
        let ended: Vec<_> = ended.map(|(hash, _)| *hash).take(limit).collect();
        for hash in &ended {
            let Some(grant) = self.grants.remove(hash).filter(|grant| !grant.used) else {
                continue;
            };
            if let Some(LinkRow { of: Some(of) }) = self.links.get_mut(&grant.locator) {
                of.downloads = of.downloads.saturating_sub(1);
            }
        }
        ended.len()
    }

    pub(super) fn sweep_uploads(&mut self, now: UnixTime, limit: usize) -> usize {
        let ended = self.in_state(UploadState::Receiving);
        let ended = ended.filter(|row| row.upload.expires_at <= now);
        let ended: Vec<ShareId> = ended.map(|row| row.upload.id).take(limit).collect();
        for id in &ended {
            if let Some(row) = self.shares.get_mut(id) {
                row.upload.state = UploadState::Aborted;
            }
            self.claims.end_upload(*id);
        }
        self.claims.end_expired(now);
        self.claims.settle();
        ended.len()
    }

    pub(super) fn sweep_shares(&mut self, now: UnixTime, limit: usize) -> usize {
        let live: Vec<ShareId> = self
            .in_state(UploadState::Live)
            .map(|row| row.upload.id)
            .collect();
        let mut deleted = 0;
        for id in live {
            let busy = self.is_busy(id, now);
            let Some(row) = self.shares.get_mut(&id) else {
                continue;
            };
            if busy {
                row.idle_since = None;
                continue;
            }
            let since = *row.idle_since.get_or_insert(now);
            if since.saturating_add(SHARE_GRACE) <= now && deleted < limit {
                row.upload.state = UploadState::Deleting;
                row.deleted_at = Some(now);
                self.end_links(id, now);
                deleted += 1;
            }
        }
        deleted
    }

    pub(super) fn sweep_traces(&mut self, now: UnixTime, limit: usize) -> usize {
        let mut left = limit;
        let over = |since: UnixTime, window: i64| since.saturating_add(window) <= now;
        self.wrong
            .retain(|_, wrong| !spend(&mut left, over(wrong.since, ATTEMPT_WINDOW)));
        self.wrong_of_link
            .retain(|_, wrong| !spend(&mut left, over(wrong.since, LINK_ATTEMPT_WINDOW)));
        self.right
            .retain(|_, at| !spend(&mut left, over(*at, LINK_ATTEMPT_WINDOW)));
        self.peppers
            .retain(|day, _| !spend(&mut left, *day <= last_pepper_day_to_forget(now)));
        for (locator, row) in &mut self.links {
            let granted = self.grants.values().any(|grant| grant.locator == *locator);
            let forget = row
                .of
                .as_ref()
                .is_some_and(|of| !granted && over(of.ended_at(), TOMBSTONE_DETAIL));
            if spend(&mut left, forget) {
                row.of = None;
            }
        }
        let links = &self.links;
        self.shares.retain(|id, row| {
            let linked = links
                .values()
                .any(|link| link.of.as_ref().is_some_and(|of| of.share == *id));
            let gone = row.upload.state == UploadState::Gone;
            let forget =
                gone && !linked && row.deleted_at.is_some_and(|at| over(at, TOMBSTONE_DETAIL));
            !spend(&mut left, forget)
        });
        limit - left
    }

    pub(super) fn completing(&self, limit: usize) -> Vec<Unfinished> {
        self.in_state(UploadState::Completing)
            .map(ShareRow::unfinished)
            .take(limit)
            .collect()
    }

    pub(super) fn blobs_to_delete(&self, limit: usize) -> Vec<Unfinished> {
        self.in_state(UploadState::Aborted)
            .chain(self.in_state(UploadState::Deleting))
            .map(ShareRow::unfinished)
            .take(limit)
            .collect()
    }

    pub(super) fn forget_blob(&mut self, id: ShareId) {
        let Some(row) = self.shares.get_mut(&id) else {
            return;
        };
        match row.upload.state {
            UploadState::Aborted => {
                self.shares.remove(&id);
            }
            UploadState::Deleting => {
                row.upload.state = UploadState::Gone;
                row.charged = 0;
                row.parts.clear();
            }
            _ => {}
        }
    }

    pub(super) fn knows_blob(&self, blob: &BlobRef) -> bool {
        self.shares
            .values()
            .any(|row| row.upload.state != UploadState::Gone && row.upload.blob == *blob)
    }

    /// Any grant keeps its share until it is swept: an unused one may still give its download back.
    fn is_busy(&self, id: ShareId, now: UnixTime) -> bool {
        self.links_of(id).any(|of| {
            of.state(now) == LinkState::Live
                || self
                    .grants
                    .values()
                    .any(|grant| grant.locator == of.link.locator)
        })
    }

    /// Keeps why each link ended for those with a right proof.
    fn end_links(&mut self, id: ShareId, now: UnixTime) {
        for of in self.links.values_mut().filter_map(|row| row.of.as_mut()) {
            if of.share == id && of.ended.is_none() {
                of.ended = Some((of.state(now), now));
            }
        }
    }

    fn in_state(&self, state: UploadState) -> impl Iterator<Item = &ShareRow> {
        self.shares
            .values()
            .filter(move |row| row.upload.state == state)
    }
}

impl ShareRow {
    fn unfinished(&self) -> Unfinished {
        Unfinished {
            id: self.upload.id,
            blob: self.upload.blob.clone(),
            size: self.completion.as_ref().map_or(0, |fixed| fixed.size),
        }
    }
}

impl LinkOf {
    /// Returns when it first ended, or the end of time.
    fn ended_at(&self) -> UnixTime {
        let used_up = self
            .link
            .max_downloads
            .is_some_and(|max| self.downloads >= max);
        let ends = [
            self.ended.map(|(_, at)| at),
            self.link.expires_at,
            self.last_used_at.max(self.capped_at).filter(|_| used_up),
        ];
        ends.into_iter().flatten().min().unwrap_or(UnixTime::MAX)
    }
}

/// Takes one from what is left if it is `wanted` and there is any.
fn spend(left: &mut usize, wanted: bool) -> bool {
    let spent = wanted && *left > 0;
    *left -= usize::from(spent);
    spent
}
