//! Links, and shares as their owner sees them.

use onekey_core::keys::Locator;

use super::fixture::{NOW, PART, capped, client, grant, granted, link, live, proof, used};
use crate::clock::UnixTime;
use crate::meta::{Granted, LinkState, LinkSummary, MetaStore, NewLink, ProofCheck, UploadState};

pub(super) async fn link_state(
    store: &dyn MetaStore,
    locator: Locator,
    now: UnixTime,
) -> LinkState {
    let told = store.link_state(locator, now).await;
    told.expect("the store works")
        .expect("the link was there")
        .state
}

/// A locator that no link had is unknown to every verb.
pub async fn link_that_was_never_there_is_unknown(store: &dyn MetaStore) {
    let locator = Locator::from_bytes(rand::random());
    let told = store.link_state(locator, NOW).await;
    assert_eq!(told.expect("the store works"), None);
    let opened = store.open(locator, NOW).await;
    assert!(opened.expect("the store works").is_none());
    assert_eq!(grant(store, locator, NOW).await.1, Granted::Unknown);
    let checked = store.check_proof(locator, &proof(), client(), NOW).await;
    assert_eq!(checked.expect("the store works"), ProofCheck::Unknown);
}

/// A link ends when its time does, without any sweep; a right proof learns why.
pub async fn link_ends_by_time_when_read(store: &dyn MetaStore) {
    let (mut link, proof) = link();
    link.expires_at = Some(NOW + 100);
    live(store, &link).await;
    assert_eq!(
        link_state(store, link.locator, NOW + 99).await,
        LinkState::Live
    );
    let end = NOW + 100;
    assert_eq!(
        link_state(store, link.locator, end).await,
        LinkState::Expired
    );
    let opened = store.open(link.locator, end).await;
    assert!(opened.expect("the store works").is_none());
    let refused = grant(store, link.locator, end).await.1;
    assert_eq!(refused, Granted::Gone(LinkState::Expired));
    let checked = store.check_proof(link.locator, &proof, client(), end).await;
    let right = ProofCheck::Right(LinkState::Expired);
    assert_eq!(checked.expect("the store works"), right);
}

/// A link whose downloads are taken is used up, and the count is told with each grant.
pub async fn link_is_used_up(store: &dyn MetaStore) {
    let link = capped(2, None);
    live(store, &link).await;
    for left in [1, 0] {
        let granted = grant(store, link.locator, NOW).await.1;
        let yes = Granted::Yes {
            downloads_left: Some(left),
        };
        assert_eq!(granted, yes);
    }
    let refused = grant(store, link.locator, NOW).await.1;
    assert_eq!(refused, Granted::Gone(LinkState::UsedUp));
    assert_eq!(
        link_state(store, link.locator, NOW).await,
        LinkState::UsedUp
    );
    let opened = store.open(link.locator, NOW).await;
    assert!(opened.expect("the store works").is_none());
}

/// What a receiver needs is found as it was fixed, and looking spends nothing.
pub async fn right_proof_opens(store: &dyn MetaStore) {
    let (link, proof) = link();
    let link = NewLink {
        password: true,
        max_downloads: Some(4),
        expires_at: Some(NOW + 100),
        ..link
    };
    live(store, &link).await;
    for _look in 0..5 {
        let told = store.link_state(link.locator, NOW).await;
        let summary = LinkSummary {
            state: LinkState::Live,
            password: true,
        };
        assert_eq!(told.expect("the store works"), Some(summary));
        let checked = store.check_proof(link.locator, &proof, client(), NOW).await;
        let right = ProofCheck::Right(LinkState::Live);
        assert_eq!(checked.expect("the store works"), right);
        let opened = store.open(link.locator, NOW).await;
        let opened = opened.expect("the store works").expect("the link is live");
        assert_eq!(opened.header, [7; crate::meta::HEADER_LEN]);
        assert_eq!(opened.envelope, link.envelope);
        assert_eq!(opened.manifest, b"manifest");
        assert_eq!(opened.size, PART);
        assert_eq!(opened.expires_at, Some(NOW + 100));
        assert_eq!(opened.downloads_left, Some(4));
    }
}

/// The owner sees the share and what became of its link.
pub async fn owner_sees_links(store: &dyn MetaStore) {
    let link = capped(2, Some(NOW + 100));
    let id = live(store, &link).await;
    let see = |now| async move {
        let share = store.share(id, now).await.expect("the store works");
        share.expect("the share is live")
    };
    let share = see(NOW).await;
    assert_eq!(share.header, [7; crate::meta::HEADER_LEN]);
    assert_eq!(share.owner_envelope, Some([8; crate::meta::ENVELOPE_LEN]));
    assert_eq!((share.size, share.created_at), (PART, NOW));
    assert_eq!(share.expires_at, Some(NOW + 100));
    let [seen] = &share.links[..] else {
        panic!("one link was made");
    };
    assert_eq!(seen.locator, link.locator);
    assert_eq!(seen.label, link.label);
    assert_eq!((seen.password, seen.direct), (false, false));
    assert_eq!((seen.max_downloads, seen.downloads), (Some(2), 0));
    assert_eq!((seen.state, seen.last_used_at), (LinkState::Live, None));
    granted(store, link.locator, NOW + 7).await;
    let share = see(NOW + 100).await;
    let seen = &share.links[0];
    assert_eq!(seen.downloads_left(), Some(1));
    assert_eq!(seen.last_used_at, Some(NOW + 7));
    assert_eq!(seen.state, LinkState::Expired);
}

/// Deleting a share ends its links and grants at once and for good.
pub async fn deleted_share_revokes_links_and_grants(store: &dyn MetaStore) {
    let (link, proof) = link();
    let id = live(store, &link).await;
    let unused = granted(store, link.locator, NOW).await;
    let in_use = granted(store, link.locator, NOW).await;
    assert!(used(store, in_use, NOW).await);
    store.delete_share(id, NOW).await.expect("it was live");
    for grant in [unused, in_use] {
        assert!(!used(store, grant, NOW).await);
        let peeked = store.peek_grant(grant, NOW).await;
        assert!(peeked.expect("the store works").is_none());
    }
    for step in [UploadState::Deleting, UploadState::Gone] {
        let revoked = LinkState::Revoked;
        assert_eq!(
            link_state(store, link.locator, NOW).await,
            revoked,
            "{step:?}"
        );
        let refused = grant(store, link.locator, NOW).await.1;
        assert_eq!(refused, Granted::Gone(revoked));
        let checked = store.check_proof(link.locator, &proof, client(), NOW).await;
        assert_eq!(
            checked.expect("the store works"),
            ProofCheck::Right(revoked)
        );
        let opened = store.open(link.locator, NOW).await;
        assert!(opened.expect("the store works").is_none());
        assert!(
            store
                .share(id, NOW)
                .await
                .expect("the store works")
                .is_none()
        );
        store.forget_blob(id).await.expect("the store works");
    }
}
