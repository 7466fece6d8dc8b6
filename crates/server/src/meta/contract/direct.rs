//! Links that open directly.

use onekey_core::keys::Proof;

use super::fixture::{NOW, PART, completion, granted, in_state, link, live, proof};
use crate::clock::UnixTime;
use crate::meta::{DirectLink, LinkState, MAX_DIRECT_MANIFEST, MetaStore, NewLink, UploadState};

fn direct() -> (NewLink, Proof) {
    let (link, proof) = link();
    let link = NewLink {
        direct: true,
        ..link
    };
    (link, proof)
}

async fn open(
    store: &dyn MetaStore,
    link: &NewLink,
    proof: &Proof,
    now: UnixTime,
) -> Option<DirectLink> {
    let opened = store.open_direct(link.locator, proof, now).await;
    opened.expect("the store works")
}

/// A direct link opens to its proof and to no other.
pub async fn direct_link_opens_to_its_proof(store: &dyn MetaStore) {
    let (mut link, right) = direct();
    (link.max_downloads, link.expires_at) = (Some(4), Some(NOW + 100));
    let id = live(store, &link).await;
    let opened = open(store, &link, &right, NOW).await;
    let opened = opened.expect("the proof is right");
    assert_eq!((opened.share, opened.state), (id, LinkState::Live));
    let row = store.upload(id).await.expect("the store works");
    assert_eq!(opened.blob, row.expect("the share is live").blob);
    let opened = opened.opened;
    assert_eq!(opened.header, [7; crate::meta::HEADER_LEN]);
    assert_eq!(opened.envelope, link.envelope);
    assert_eq!(
        (&opened.manifest[..], opened.size),
        (&b"manifest"[..], PART)
    );
    assert_eq!(
        (opened.expires_at, opened.downloads_left),
        (Some(NOW + 100), Some(4))
    );
    for _ in 0..20 {
        assert!(open(store, &link, &proof(), NOW).await.is_none());
    }
    // Wrong ones were not counted.
    assert!(open(store, &link, &right, NOW).await.is_some());
}

/// Time and downloads that ended are told, for the grants that still serve; a revoked link opens no more.
pub async fn direct_link_that_ended_is_told_of(store: &dyn MetaStore) {
    let (mut link, right) = direct();
    (link.max_downloads, link.expires_at) = (Some(1), Some(NOW + 100));
    let id = live(store, &link).await;
    let state = |now| {
        let (link, right) = (link.clone(), right.clone());
        async move { open(store, &link, &right, now).await.map(|link| link.state) }
    };
    assert_eq!(state(NOW + 100).await, Some(LinkState::Expired));
    let grant = granted(store, link.locator, NOW).await;
    assert_eq!(state(NOW).await, Some(LinkState::UsedUp));
    let payload = store.peek_grant(grant, NOW).await.expect("the store works");
    assert_eq!(payload.expect("it is live").locator, link.locator);
    store
        .revoke_link(link.locator, NOW)
        .await
        .expect("it was live");
    assert_eq!(state(NOW).await, None);

    let (another, right) = direct();
    store
        .add_link(id, &another, NOW)
        .await
        .expect("the share is live");
    assert!(open(store, &another, &right, NOW).await.is_some());
    store.delete_share(id, NOW).await.expect("it was live");
    assert!(open(store, &another, &right, NOW).await.is_none());
}

/// Private links, those with a password, unfinished shares and large manifests never open directly.
pub async fn link_that_is_not_direct_never_opens_so(store: &dyn MetaStore) {
    let (link, right) = link();
    live(store, &link).await;
    assert!(open(store, &link, &right, NOW).await.is_none());
    let (mut link, right) = direct();
    link.password = true;
    live(store, &link).await;
    assert!(open(store, &link, &right, NOW).await.is_none());
    let (link, right) = direct();
    in_state(store, UploadState::Completing, &completion(PART, &link)).await;
    assert!(open(store, &link, &right, NOW).await.is_none());
    for (size, opens) in [
        (MAX_DIRECT_MANIFEST, true),
        (MAX_DIRECT_MANIFEST + 1, false),
    ] {
        let (link, right) = direct();
        let mut completion = completion(PART, &link);
        completion.manifest = vec![0; size];
        let id = in_state(store, UploadState::Live, &completion).await;
        assert_eq!(open(store, &link, &right, NOW).await.is_some(), opens);
        let share = store.share(id, NOW).await.expect("the store works");
        assert_eq!(share.expect("it is live").manifest_size, size as u64);
    }
}
