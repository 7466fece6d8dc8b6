//! From the last part to a live share.

use super::fixture::{
    FREE, MANY, NOW, PART, UPLOAD_END, capped, claim, completion, in_state, link, live, part, put,
    refused, state, upload, writer,
};
use crate::meta::{Claimed, CompleteState, LinkState, MetaStore, NewLink, UploadState};

/// A share is live only once it is published; its link is not told of before.
pub async fn complete_makes_a_share(store: &dyn MetaStore) {
    let id = upload(store, None).await;
    put(store, id, 0, PART).await;
    put(store, id, 1, 1).await;
    let (link, proof) = link();
    let fixed = completion(PART + 1, &link);
    let begun = store.begin_complete(id, &fixed, NOW).await;
    let state_then = CompleteState {
        live: false,
        expires_at: None,
    };
    assert_eq!(begun.expect("every part is there"), state_then);
    assert_eq!(state(store, id).await, UploadState::Completing);
    let row = store.upload(id).await.expect("the store works");
    assert_eq!(row.expect("the row is there").size, Some(PART + 1));

    let told = store.link_state(link.locator, NOW).await;
    assert_eq!(told.expect("the store works"), None);
    let client = super::fixture::client();
    let checked = store.check_proof(link.locator, &proof, client, NOW).await;
    assert_eq!(
        checked.expect("the store works"),
        crate::meta::ProofCheck::Unknown
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

    store.publish(id, NOW).await.expect("it was completing");
    store.publish(id, NOW).await.expect("it is live already");
    let told = store.link_state(link.locator, NOW).await;
    let told = told.expect("the store works").expect("the link is there");
    assert_eq!(told.state, LinkState::Live);
}

/// The same `complete` again gives the same answer before and after publishing.
pub async fn complete_repeated_changes_nothing(store: &dyn MetaStore) {
    let link = capped(3, Some(NOW + 500));
    let fixed = completion(PART, &link);
    let id = in_state(store, UploadState::Completing, &fixed).await;
    for live in [false, true] {
        let again = store.begin_complete(id, &fixed, NOW + 100_000).await;
        let same = CompleteState {
            live,
            expires_at: Some(NOW + 500),
        };
        assert_eq!(again.expect("it is a repetition"), same);
        store.publish(id, NOW).await.expect("it was completing");
    }
}

/// Another body is refused before and after publishing.
pub async fn complete_with_another_body_differs(store: &dyn MetaStore) {
    let (link, _) = link();
    let fixed = completion(PART, &link);
    let id = in_state(store, UploadState::Completing, &fixed).await;
    let other = completion(PART, &link);
    refused!(store.begin_complete(id, &other, NOW).await, CompleteDiffers);
    store.publish(id, NOW).await.expect("it was completing");
    refused!(store.begin_complete(id, &other, NOW).await, CompleteDiffers);
}

/// What it is, the announced size, parts by number and length, the size that `complete` says.
type Case = (&'static str, Option<u64>, &'static [(u32, u64)], u64);

/// A gap, a short or long part, a wrong sum and no part at all are refused, and nothing changes.
pub async fn t2_complete_wants_every_byte(store: &dyn MetaStore) {
    let whole = 2 * PART + 5;
    let cases: [Case; 9] = [
        ("none", None, &[], 0),
        ("none of some", None, &[], PART),
        ("the first is missing", None, &[(1, 5)], 5),
        ("a gap", None, &[(0, PART), (2, 5)], PART + 5),
        (
            "a short middle",
            None,
            &[(0, PART), (1, 9), (2, 5)],
            PART + 14,
        ),
        (
            "a long last",
            None,
            &[(0, PART), (1, PART + 1)],
            2 * PART + 1,
        ),
        ("less than said", None, &[(0, PART), (1, 5)], PART + 6),
        ("more than said", None, &[(0, PART), (1, 5)], PART + 4),
        (
            "not as announced",
            Some(whole),
            &[(0, PART), (1, 5)],
            PART + 5,
        ),
    ];
    for (case, announced, parts, size) in cases {
        let id = upload(store, announced).await;
        for (number, length) in parts {
            put(store, id, *number, *length).await;
        }
        let (link, _) = link();
        refused!(
            store
                .begin_complete(id, &completion(size, &link), NOW)
                .await,
            PartsMissing
        );
        assert_eq!(state(store, id).await, UploadState::Receiving, "{case}");
        // The locator was not taken either.
        live(store, &link).await;
    }
}

/// A locator is accepted once, whatever became of its link.
pub async fn locator_is_taken_once(store: &dyn MetaStore) {
    for first in [
        UploadState::Completing,
        UploadState::Live,
        UploadState::Deleting,
        UploadState::Gone,
    ] {
        let (link, _) = link();
        in_state(store, first, &completion(PART, &link)).await;
        let id = upload(store, Some(PART)).await;
        put(store, id, 0, PART).await;
        let second = NewLink {
            envelope: [1; crate::meta::ENVELOPE_LEN],
            ..link
        };
        let taken = completion(PART, &second);
        refused!(store.begin_complete(id, &taken, NOW).await, LocatorTaken);
        assert_eq!(state(store, id).await, UploadState::Receiving, "{first:?}");
        let free = completion(PART, &super::fixture::link().0);
        store
            .begin_complete(id, &free, NOW)
            .await
            .expect("another locator is free");
    }
}

/// A claim that lives when `complete` begins can neither hold it up nor add to it.
pub async fn t2_part_after_complete_is_refused(store: &dyn MetaStore) {
    let id = upload(store, None).await;
    put(store, id, 0, PART).await;
    let before = store.totals().await.expect("the store works").charged;
    let a = writer();
    let claimed = store.claim_part(id, claim(1, 7, a), FREE, NOW).await;
    assert_eq!(claimed.expect("the upload takes parts"), Claimed::Yes);
    let fixed = completion(PART, &link().0);
    store
        .begin_complete(id, &fixed, NOW)
        .await
        .expect("what is recorded is whole");
    refused!(
        store.commit_part(id, part(1, 7), a, UPLOAD_END).await,
        WrongState
    );
    refused!(
        store.claim_part(id, claim(1, 7, a), FREE, NOW).await,
        WrongState
    );
    assert_eq!(store.parts(id).await.expect("the store works").len(), 1);
    let charged = store.totals().await.expect("the store works").charged;
    assert_eq!(charged, before);
}

/// A row in `Completing` is named for recovery with its size, and only then.
pub async fn unfinished_share_is_recovered(store: &dyn MetaStore) {
    let fixed = completion(PART, &link().0);
    let id = in_state(store, UploadState::Completing, &fixed).await;
    let named = || async {
        let rows = store.completing(MANY).await.expect("the store works");
        rows.into_iter().find(|row| row.id == id)
    };
    let row = named().await.expect("it is completing");
    let upload = store.upload(id).await.expect("the store works");
    assert_eq!(row.blob, upload.expect("the row is there").blob);
    assert_eq!(row.size, PART);
    store.publish(id, NOW).await.expect("it was completing");
    assert!(named().await.is_none());
}
