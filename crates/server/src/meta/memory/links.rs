//! Links, proofs and grants.

use onekey_core::keys::{Locator, Proof, ShareId};

use super::{GrantRow, LinkOf, LinkRow, Rows, ShareRow};
use crate::clock::UnixTime;
use crate::meta::rules::{Attempts, LinkFacts, Wrong, latest_end};
use crate::meta::{
    ATTEMPT_WINDOW, ClientKey, DirectLink, GrantHash, Granted, GrantedPayload, LINK_ATTEMPT_WINDOW,
    LinkState, LinkSummary, MAX_DIRECT_MANIFEST, MetaError, NewGrant, Opened, ProofCheck, Share,
    ShareLink, UNUSED_GRANT_LIFETIME, UploadState,
};

impl LinkOf {
    pub(super) fn state(&self, now: UnixTime) -> LinkState {
        LinkFacts {
            ended: self.ended.map(|(why, _)| why),
            expires_at: self.link.expires_at,
            max_downloads: self.link.max_downloads,
            downloads: self.downloads,
        }
        .state(now)
    }

    pub(super) fn described(&self, now: UnixTime) -> ShareLink {
        ShareLink {
            locator: self.link.locator,
            label: self.link.label.clone(),
            password: self.link.password,
            direct: self.link.direct,
            max_downloads: self.link.max_downloads,
            downloads: self.downloads,
            expires_at: self.link.expires_at,
            state: self.state(now),
            last_used_at: self.last_used_at,
        }
    }

    fn downloads_left(&self) -> Option<u64> {
        let max = self.link.max_downloads?;
        Some(max.saturating_sub(self.downloads))
    }
}

impl Rows {
    pub(super) fn link_state(&self, locator: Locator, now: UnixTime) -> Option<LinkSummary> {
        let Some(of) = &self.links.get(&locator)?.of else {
            return Some(LinkSummary {
                state: LinkState::Revoked,
                password: false,
            });
        };
        self.published(of).then(|| LinkSummary {
            state: of.state(now),
            password: of.link.password,
        })
    }

    pub(super) fn check_proof(
        &mut self,
        locator: Locator,
        proof: &Proof,
        client: ClientKey,
        now: UnixTime,
    ) -> ProofCheck {
        let link = self.links.get(&locator).and_then(|row| row.of.as_ref());
        let Some(of) = link.filter(|of| self.published(of)) else {
            return ProofCheck::Unknown;
        };
        let password = of.link.password;
        let pair = (locator, client);
        let attempts = Attempts {
            of_client: self.wrong.get(&pair).copied(),
            of_link: self.wrong_of_link.get(&locator).copied(),
            right_at: self.right.get(&pair).copied(),
        };
        if let Some(retry_after) = attempts.retry_after(now) {
            return ProofCheck::Limited { retry_after };
        }
        let state = of.state(now);
        if of.link.verifier.accepts(proof) {
            if password {
                self.right.insert(pair, now);
            }
            return ProofCheck::Right(state);
        }
        let wrong = Wrong::one_more(attempts.of_client, ATTEMPT_WINDOW, now);
        self.wrong.insert(pair, wrong);
        if password {
            let wrong = Wrong::one_more(attempts.of_link, LINK_ATTEMPT_WINDOW, now);
            self.wrong_of_link.insert(locator, wrong);
        }
        ProofCheck::Wrong(state)
    }

    pub(super) fn open(&self, locator: Locator, now: UnixTime) -> Option<Opened> {
        let of = self.links.get(&locator)?.of.as_ref()?;
        let (_, opened) = self.opened(of)?;
        (of.state(now) == LinkState::Live).then_some(opened)
    }

    pub(super) fn open_direct(
        &self,
        locator: Locator,
        proof: &Proof,
        now: UnixTime,
    ) -> Option<DirectLink> {
        let of = self.links.get(&locator)?.of.as_ref()?;
        let link = &of.link;
        let (row, opened) = self.opened(of)?;
        let may = link.direct
            && !link.password
            && of.ended.is_none()
            && opened.manifest.len() <= MAX_DIRECT_MANIFEST
            && link.verifier.accepts(proof);
        may.then(|| DirectLink {
            share: of.share,
            state: of.state(now),
            blob: row.upload.blob.clone(),
            opened,
        })
    }

    fn opened(&self, of: &LinkOf) -> Option<(&ShareRow, Opened)> {
        let row = self.live_share(of)?;
        let completion = row.completion.as_ref()?;
        let opened = Opened {
            header: row.upload.header,
            envelope: of.link.envelope,
            manifest: completion.manifest.clone(),
            size: completion.size,
            expires_at: of.link.expires_at,
            downloads_left: of.downloads_left(),
        };
        Some((row, opened))
    }

    pub(super) fn grant(&mut self, locator: Locator, grant: NewGrant, now: UnixTime) -> Granted {
        match self.link_state(locator, now).map(|link| link.state) {
            None => return Granted::Unknown,
            Some(LinkState::Live) => {}
            Some(state) => return Granted::Gone(state),
        }
        let link = self.links.get_mut(&locator);
        let Some(LinkRow { of: Some(of) }) = link else {
            return Granted::Unknown;
        };
        of.downloads += 1;
        of.last_used_at = Some(now);
        let downloads_left = of.downloads_left();
        let row = GrantRow {
            locator,
            used: false,
            expires_at: grant.expires_at,
            ends_at: grant
                .expires_at
                .min(now.saturating_add(UNUSED_GRANT_LIFETIME)),
        };
        self.grants.insert(grant.hash, row);
        Granted::Yes { downloads_left }
    }

    pub(super) fn use_grant(&mut self, hash: GrantHash, now: UnixTime) -> Option<GrantedPayload> {
        let payload = self.peek_grant(hash, now)?;
        let grant = self.grants.get_mut(&hash)?;
        grant.used = true;
        grant.ends_at = grant.expires_at;
        Some(payload)
    }

    pub(super) fn peek_grant(&self, hash: GrantHash, now: UnixTime) -> Option<GrantedPayload> {
        let grant = self.grants.get(&hash).filter(|grant| now < grant.ends_at)?;
        let of = self.links.get(&grant.locator)?.of.as_ref()?;
        let row = self.live_share(of)?;
        of.ended.is_none().then(|| GrantedPayload {
            locator: grant.locator,
            blob: row.upload.blob.clone(),
            size: row.upload.size.unwrap_or(0),
        })
    }

    pub(super) fn share(&self, id: ShareId, now: UnixTime) -> Option<Share> {
        let row = self.shares.get(&id)?;
        if row.upload.state != UploadState::Live {
            return None;
        }
        let mut of_share: Vec<&LinkOf> = self.links_of(id).collect();
        of_share.sort_by_key(|of| of.ordinal);
        let links: Vec<ShareLink> = of_share.iter().map(|of| of.described(now)).collect();
        Some(Share {
            header: row.upload.header,
            owner_envelope: row.owner_envelope,
            size: row.upload.size?,
            manifest_size: row.completion.as_ref()?.manifest.len() as u64,
            created_at: row.upload.created_at,
            expires_at: latest_end(links.iter().map(|link| link.expires_at)),
            links,
        })
    }

    pub(super) fn delete_share(&mut self, id: ShareId, now: UnixTime) -> Result<(), MetaError> {
        let row = self.shares.get_mut(&id).ok_or(MetaError::NotFound)?;
        match row.upload.state {
            UploadState::Live => {}
            UploadState::Deleting | UploadState::Gone => return Ok(()),
            _ => return Err(MetaError::WrongState),
        }
        row.upload.state = UploadState::Deleting;
        row.deleted_at = Some(now);
        for of in self.links.values_mut().filter_map(|row| row.of.as_mut()) {
            if of.share == id && of.ended.is_none() {
                of.ended = Some((LinkState::Revoked, now));
            }
        }
        let links = &self.links;
        self.grants.retain(|_, grant| {
            let of = links.get(&grant.locator).and_then(|row| row.of.as_ref());
            of.is_some_and(|of| of.share != id)
        });
        Ok(())
    }

    pub(super) fn links_of(&self, id: ShareId) -> impl Iterator<Item = &LinkOf> {
        self.links
            .values()
            .filter_map(|row| row.of.as_ref())
            .filter(move |of| of.share == id)
    }

    fn published(&self, of: &LinkOf) -> bool {
        self.shares
            .get(&of.share)
            .is_some_and(|row| row.upload.state != UploadState::Completing)
    }

    fn live_share(&self, of: &LinkOf) -> Option<&ShareRow> {
        self.shares
            .get(&of.share)
            .filter(|row| row.upload.state == UploadState::Live)
    }
}
