//! Limits of wrong proofs.

use onekey_core::keys::{Locator, Proof};

use super::fixture::{NOW, capped, client, link, live, proof};
use crate::clock::UnixTime;
use crate::meta::{
    ATTEMPT_WINDOW, ClientKey, LINK_ATTEMPT_WINDOW, LinkState, MetaStore, NewLink, ProofCheck,
    WRONG_PROOFS_PER_CLIENT, WRONG_PROOFS_PER_LINK,
};

const RIGHT: ProofCheck = ProofCheck::Right(LinkState::Live);
const WRONG: ProofCheck = ProofCheck::Wrong(LinkState::Live);

pub(super) async fn check(
    store: &dyn MetaStore,
    locator: Locator,
    proof: &Proof,
    client: ClientKey,
    now: UnixTime,
) -> ProofCheck {
    let checked = store.check_proof(locator, proof, client, now).await;
    checked.expect("the store works")
}

fn limited(retry_after: i64) -> ProofCheck {
    ProofCheck::Limited {
        retry_after: u32::try_from(retry_after).expect("windows are short"),
    }
}

/// Wrong proofs for a locator that no link has are not counted: nothing is kept of it.
pub async fn t8_unknown_locator_is_not_counted(store: &dyn MetaStore) {
    let (link, right) = link();
    let client = client();
    for _wrong in 0..2 * WRONG_PROOFS_PER_CLIENT {
        let checked = check(store, link.locator, &proof(), client, NOW).await;
        assert_eq!(checked, ProofCheck::Unknown);
    }
    live(store, &link).await;
    let checked = check(store, link.locator, &right, client, NOW).await;
    assert_eq!(checked, RIGHT);
}

/// Wrong proofs spend no download and leave the link live.
pub async fn t32_wrong_proof_touches_no_download(store: &dyn MetaStore) {
    let link = capped(1, None);
    let id = live(store, &link).await;
    for _wrong in 0..50 {
        check(store, link.locator, &proof(), client(), NOW).await;
    }
    let share = store.share(id, NOW).await.expect("the store works");
    let seen = &share.expect("the share is live").links[0];
    assert_eq!((seen.downloads, seen.last_used_at), (0, None));
    assert_eq!(seen.state, LinkState::Live);
}

/// After ten wrong proofs in an hour a client waits, also with the right one; others do not.
pub async fn wrong_proofs_of_a_client_are_limited(store: &dyn MetaStore) {
    let (link, right) = link();
    live(store, &link).await;
    let (other_link, other_right) = self::link();
    live(store, &other_link).await;
    let a = client();
    let at = link.locator;
    for number in 0..WRONG_PROOFS_PER_CLIENT {
        let now = NOW + i64::from(number);
        // A right proof within the limit resets nothing.
        assert_eq!(check(store, at, &right, a, now).await, RIGHT);
        assert_eq!(check(store, at, &proof(), a, now).await, WRONG);
    }
    for (now, wait) in [(NOW + 9, ATTEMPT_WINDOW - 9), (NOW + ATTEMPT_WINDOW - 1, 1)] {
        for tried in [&right, &proof()] {
            assert_eq!(check(store, at, tried, a, now).await, limited(wait));
        }
    }
    // A clock that was set back does not make the wait longer than the window.
    let back = check(store, at, &right, a, NOW - 500).await;
    assert_eq!(back, limited(ATTEMPT_WINDOW));

    assert_eq!(check(store, at, &right, client(), NOW).await, RIGHT);
    let elsewhere = check(store, other_link.locator, &other_right, a, NOW).await;
    assert_eq!(elsewhere, RIGHT);

    let over = NOW + ATTEMPT_WINDOW;
    assert_eq!(check(store, at, &right, a, over).await, RIGHT);
    for _wrong in 0..WRONG_PROOFS_PER_CLIENT {
        assert_eq!(check(store, at, &proof(), a, over).await, WRONG);
    }
    let again = check(store, at, &right, a, over).await;
    assert_eq!(again, limited(ATTEMPT_WINDOW));
}

/// After 200 wrong proofs in a day for a link with a password everybody waits but those who gave
/// the right one that day; those are held to their own limit alone.
pub async fn wrong_proofs_of_a_link_are_limited(store: &dyn MetaStore) {
    let (link, right) = link();
    let link = NewLink {
        password: true,
        ..link
    };
    live(store, &link).await;
    let at = link.locator;
    let (friend, stranger) = (client(), client());
    assert_eq!(check(store, at, &right, friend, NOW).await, RIGHT);
    for _wrong in 0..WRONG_PROOFS_PER_LINK {
        assert_eq!(check(store, at, &proof(), client(), NOW + 5).await, WRONG);
    }
    let wait = limited(LINK_ATTEMPT_WINDOW);
    assert_eq!(check(store, at, &right, stranger, NOW + 5).await, wait);
    assert_eq!(check(store, at, &right, friend, NOW + 6).await, RIGHT);
    for _wrong in 0..WRONG_PROOFS_PER_CLIENT {
        assert_eq!(check(store, at, &proof(), friend, NOW + 6).await, WRONG);
    }
    let own = check(store, at, &right, friend, NOW + 6).await;
    assert_eq!(own, limited(ATTEMPT_WINDOW));

    // The friend's last right proof is from NOW + 6, so the exemption outlasts the limit by a second.
    let last = NOW + 5 + LINK_ATTEMPT_WINDOW - 1;
    assert_eq!(check(store, at, &right, stranger, last).await, limited(1));
    assert_eq!(check(store, at, &right, friend, last).await, RIGHT);
    assert_eq!(check(store, at, &right, stranger, last + 1).await, RIGHT);
}

/// Without a password there is no guessing, so strangers' wrong proofs limit nobody else.
pub async fn limit_of_a_link_needs_a_password(store: &dyn MetaStore) {
    let (link, right) = link();
    live(store, &link).await;
    for _wrong in 0..=WRONG_PROOFS_PER_LINK {
        check(store, link.locator, &proof(), client(), NOW).await;
    }
    let checked = check(store, link.locator, &right, client(), NOW).await;
    assert_eq!(checked, RIGHT);
}
