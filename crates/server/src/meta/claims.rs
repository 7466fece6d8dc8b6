//! Part claims of one process, and the bytes that they charge.
//!
//! There is an entry for a claim that was given and not yet ended, never for one that was asked about,
//! so the map cannot grow by asking (mistake T8).

use std::collections::BTreeMap;

use onekey_core::keys::ShareId;

use super::{Claimed, Limits, MetaError, PartClaim, WriterId, rules};
use crate::clock::UnixTime;

type Key = (ShareId, u32);

/// A claim that was given.
#[derive(Clone, Copy, Debug)]
struct Held {
    writer: WriterId,
    until: UnixTime,
    /// What it charges: the part's length for an upload of unknown size, else nothing.
    charged: u64,
}

/// What a claim needs to know of its upload.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// The announced length of the payload.
    pub(super) size: Option<u64>,
    /// Bytes of the recorded parts.
    pub(super) received: u64,
    /// Bytes charged to all rows, claims not counted.
    pub(super) total: u64,
}

/// All claims, with a journal so that a failed transaction leaves them as they were.
#[derive(Debug, Default)]
pub(super) struct Claims {
    held: BTreeMap<Key, Held>,
    charged: u64,
    undo: Vec<(Key, Option<Held>)>,
}

impl Claims {
    /// Gives or renews a claim on a part that is not recorded yet.
    pub(super) fn claim(
        &mut self,
        id: ShareId,
        claim: &PartClaim,
        room: Room,
        limits: Limits,
        now: UnixTime,
    ) -> Result<Claimed, MetaError> {
        let key = (id, claim.place.number);
        let before = self.held.get(&key).copied();
        if before.is_some_and(|held| held.writer != claim.writer && now < held.until) {
            return Ok(Claimed::Busy);
        }
        let charged = match room.size {
            Some(size) => {
                let end = claim.place.offset.checked_add(claim.place.length);
                if end.is_none_or(|end| end > size) {
                    return Err(MetaError::TooLarge);
                }
                0
            }
            None => {
                let freed = before.map_or(0, |held| held.charged);
                let length = claim.place.length;
                let payload = room.received.saturating_add(self.charged_to(id)) - freed;
                rules::admit_size(payload.saturating_add(length), limits)?;
                let total = room.total.saturating_add(self.charged) - freed;
                rules::admit_total(total, length, limits)?;
                length
            }
        };
        self.put(
            key,
            Some(Held {
                writer: claim.writer,
                until: claim.until,
                charged,
            }),
        );
        Ok(Claimed::Yes)
    }

    /// Ends the claim on a part and tells whether it was `writer`'s; else it is left alone.
    ///
    /// One whose time ended is still its writer's until another takes it or the sweeper removes it:
    /// a slow disk alone then loses no part.
    pub(super) fn end(&mut self, id: ShareId, number: u32, writer: WriterId) -> bool {
        let key = (id, number);
        let own = self
            .held
            .get(&key)
            .is_some_and(|held| held.writer == writer);
        if own {
            self.put(key, None);
        }
        own
    }

    /// Ends all claims of an upload that takes no more parts.
    pub(super) fn end_upload(&mut self, id: ShareId) {
        let keys: Vec<Key> = self.of_upload(id).map(|(key, _)| *key).collect();
        for key in keys {
            self.put(key, None);
        }
    }

    /// Ends the claims whose time ended: their writers are gone.
    pub(super) fn end_expired(&mut self, now: UnixTime) {
        let keys: Vec<Key> = self
            .held
            .iter()
            .filter(|(_, held)| held.until <= now)
            .map(|(key, _)| *key)
            .collect();
        for key in keys {
            self.put(key, None);
        }
    }

    /// Returns the bytes that all claims charge.
    pub(super) fn charged(&self) -> u64 {
        self.charged
    }

    /// Returns a mark for [`Self::roll_back`].
    pub(super) fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Undoes what changed since `mark`.
    pub(super) fn roll_back(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some((key, before)) = self.undo.pop() {
                self.replace(key, before);
            }
        }
    }

    /// Keeps what changed.
    pub(super) fn settle(&mut self) {
        self.undo.clear();
    }

    fn charged_to(&self, id: ShareId) -> u64 {
        self.of_upload(id).map(|(_, held)| held.charged).sum()
    }

    fn of_upload(&self, id: ShareId) -> impl Iterator<Item = (&Key, &Held)> {
        self.held.range((id, 0)..=(id, u32::MAX))
    }

    fn put(&mut self, key: Key, held: Option<Held>) {
        let before = self.replace(key, held);
        self.undo.push((key, before));
    }

    fn replace(&mut self, key: Key, held: Option<Held>) -> Option<Held> {
        let before = match held {
            Some(held) => self.held.insert(key, held),
            None => self.held.remove(&key),
        };
        let freed = before.map_or(0, |held| held.charged);
        let charged = held.map_or(0, |held| held.charged);
        self.charged = self.charged.saturating_add(charged) - freed;
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blobs::PartPlace;

    const ROOM: Room = Room {
        size: None,
        received: 0,
        total: 0,
    };

    fn wish(number: u32, writer: u8, until: UnixTime) -> PartClaim {
        PartClaim {
            place: PartPlace {
                number,
                offset: u64::from(number) * 10,
                length: 10,
            },
            digest: None,
            writer: WriterId([writer; 16]),
            until,
        }
    }

    #[test]
    fn t8_only_given_claims_take_memory() {
        let mut claims = Claims::default();
        let limits = Limits {
            max_size: Some(9),
            max_total: None,
        };
        for id in 0..10_000_u128 {
            let id = ShareId::from_bytes(id.to_be_bytes());
            assert!(claims.claim(id, &wish(0, 1, 50), ROOM, limits, 0).is_err());
            assert!(!claims.end(id, 0, WriterId([1; 16])));
            claims.end_upload(id);
        }
        assert!(claims.held.is_empty() && claims.undo.is_empty());
    }

    #[test]
    fn roll_back_restores_claims_and_bytes() {
        let mut claims = Claims::default();
        let id = ShareId::from_bytes([7; 16]);
        let none = Limits::default();
        claims
            .claim(id, &wish(0, 1, 50), ROOM, none, 0)
            .expect("nothing limits it");
        claims.settle();
        let mark = claims.mark();
        claims
            .claim(id, &wish(1, 2, 50), ROOM, none, 0)
            .expect("nothing limits it");
        assert!(claims.end(id, 0, WriterId([1; 16])));
        claims.end_expired(60);
        assert_eq!(claims.charged(), 0);
        claims.roll_back(mark);
        assert_eq!(claims.charged(), 10);
        assert!(claims.end(id, 0, WriterId([1; 16])));
    }
}
