//! What is forgotten after its time.

use super::attempts::check;
use super::fixture::{
    MANY, NOW, PART, UPLOAD_END, capped, client, completion, find, granted, in_state, link, live,
    proof, put, refused, state, upload, used,
};
use super::links::link_state;
use crate::clock::UnixTime;
use crate::meta::{
    ATTEMPT_WINDOW, LINK_ATTEMPT_WINDOW, LinkState, MetaStore, NewLink, PEPPER_LIFETIME, Pepper,
    ProofCheck, TOMBSTONE_DETAIL, UploadState,
};

const DAY: i64 = 86_400;

async fn sweep(store: &dyn MetaStore, now: UnixTime) -> usize {
    let swept = store.sweep_traces(now, MANY).await;
    swept.expect("the store works")
}

/// The first pepper of a day is the day's; each day has its own.
pub async fn pepper_is_kept_by_day(store: &dyn MetaStore) {
    let day = i64::from(rand::random::<u32>());
    let (first, second) = (Pepper(rand::random()), Pepper(rand::random()));
    for fresh in [first, second] {
        let kept = store.pepper(day, fresh).await;
        assert!(kept.expect("the store works") == first);
    }
    let next = store.pepper(day + 1, second).await;
    assert!(next.expect("the store works") == second);
}

/// A pepper goes 48 hours after its day began.
pub async fn pepper_is_swept(store: &dyn MetaStore) {
    let day = NOW / DAY;
    sweep(store, NOW + 10 * DAY).await;
    let (first, second) = (Pepper(rand::random()), Pepper(rand::random()));
    let kept = store.pepper(day, first).await;
    assert!(kept.expect("the store works") == first);
    sweep(store, day * DAY + PEPPER_LIFETIME - 1).await;
    let kept = store.pepper(day, second).await;
    assert!(kept.expect("the store works") == first);
    sweep(store, day * DAY + PEPPER_LIFETIME).await;
    let made = store.pepper(day, second).await;
    assert!(made.expect("the store works") == second);
}

/// Thirty days after a link ended nothing but its locator is left, which is never accepted again.
pub async fn tombstone_keeps_its_locator(store: &dyn MetaStore) {
    let (link, right) = link();
    let id = live(store, &link).await;
    store.delete_share(id, NOW).await.expect("it was live");
    sweep(store, NOW + TOMBSTONE_DETAIL).await;
    // Its blob is still to be deleted, so the row stays, but the link is forgotten.
    assert_eq!(state(store, id).await, UploadState::Deleting);
    store.forget_blob(id).await.expect("the store works");
    sweep(store, NOW + TOMBSTONE_DETAIL - 1).await;
    assert_eq!(state(store, id).await, UploadState::Gone);
    sweep(store, NOW + TOMBSTONE_DETAIL).await;
    assert_eq!(find(store, id).await, None);

    let now = NOW + TOMBSTONE_DETAIL;
    assert_eq!(
        link_state(store, link.locator, now).await,
        LinkState::Revoked
    );
    let checked = check(store, link.locator, &right, client(), now).await;
    assert_eq!(checked, ProofCheck::Unknown);
    let again = upload(store, Some(PART)).await;
    put(store, again, 0, PART).await;
    let taken = completion(PART, &link);
    refused!(store.begin_complete(again, &taken, NOW).await, LocatorTaken);
}

/// A link's detail goes thirty days after it ended though its share is still there, but not while a
/// download is under way.
pub async fn ended_link_of_a_live_share_is_swept(store: &dyn MetaStore) {
    let (right_link, right) = link();
    let expired = NewLink {
        expires_at: Some(NOW + 100),
        ..right_link
    };
    live(store, &expired).await;
    let spent = capped(1, None);
    live(store, &spent).await;
    let hash = granted(store, spent.locator, NOW).await;
    let fixed = completion(PART, &link().0);
    let forever = in_state(store, UploadState::Live, &fixed).await;
    let at = expired.locator;
    let before = NOW + 100 + TOMBSTONE_DETAIL - 1;
    sweep(store, before).await;
    let checked = check(store, at, &right, client(), before).await;
    assert_eq!(checked, ProofCheck::Right(LinkState::Expired));
    let after = before + 1;
    assert!(used(store, hash, NOW).await);
    sweep(store, after).await;
    let checked = check(store, at, &right, client(), after).await;
    assert_eq!(checked, ProofCheck::Unknown);
    assert!(used(store, hash, NOW).await);
    store
        .sweep_grants(after, MANY)
        .await
        .expect("the store works");
    sweep(store, after).await;
    assert_eq!(
        link_state(store, spent.locator, after).await,
        LinkState::Revoked
    );
    let share = store.share(forever, after).await.expect("the store works");
    assert_eq!(share.expect("the share is live").links.len(), 1);
}

/// Counters go when their windows are over, and not before.
pub async fn attempt_counters_are_swept(store: &dyn MetaStore) {
    sweep(store, UPLOAD_END + 10 * LINK_ATTEMPT_WINDOW).await;
    let (link, right) = link();
    let link = NewLink {
        password: true,
        ..link
    };
    live(store, &link).await;
    let client = client();
    check(store, link.locator, &proof(), client, NOW).await;
    check(store, link.locator, &right, client, NOW).await;
    assert_eq!(sweep(store, NOW + ATTEMPT_WINDOW - 1).await, 0);
    assert_eq!(sweep(store, NOW + ATTEMPT_WINDOW).await, 1);
    assert_eq!(sweep(store, NOW + LINK_ATTEMPT_WINDOW - 1).await, 0);
    for left in [1, 1, 0] {
        let end = NOW + LINK_ATTEMPT_WINDOW;
        let swept = store.sweep_traces(end, 1).await;
        assert_eq!(swept.expect("the store works"), left);
    }
}
