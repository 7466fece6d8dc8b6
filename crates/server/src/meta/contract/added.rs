//! More links of a live share.

use futures_util::future::join_all;
use onekey_core::keys::{Locator, ShareId};

use super::attempts::check;
use super::changes::share;
use super::fixture::{
    MANY, NOW, PART, capped, client, completion, find, granted, in_state, link, live, put, refused,
    upload,
};
use crate::meta::UploadState::{Aborted, Completing, Deleting, Gone, Receiving};
use crate::meta::{
    LinkChange, LinkState, MAX_LINKS, MetaError, MetaStore, NewLink, ProofCheck, TOMBSTONE_DETAIL,
};

/// Each link has its envelope, its limits and its count; all lead to one payload.
pub async fn added_link_is_one_of_its_own(store: &dyn MetaStore) {
    let first = capped(1, None);
    let id = live(store, &first).await;
    let (second, right) = link();
    let second = NewLink {
        envelope: [4; crate::meta::ENVELOPE_LEN],
        password: true,
        max_downloads: Some(3),
        expires_at: Some(NOW + 100),
        label: None,
        ..second
    };
    let third = capped(2, Some(NOW + 50));
    for link in [&second, &third] {
        let added = store.add_link(id, link, NOW).await;
        added.expect("the share is live");
    }
    let checked = check(store, second.locator, &right, client(), NOW).await;
    assert_eq!(checked, ProofCheck::Right(LinkState::Live));
    let opened = store.open(second.locator, NOW).await;
    let opened = opened.expect("the store works").expect("the link is live");
    assert_eq!(opened.envelope, second.envelope);
    assert_eq!(opened.manifest, b"manifest");
    assert_eq!(opened.downloads_left, Some(3));

    let hash = granted(store, second.locator, NOW).await;
    let payload = store.use_grant(hash, NOW).await.expect("the store works");
    let row = store.upload(id).await.expect("the store works");
    let blob = row.expect("the row is there").blob;
    assert_eq!(payload.expect("the grant is live").blob, blob);

    let seen = share(store, id, NOW).await;
    let locators: Vec<Locator> = seen.links.iter().map(|link| link.locator).collect();
    assert_eq!(locators, [first.locator, second.locator, third.locator]);
    let counts: Vec<u64> = seen.links.iter().map(|link| link.downloads).collect();
    assert_eq!(counts, [0, 1, 0]);
    assert!(seen.links[1].password && seen.links[1].label.is_none());
    assert_eq!(seen.expires_at, None);

    let of = store.link_share(third.locator).await;
    assert_eq!(of.expect("the store works").expect("it is there").id, id);
    let none = store.link_share(Locator::from_bytes(rand::random())).await;
    assert!(none.expect("the store works").is_none());
}

/// No locator is accepted twice, be its link live, revoked, of another share, or a tombstone.
pub async fn added_locator_is_taken_once(store: &dyn MetaStore) {
    let first = link().0;
    let id = live(store, &first).await;
    let added = capped(3, None);
    store
        .add_link(id, &added, NOW)
        .await
        .expect("the share is live");
    let other = live(store, &link().0).await;
    for into in [id, other] {
        for taken in [&first, &added] {
            refused!(store.add_link(into, taken, NOW).await, LocatorTaken);
        }
    }
    store
        .revoke_link(added.locator, NOW)
        .await
        .expect("it was live");
    refused!(store.add_link(id, &added, NOW).await, LocatorTaken);
    let later = NOW + TOMBSTONE_DETAIL;
    let swept = store.sweep_traces(later, MANY).await;
    swept.expect("the store works");
    assert_eq!(share(store, id, later).await.links.len(), 1);
    refused!(store.add_link(id, &added, later).await, LocatorTaken);
    let again = upload(store, Some(PART)).await;
    put(store, again, 0, PART).await;
    let fixed = completion(PART, &added);
    refused!(store.begin_complete(again, &fixed, NOW).await, LocatorTaken);
}

/// Of many links at once as many are added as a share may have. Ended ones count until only their
/// tombstones are left; a refused one leaves nothing behind.
pub async fn share_has_so_many_links_at_most(store: &dyn MetaStore) {
    let id = live(store, &capped(1, Some(NOW + 100))).await;
    let links: Vec<NewLink> = (0..MAX_LINKS + 3).map(|_| link().0).collect();
    let added = join_all(links.iter().map(|link| store.add_link(id, link, NOW))).await;
    let mut refused = Vec::new();
    for (link, answer) in links.iter().zip(added) {
        match answer {
            Ok(()) => {}
            Err(MetaError::TooManyLinks) => refused.push(link),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(refused.len(), 4);
    assert_eq!(share(store, id, NOW).await.links.len(), MAX_LINKS);
    for link in &refused {
        let told = store.link_state(link.locator, NOW).await;
        assert_eq!(told.expect("the store works"), None);
    }
    let ended = NOW + 100;
    refused!(store.add_link(id, refused[0], ended).await, TooManyLinks);
    let swept = store.sweep_traces(ended + TOMBSTONE_DETAIL, MANY).await;
    swept.expect("the store works");
    let added = store.add_link(id, refused[0], ended).await;
    added.expect("a tombstone does not count");
    refused!(store.add_link(id, refused[1], ended).await, TooManyLinks);
}

/// Only a live share takes links and changes.
pub async fn other_states_take_neither_links_nor_changes(store: &dyn MetaStore) {
    for state in [Receiving, Completing, Deleting, Gone, Aborted] {
        let first = link().0;
        let id = in_state(store, state, &completion(PART, &first)).await;
        let added = link().0;
        refused!(store.add_link(id, &added, NOW).await, WrongState);
        refused!(store.change_share(id, None, NOW).await, WrongState);
        let told = store.link_state(added.locator, NOW).await;
        assert_eq!(told.expect("the store works"), None, "{state:?}");
        let change = store
            .change_link(first.locator, LinkChange::default(), NOW)
            .await;
        let revoke = store.revoke_link(first.locator, NOW).await;
        match state {
            Completing => {
                refused!(change, WrongState);
                refused!(revoke, WrongState);
            }
            Deleting | Gone => {
                refused!(change, WrongState);
                revoke.expect("it is revoked already");
            }
            _ => {
                refused!(change, NotFound);
                refused!(revoke, NotFound);
            }
        }
        assert_eq!(find(store, id).await, Some(state));
    }
    let id = ShareId::from_bytes(rand::random());
    refused!(store.add_link(id, &link().0, NOW).await, NotFound);
    refused!(store.change_share(id, None, NOW).await, NotFound);
}
