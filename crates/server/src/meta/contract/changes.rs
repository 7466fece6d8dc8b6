//! Changes of links: caps, ends, and revocation.

use onekey_core::keys::{Locator, ShareId};

use super::attempts::check;
use super::fixture::{MANY, NOW, capped, client, grant, granted, link, live, refused, state, used};
use super::links::link_state;
use crate::clock::UnixTime;
use crate::meta::UploadState::{Deleting, Live};
use crate::meta::{
    Granted, LinkChange, LinkState, MetaStore, ProofCheck, SHARE_GRACE, Share, ShareLink,
    TOMBSTONE_DETAIL, UNUSED_GRANT_LIFETIME,
};

fn cap(max_downloads: Option<u64>) -> LinkChange {
    LinkChange {
        max_downloads: Some(max_downloads),
        expires_at: None,
    }
}

fn end(expires_at: Option<UnixTime>) -> LinkChange {
    LinkChange {
        max_downloads: None,
        expires_at: Some(expires_at),
    }
}

async fn changed(
    store: &dyn MetaStore,
    locator: Locator,
    change: LinkChange,
    now: UnixTime,
) -> ShareLink {
    let changed = store.change_link(locator, change, now).await;
    changed.expect("the link may be changed")
}

pub(super) async fn share(store: &dyn MetaStore, id: ShareId, now: UnixTime) -> Share {
    let share = store.share(id, now).await.expect("the store works");
    share.expect("the share is live")
}

async fn sweep(store: &dyn MetaStore, now: UnixTime) {
    let swept = store.sweep_grants(now, MANY).await;
    swept.expect("the store works");
    let swept = store.sweep_shares(now, MANY).await;
    swept.expect("the store works");
}

/// A cap is the new total: below what was taken the link is used up, above it the link lives again.
pub async fn cap_is_changed(store: &dyn MetaStore) {
    let link = capped(2, Some(NOW + 100));
    let id = live(store, &link).await;
    let at = link.locator;
    let taken = granted(store, at, NOW).await;
    granted(store, at, NOW).await;
    for (max, left, state) in [
        (Some(3), Some(1), LinkState::Live),
        (Some(1), Some(0), LinkState::UsedUp),
        (Some(2), Some(0), LinkState::UsedUp),
        (None, None, LinkState::Live),
    ] {
        let seen = changed(store, at, cap(max), NOW).await;
        assert_eq!((seen.max_downloads, seen.downloads_left()), (max, left));
        assert_eq!((seen.state, seen.downloads), (state, 2));
        assert_eq!(seen.expires_at, Some(NOW + 100));
        assert_eq!(link_state(store, at, NOW).await, state);
        let listed = &share(store, id, NOW).await.links[0];
        assert_eq!((listed.max_downloads, listed.state), (max, state));
        let asked = grant(store, at, NOW + 200).await.1;
        assert_eq!(asked, Granted::Gone(LinkState::Expired));
    }
    changed(store, at, cap(Some(1)), NOW).await;
    let asked = grant(store, at, NOW).await.1;
    assert_eq!(asked, Granted::Gone(LinkState::UsedUp));
    // What was granted before stays granted.
    assert!(used(store, taken, NOW).await);
    let unchanged = changed(store, at, LinkChange::default(), NOW).await;
    assert_eq!(
        (unchanged.max_downloads, unchanged.expires_at),
        (Some(1), Some(NOW + 100))
    );
}

/// A lowered cap holds also when an unused download comes back.
pub async fn lowered_cap_holds_after_a_refund(store: &dyn MetaStore) {
    let link = capped(3, None);
    live(store, &link).await;
    for _used in 0..2 {
        let hash = granted(store, link.locator, NOW).await;
        assert!(used(store, hash, NOW).await);
    }
    granted(store, link.locator, NOW).await;
    changed(store, link.locator, cap(Some(2)), NOW).await;
    let later = NOW + UNUSED_GRANT_LIFETIME;
    sweep(store, later).await;
    let seen = changed(store, link.locator, LinkChange::default(), later).await;
    assert_eq!((seen.downloads, seen.state), (2, LinkState::UsedUp));
}

/// An end moves both ways, and a link whose time was over lives again.
pub async fn end_is_changed(store: &dyn MetaStore) {
    let link = capped(2, Some(NOW + 100));
    live(store, &link).await;
    let at = link.locator;
    let late = NOW + 1_000;
    assert_eq!(link_state(store, at, late).await, LinkState::Expired);
    for (expires_at, state) in [
        (Some(late + 1), LinkState::Live),
        (Some(late), LinkState::Expired),
        (None, LinkState::Live),
    ] {
        let seen = changed(store, at, end(expires_at), late).await;
        assert_eq!((seen.expires_at, seen.state), (expires_at, state));
        assert_eq!(seen.max_downloads, Some(2));
        assert_eq!(link_state(store, at, late).await, state);
        let opened = store.open(at, late).await.expect("the store works");
        assert_eq!(opened.is_some(), state == LinkState::Live);
    }
}

/// A revoked link ends with its grants at once and for good; its sisters go on.
pub async fn t19_revoked_link_ends_its_grants_and_no_others(store: &dyn MetaStore) {
    let (first, right) = link();
    let id = live(store, &first).await;
    let sister = capped(2, None);
    store
        .add_link(id, &sister, NOW)
        .await
        .expect("the share is live");
    let at = first.locator;
    let unused = granted(store, at, NOW).await;
    let in_use = granted(store, at, NOW).await;
    assert!(used(store, in_use, NOW).await);
    let of_sister = granted(store, sister.locator, NOW).await;
    for _again in 0..2 {
        let revoked = store.revoke_link(at, NOW).await;
        revoked.expect("it may be repeated");
        for hash in [unused, in_use] {
            assert!(!used(store, hash, NOW).await);
            let peeked = store.peek_grant(hash, NOW).await;
            assert!(peeked.expect("the store works").is_none());
        }
    }
    let asked = grant(store, at, NOW).await.1;
    assert_eq!(asked, Granted::Gone(LinkState::Revoked));
    for change in [cap(None), end(None), LinkChange::default()] {
        refused!(store.change_link(at, change, NOW).await, WrongState);
    }
    let checked = check(store, at, &right, client(), NOW).await;
    assert_eq!(checked, ProofCheck::Right(LinkState::Revoked));
    let opened = store.open(at, NOW).await.expect("the store works");
    assert!(opened.is_none());

    assert!(used(store, of_sister, NOW).await);
    granted(store, sister.locator, NOW).await;
    assert_eq!(state(store, id).await, Live);
}

/// A share's end is set for each of its links but revoked ones.
pub async fn ends_of_a_share_are_set_together(store: &dyn MetaStore) {
    let (first, spent) = (capped(9, Some(NOW + 10)), capped(1, None));
    let revoked = capped(9, Some(NOW + 30));
    let id = live(store, &first).await;
    for link in [&spent, &revoked] {
        let added = store.add_link(id, link, NOW).await;
        added.expect("the share is live");
    }
    granted(store, spent.locator, NOW).await;
    let done = store.revoke_link(revoked.locator, NOW).await;
    done.expect("it was live");
    let other = live(store, &capped(9, Some(NOW + 40))).await;
    for expires_at in [Some(NOW + 500), None] {
        let set = store.change_share(id, expires_at, NOW + 20).await;
        set.expect("the share is live");
        let seen = share(store, id, NOW + 20).await;
        let links = seen.links.iter().map(|link| (link.expires_at, link.state));
        assert_eq!(
            links.collect::<Vec<_>>(),
            [
                (expires_at, LinkState::Live),
                (expires_at, LinkState::UsedUp),
                (Some(NOW + 30), LinkState::Revoked),
            ]
        );
    }
    let untouched = share(store, other, NOW).await;
    assert_eq!(untouched.expires_at, Some(NOW + 40));
}

/// Of a tombstone nothing is left to change or revoke.
pub async fn tombstone_lives_no_more(store: &dyn MetaStore) {
    let ended = capped(1, Some(NOW + 100));
    let id = live(store, &ended).await;
    let kept = link().0;
    store
        .add_link(id, &kept, NOW)
        .await
        .expect("the share is live");
    let later = NOW + 100 + TOMBSTONE_DETAIL;
    changed(store, ended.locator, end(Some(NOW + 100)), later - 1).await;
    let swept = store.sweep_traces(later, MANY).await;
    swept.expect("the store works");
    let change = store.change_link(ended.locator, end(None), later).await;
    refused!(change, NotFound);
    refused!(store.revoke_link(ended.locator, later).await, NotFound);
    let of = store.link_share(ended.locator).await;
    assert!(of.expect("the store works").is_none());
    let told = link_state(store, ended.locator, later).await;
    assert_eq!(told, LinkState::Revoked);
    assert_eq!(share(store, id, later).await.links.len(), 1);
}

/// A link that a lower cap ended is kept for thirty days from then, however long ago it was used.
pub async fn link_ended_by_its_cap_is_kept(store: &dyn MetaStore) {
    let link = capped(2, None);
    let id = live(store, &link).await;
    let hash = granted(store, link.locator, NOW).await;
    assert!(used(store, hash, NOW).await);
    let lowered = NOW + 2 * TOMBSTONE_DETAIL;
    sweep(store, lowered).await;
    changed(store, link.locator, cap(Some(1)), lowered).await;
    let forgotten = lowered + TOMBSTONE_DETAIL;
    for (now, left) in [(forgotten - 1, 1), (forgotten, 0)] {
        let swept = store.sweep_traces(now, MANY).await;
        swept.expect("the store works");
        assert_eq!(share(store, id, now).await.links.len(), left);
    }
}

/// A share that idles stays if a link is added or made live again, and its hour begins anew.
pub async fn idle_share_that_gets_a_link_stays(store: &dyn MetaStore) {
    for change in ["add", "cap", "end", "share"] {
        let link = capped(1, Some(NOW + 100));
        let id = live(store, &link).await;
        let ended = NOW + 100;
        sweep(store, ended).await;
        let last = ended + SHARE_GRACE - 1;
        let until = Some(last + 10);
        let done = match change {
            "add" => store.add_link(id, &capped(1, until), last).await,
            "share" => store.change_share(id, until, last).await,
            "cap" => {
                changed(store, link.locator, end(until), last).await;
                let more = store.change_link(link.locator, cap(None), last).await;
                more.map(|_| ())
            }
            _ => {
                let longer = store.change_link(link.locator, end(until), last).await;
                longer.map(|_| ())
            }
        };
        done.expect("the share is live");
        // It lived between two sweeps: none of them saw it.
        let again = last + 10;
        for now in [again, again + SHARE_GRACE - 1] {
            sweep(store, now).await;
            assert_eq!(state(store, id).await, Live, "{change}");
        }
        sweep(store, again + SHARE_GRACE).await;
        assert_eq!(state(store, id).await, Deleting, "{change}");
    }
}

/// A share that nothing was to end goes an hour after its last link was ended.
pub async fn share_without_end_goes_after_its_last_link(store: &dyn MetaStore) {
    for change in ["revoke", "cap", "end", "share"] {
        let (link, _) = link();
        let id = live(store, &link).await;
        let hash = granted(store, link.locator, NOW).await;
        assert!(used(store, hash, NOW).await);
        // Long after the grant went away nothing is left to look at.
        let now = NOW + TOMBSTONE_DETAIL;
        sweep(store, now).await;
        let at = link.locator;
        match change {
            "revoke" => store.revoke_link(at, now).await.expect("it was live"),
            "cap" => drop(changed(store, at, cap(Some(1)), now).await),
            "end" => drop(changed(store, at, end(Some(now)), now).await),
            _ => {
                let set = store.change_share(id, Some(now), now).await;
                set.expect("the share is live");
            }
        }
        sweep(store, now).await;
        sweep(store, now + SHARE_GRACE - 1).await;
        assert_eq!(state(store, id).await, Live, "{change}");
        sweep(store, now + SHARE_GRACE).await;
        assert_eq!(state(store, id).await, Deleting, "{change}");
    }
}
