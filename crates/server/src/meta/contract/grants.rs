//! Grants: taken, used, given back.

use super::fixture::{GRANT_LIFETIME, MANY, NOW, PART, capped, grant, granted, link, live, used};
use super::links::link_state;
use crate::meta::{GrantHash, Granted, LinkState, MetaStore, NewGrant, UNUSED_GRANT_LIFETIME};

/// A grant serves its payload any number of times, until it ends.
pub async fn grant_serves_until_it_ends(store: &dyn MetaStore) {
    let (link, _) = link();
    let id = live(store, &link).await;
    let hash = granted(store, link.locator, NOW).await;
    let row = store.upload(id).await.expect("the store works");
    let blob = row.expect("the row is there").blob;
    for now in [NOW, NOW + UNUSED_GRANT_LIFETIME, NOW + GRANT_LIFETIME - 1] {
        let payload = store.use_grant(hash, now).await.expect("the store works");
        let payload = payload.expect("the grant is live");
        assert_eq!((payload.blob, payload.size), (blob.clone(), PART));
    }
    assert!(!used(store, hash, NOW + GRANT_LIFETIME).await);
    assert!(!used(store, GrantHash(rand::random()), NOW).await);
}

/// Looking marks nothing: the download still comes back.
pub async fn peek_does_not_use_a_grant(store: &dyn MetaStore) {
    let link = capped(1, None);
    live(store, &link).await;
    let hash = granted(store, link.locator, NOW).await;
    let payload = store.peek_grant(hash, NOW).await.expect("the store works");
    assert_eq!(payload.expect("the grant is live").size, PART);
    let end = NOW + UNUSED_GRANT_LIFETIME;
    let late = store.peek_grant(hash, end).await;
    assert!(late.expect("the store works").is_none());
    store
        .sweep_grants(end, MANY)
        .await
        .expect("the store works");
    assert_eq!(link_state(store, link.locator, end).await, LinkState::Live);
}

/// Expiry and spent downloads stop new grants only.
pub async fn grant_outlives_its_link(store: &dyn MetaStore) {
    let link = capped(1, Some(NOW + 60));
    live(store, &link).await;
    let hash = granted(store, link.locator, NOW).await;
    let refused = grant(store, link.locator, NOW).await.1;
    assert_eq!(refused, Granted::Gone(LinkState::UsedUp));
    assert!(used(store, hash, NOW + 61).await);
    assert!(used(store, hash, NOW + GRANT_LIFETIME - 1).await);
}

/// A grant that was never used ends after ten minutes, or sooner with its own end, and once swept
/// its download is another's. It is given back once.
pub async fn t35_unused_grant_gives_its_download_back(store: &dyn MetaStore) {
    let link = capped(2, None);
    let id = live(store, &link).await;
    let kept = granted(store, link.locator, NOW).await;
    assert!(used(store, kept, NOW).await);
    let short = NewGrant {
        hash: GrantHash(rand::random()),
        expires_at: NOW + 30,
    };
    for (lost, end) in [(short, NOW + 30), (long(), NOW + UNUSED_GRANT_LIFETIME)] {
        let taken = store.grant(link.locator, lost, NOW).await;
        let last = Granted::Yes {
            downloads_left: Some(0),
        };
        assert_eq!(taken.expect("the store works"), last);
        store
            .sweep_grants(end - 1, MANY)
            .await
            .expect("the store works");
        assert_eq!(
            link_state(store, link.locator, end).await,
            LinkState::UsedUp
        );
        assert!(!used(store, lost.hash, end).await);
        for _sweep in 0..2 {
            store
                .sweep_grants(end, MANY)
                .await
                .expect("the store works");
        }
        let share = store.share(id, end).await.expect("the store works");
        assert_eq!(share.expect("the share is live").links[0].downloads, 1);
        assert!(!used(store, lost.hash, NOW).await);
    }
}

/// A used grant keeps its download, however it ends.
pub async fn used_grant_gives_nothing_back(store: &dyn MetaStore) {
    let link = capped(1, None);
    live(store, &link).await;
    let hash = granted(store, link.locator, NOW).await;
    let last = NOW + UNUSED_GRANT_LIFETIME - 1;
    assert!(used(store, hash, last).await);
    for now in [NOW + UNUSED_GRANT_LIFETIME, NOW + GRANT_LIFETIME] {
        store
            .sweep_grants(now, MANY)
            .await
            .expect("the store works");
        assert_eq!(
            link_state(store, link.locator, now).await,
            LinkState::UsedUp
        );
    }
}

fn long() -> NewGrant {
    NewGrant {
        hash: GrantHash(rand::random()),
        expires_at: NOW + GRANT_LIFETIME,
    }
}
