//! More links of a live share, and changes of them.

use onekey_core::keys::{Locator, ShareId};

use super::{LinkOf, LinkRow, Rows, ShareRow};
use crate::clock::UnixTime;
use crate::meta::{
    LinkChange, LinkState, MAX_LINKS, MetaError, NewLink, ShareLink, Upload, UploadState,
};

impl Rows {
    pub(super) fn add_link(&mut self, id: ShareId, link: &NewLink) -> Result<(), MetaError> {
        self.live(id)?;
        // The locator first: who repeats a request learns that the link is there, also if it was the last.
        if self.links.contains_key(&link.locator) {
            return Err(MetaError::LocatorTaken);
        }
        if self.links_of(id).count() >= MAX_LINKS {
            return Err(MetaError::TooManyLinks);
        }
        self.insert_link(id, link);
        self.live(id)?.idle_since = None;
        Ok(())
    }

    /// Adds a link behind those that its share has.
    pub(super) fn insert_link(&mut self, id: ShareId, link: &NewLink) {
        let last = self.links_of(id).map(|of| of.ordinal).max();
        let of = LinkOf {
            share: id,
            link: link.clone(),
            ordinal: last.map_or(0, |last| last + 1),
            downloads: 0,
            capped_at: None,
            last_used_at: None,
            ended: None,
        };
        self.links.insert(link.locator, LinkRow { of: Some(of) });
    }

    pub(super) fn link_share(&self, locator: Locator) -> Option<Upload> {
        let of = self.links.get(&locator)?.of.as_ref()?;
        self.shares.get(&of.share).map(|row| row.upload.clone())
    }

    pub(super) fn change_link(
        &mut self,
        locator: Locator,
        change: LinkChange,
        now: UnixTime,
    ) -> Result<ShareLink, MetaError> {
        let id = self.link_share(locator).ok_or(MetaError::NotFound)?.id;
        self.live(id)?;
        let of = self.link(locator)?;
        if of.ended.is_some() {
            return Err(MetaError::WrongState);
        }
        if let Some(max_downloads) = change.max_downloads {
            of.link.max_downloads = max_downloads;
            of.capped_at = Some(now);
        }
        if let Some(expires_at) = change.expires_at {
            of.link.expires_at = expires_at;
        }
        let described = of.described(now);
        self.live(id)?.idle_since = None;
        Ok(described)
    }

    pub(super) fn revoke_link(&mut self, locator: Locator, now: UnixTime) -> Result<(), MetaError> {
        let share = self.link_share(locator).ok_or(MetaError::NotFound)?;
        if share.state == UploadState::Completing {
            return Err(MetaError::WrongState);
        }
        let of = self.link(locator)?;
        if of.ended.is_none() {
            of.ended = Some((LinkState::Revoked, now));
        }
        self.grants.retain(|_, grant| grant.locator != locator);
        Ok(())
    }

    pub(super) fn change_share(
        &mut self,
        id: ShareId,
        expires_at: Option<UnixTime>,
    ) -> Result<(), MetaError> {
        self.live(id)?.idle_since = None;
        for of in self.links.values_mut().filter_map(|row| row.of.as_mut()) {
            if of.share == id && of.ended.is_none() {
                of.link.expires_at = expires_at;
            }
        }
        Ok(())
    }

    fn live(&mut self, id: ShareId) -> Result<&mut ShareRow, MetaError> {
        let row = self.shares.get_mut(&id).ok_or(MetaError::NotFound)?;
        match row.upload.state {
            UploadState::Live => Ok(row),
            _ => Err(MetaError::WrongState),
        }
    }

    fn link(&mut self, locator: Locator) -> Result<&mut LinkOf, MetaError> {
        let row = self.links.get_mut(&locator);
        row.and_then(|row| row.of.as_mut())
            .ok_or(MetaError::NotFound)
    }
}
