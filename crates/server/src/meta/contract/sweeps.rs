//! What ends by time, and what becomes of blobs.

use super::fixture::{
    FREE, GRANT_LIFETIME, MANY, NOW, PART, UPLOAD_END, blob, capped, claim, completion, find,
    granted, in_state, link, live, part, put, state, upload, used, writer,
};
use super::links::link_state;
use crate::clock::UnixTime;
use crate::meta::{LinkState, MetaStore, SHARE_GRACE, UNUSED_GRANT_LIFETIME, UploadState};

/// Sweeps grants and shares as the sweeper does.
async fn sweep(store: &dyn MetaStore, now: UnixTime) {
    store
        .sweep_grants(now, MANY)
        .await
        .expect("the store works");
    store
        .sweep_shares(now, MANY)
        .await
        .expect("the store works");
}

/// An upload ends when its time does, which each part moves.
pub async fn t31_upload_ends_without_parts(store: &dyn MetaStore) {
    let (quiet, busy) = (upload(store, None).await, upload(store, None).await);
    let writer = writer();
    store
        .claim_part(busy, claim(0, PART, writer), FREE, NOW)
        .await
        .expect("the upload takes parts");
    store
        .commit_part(busy, part(0, PART), writer, UPLOAD_END + 50)
        .await
        .expect("the part was claimed");
    for (now, of_quiet, of_busy) in [
        (
            UPLOAD_END - 1,
            UploadState::Receiving,
            UploadState::Receiving,
        ),
        (UPLOAD_END, UploadState::Aborted, UploadState::Receiving),
        (UPLOAD_END + 50, UploadState::Aborted, UploadState::Aborted),
    ] {
        store
            .sweep_uploads(now, MANY)
            .await
            .expect("the store works");
        assert_eq!(state(store, quiet).await, of_quiet);
        assert_eq!(state(store, busy).await, of_busy);
    }
}

/// A share goes an hour after it was first seen without a live link and a grant; why its link ended
/// is kept.
pub async fn idle_share_is_deleted_after_grace(store: &dyn MetaStore) {
    let link = capped(5, Some(NOW + 100));
    let id = live(store, &link).await;
    for now in [NOW, NOW + 99, NOW + 100, NOW + 100 + SHARE_GRACE - 1] {
        sweep(store, now).await;
        assert_eq!(state(store, id).await, UploadState::Live);
    }
    sweep(store, NOW + 100 + SHARE_GRACE).await;
    assert_eq!(state(store, id).await, UploadState::Deleting);
    let now = NOW + 100 + SHARE_GRACE;
    assert_eq!(
        link_state(store, link.locator, now).await,
        LinkState::Expired
    );
}

/// A share whose only download is under way stays until an hour after its grant ended.
pub async fn t35_download_in_progress_keeps_its_share(store: &dyn MetaStore) {
    let link = capped(1, Some(NOW + 100));
    let id = live(store, &link).await;
    let hash = granted(store, link.locator, NOW + 99).await;
    assert!(used(store, hash, NOW + 99).await);
    let grant_end = NOW + 99 + GRANT_LIFETIME;
    for now in [NOW + 100, NOW + 100 + 2 * SHARE_GRACE, grant_end - 1] {
        sweep(store, now).await;
        assert!(used(store, hash, now).await);
    }
    sweep(store, grant_end).await;
    sweep(store, grant_end + SHARE_GRACE - 1).await;
    assert_eq!(state(store, id).await, UploadState::Live);
    sweep(store, grant_end + SHARE_GRACE).await;
    assert_eq!(state(store, id).await, UploadState::Deleting);
}

/// A share without an end stays; a used-up one goes, unless its download came back.
pub async fn share_that_never_ends_stays(store: &dyn MetaStore) {
    let (forever, _) = link();
    let kept = live(store, &forever).await;
    let unused = capped(1, None);
    let refunded = live(store, &unused).await;
    granted(store, unused.locator, NOW).await;
    let spent = capped(1, None);
    let gone = live(store, &spent).await;
    let hash = granted(store, spent.locator, NOW).await;
    assert!(used(store, hash, NOW).await);
    let grant_end = NOW + GRANT_LIFETIME;
    for now in [
        NOW,
        NOW + UNUSED_GRANT_LIFETIME,
        NOW + SHARE_GRACE + UNUSED_GRANT_LIFETIME,
        grant_end,
        grant_end + SHARE_GRACE,
    ] {
        sweep(store, now).await;
    }
    assert_eq!(state(store, kept).await, UploadState::Live);
    assert_eq!(state(store, refunded).await, UploadState::Live);
    assert_eq!(state(store, gone).await, UploadState::Deleting);
    let now = grant_end + SHARE_GRACE;
    assert_eq!(
        link_state(store, spent.locator, now).await,
        LinkState::UsedUp
    );
}

/// No sweep does more than it may, and repeated ones come to an end.
pub async fn sweeps_keep_their_limit(store: &dyn MetaStore) {
    let end = UPLOAD_END + 2 * SHARE_GRACE;
    store
        .sweep_uploads(end, MANY)
        .await
        .expect("the store works");
    sweep(store, end).await;
    let link = capped(3, Some(NOW + 100));
    let id = live(store, &link).await;
    for _twice in 0..2 {
        granted(store, link.locator, NOW).await;
        upload(store, None).await;
        live(store, &capped(1, Some(NOW + 100))).await;
    }
    for left in [1, 1, 0] {
        let swept = store.sweep_uploads(end, 1).await;
        assert_eq!(swept.expect("the store works"), left);
    }
    for left in [1, 1, 0] {
        let swept = store.sweep_grants(end, 1).await;
        assert_eq!(swept.expect("the store works"), left);
    }
    store
        .sweep_shares(end, MANY)
        .await
        .expect("the store works");
    let after = end + SHARE_GRACE;
    for left in [1, 1, 1, 0] {
        let swept = store.sweep_shares(after, 1).await;
        assert_eq!(swept.expect("the store works"), left);
    }
    assert_eq!(state(store, id).await, UploadState::Deleting);
}

/// A deleted row's blob is named until it is said to be gone; then parts and charge go too.
pub async fn t22_blob_is_forgotten_when_deleted(store: &dyn MetaStore) {
    let before = store.totals().await.expect("the store works").charged;
    let id = live(store, &link().0).await;
    store.delete_share(id, NOW).await.expect("it was live");
    let named = || async {
        let rows = store.blobs_to_delete(MANY).await.expect("the store works");
        rows.into_iter().find(|row| row.id == id)
    };
    let row = store.upload(id).await.expect("the store works");
    let row = row.expect("the row is there");
    let waiting = named().await.expect("its blob is still there");
    assert_eq!((waiting.blob, waiting.size), (row.blob, PART));
    let charged = store.totals().await.expect("the store works").charged;
    assert_eq!(charged, before + PART);
    store.forget_blob(id).await.expect("the store works");
    assert!(named().await.is_none());
    let charged = store.totals().await.expect("the store works").charged;
    assert_eq!(charged, before);
    assert!(store.parts(id).await.expect("the store works").is_empty());
    // What the owner needs to repeat the deletion stays.
    let gone = store.upload(id).await.expect("the store works");
    let gone = gone.expect("the row is there");
    assert_eq!(gone.owner_verifier, row.owner_verifier);
    store.delete_share(id, NOW).await.expect("it is repeated");
}

/// An aborted upload's blob is named, and its row goes with it.
pub async fn aborted_upload_goes_away(store: &dyn MetaStore) {
    let before = store.totals().await.expect("the store works").charged;
    let id = upload(store, Some(2 * PART)).await;
    put(store, id, 0, PART).await;
    store.abort(id).await.expect("it was receiving");
    let rows = store.blobs_to_delete(MANY).await.expect("the store works");
    let row = rows.iter().find(|row| row.id == id);
    assert_eq!(row.expect("its blob is still there").size, 0);
    let charged = store.totals().await.expect("the store works").charged;
    assert_eq!(charged, before + 2 * PART);
    store.forget_blob(id).await.expect("the store works");
    assert_eq!(find(store, id).await, None);
    let charged = store.totals().await.expect("the store works").charged;
    assert_eq!(charged, before);
}

/// A blob is known while a row waits for it, serves it or still has to delete it.
pub async fn known_blobs_are_told(store: &dyn MetaStore) {
    let mut blobs = vec![blob()];
    let mut known = vec![false];
    for (state, is_known) in [
        (UploadState::Receiving, true),
        (UploadState::Completing, true),
        (UploadState::Live, true),
        (UploadState::Deleting, true),
        (UploadState::Aborted, true),
        (UploadState::Gone, false),
    ] {
        let id = in_state(store, state, &completion(PART, &link().0)).await;
        let row = store.upload(id).await.expect("the store works");
        blobs.push(row.expect("the row is there").blob);
        known.push(is_known);
    }
    let told = store.known_blobs(&blobs).await.expect("the store works");
    assert_eq!(told, known);
    let none = store.known_blobs(&[]).await.expect("the store works");
    assert!(none.is_empty());
}

/// Sums count each row in its state.
pub async fn totals_count_rows(store: &dyn MetaStore) {
    for (state, open, shares, charged) in [
        (UploadState::Receiving, 1, 0, PART),
        (UploadState::Completing, 1, 0, PART),
        (UploadState::Live, 0, 1, PART),
        (UploadState::Deleting, 0, 0, PART),
        (UploadState::Aborted, 0, 0, PART),
        (UploadState::Gone, 0, 0, 0),
    ] {
        let before = store.totals().await.expect("the store works");
        in_state(store, state, &completion(PART, &link().0)).await;
        let after = store.totals().await.expect("the store works");
        assert_eq!(after.open_uploads - before.open_uploads, open, "{state:?}");
        assert_eq!(after.shares - before.shares, shares, "{state:?}");
        assert_eq!(after.charged - before.charged, charged, "{state:?}");
        assert_eq!(after.outstanding, before.outstanding, "{state:?}");
    }
}
