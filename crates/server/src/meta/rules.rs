//! Rules that every store applies the same way: pure functions of rows and time.
//!
//! A time that is an end is the first second that is over.

use super::{
    ATTEMPT_WINDOW, Completion, LINK_ATTEMPT_WINDOW, Limits, LinkState, MetaError, PEPPER_LIFETIME,
    WRONG_PROOFS_PER_CLIENT, WRONG_PROOFS_PER_LINK,
};
use crate::clock::UnixTime;

/// Refuses a payload that is larger than one may be.
pub(super) fn admit_size(size: u64, limits: Limits) -> Result<(), MetaError> {
    match limits.max_size {
        Some(max) if size > max => Err(MetaError::TooLarge),
        _ => Ok(()),
    }
}

/// Refuses `more` bytes beside the `charged` ones.
pub(super) fn admit_total(charged: u64, more: u64, limits: Limits) -> Result<(), MetaError> {
    match limits.max_total {
        Some(max) if charged.saturating_add(more) > max => Err(MetaError::TotalExceeded),
        _ => Ok(()),
    }
}

/// Refuses a completion unless `parts` (number and length, ascending) are all of the payload.
pub(super) fn admit_parts(
    parts: &[(u32, u64)],
    part_size: u64,
    announced: Option<u64>,
    completion: &Completion,
) -> Result<(), MetaError> {
    let in_order = (0..).zip(parts).all(|(want, (number, _))| want == *number);
    let full = parts
        .iter()
        .rev()
        .skip(1)
        .all(|(_, length)| *length == part_size);
    let last_fits = parts.last().is_some_and(|(_, length)| *length <= part_size);
    let sum = parts
        .iter()
        .try_fold(0_u64, |sum, (_, length)| sum.checked_add(*length));
    let as_announced = announced.is_none_or(|size| size == completion.size);
    if in_order && full && last_fits && sum == Some(completion.size) && as_announced {
        Ok(())
    } else {
        Err(MetaError::PartsMissing)
    }
}

/// What decides about a link's state.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinkFacts {
    /// Why it ended for good, if it did.
    pub(super) ended: Option<LinkState>,
    pub(super) expires_at: Option<UnixTime>,
    pub(super) max_downloads: Option<u64>,
    pub(super) downloads: u64,
}

impl LinkFacts {
    /// Returns the state of a link whose share is live or was.
    pub(super) fn state(&self, now: UnixTime) -> LinkState {
        if let Some(ended) = self.ended {
            return ended;
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            return LinkState::Expired;
        }
        if self.max_downloads.is_some_and(|max| self.downloads >= max) {
            return LinkState::UsedUp;
        }
        LinkState::Live
    }
}

/// Returns the latest of the links' ends, or `None` if one never ends.
pub(super) fn latest_end(ends: impl IntoIterator<Item = Option<UnixTime>>) -> Option<UnixTime> {
    ends.into_iter()
        .try_fold(UnixTime::MIN, |latest, end| Some(latest.max(end?)))
}

/// Wrong proofs since the first one of a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrong {
    pub(super) count: u32,
    pub(super) since: UnixTime,
}

impl Wrong {
    /// Returns the counter after one more wrong proof.
    pub(super) fn one_more(counter: Option<Self>, window: i64, now: UnixTime) -> Self {
        match counter {
            Some(counter) if counter.remaining(window, now) > 0 => Self {
                count: counter.count.saturating_add(1),
                ..counter
            },
            _ => Self {
                count: 1,
                since: now,
            },
        }
    }

    /// Returns the seconds left of the window, 0 if it is over. A clock that was set back does
    /// not make it longer.
    fn remaining(&self, window: i64, now: UnixTime) -> i64 {
        self.since
            .saturating_add(window)
            .saturating_sub(now)
            .clamp(0, window)
    }
}

/// What was counted for a client and a link before a proof is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempts {
    pub(super) of_client: Option<Wrong>,
    /// Of all clients, for a link with a password.
    pub(super) of_link: Option<Wrong>,
    /// When this client last gave a right proof, for a link with a password.
    pub(super) right_at: Option<UnixTime>,
}

impl Attempts {
    /// Returns how many seconds the client has to wait, or `None` if it may try.
    pub(super) fn retry_after(&self, now: UnixTime) -> Option<u32> {
        let exempt = self
            .right_at
            .is_some_and(|at| now < at.saturating_add(LINK_ATTEMPT_WINDOW));
        let wait = |wrong: Option<Wrong>, limit: u32, window: i64| {
            wrong
                .filter(|wrong| wrong.count >= limit)
                .map_or(0, |wrong| wrong.remaining(window, now))
        };
        let client = wait(self.of_client, WRONG_PROOFS_PER_CLIENT, ATTEMPT_WINDOW);
        let link = if exempt {
            0
        } else {
            wait(self.of_link, WRONG_PROOFS_PER_LINK, LINK_ATTEMPT_WINDOW)
        };
        match client.max(link) {
            0 => None,
            seconds => Some(u32::try_from(seconds).unwrap_or(u32::MAX)),
        }
    }
}

/// Returns the last day whose pepper is over: [`PEPPER_LIFETIME`] counts from the start of its day.
pub(super) fn last_pepper_day_to_forget(now: UnixTime) -> i64 {
    now.saturating_sub(PEPPER_LIFETIME).div_euclid(DAY)
}

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;
