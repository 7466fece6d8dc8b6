//! Uploads that receive: rows, claims, parts and bytes.

use super::fixture::{
    FREE, MANY, NOW, PART, UPLOAD_END, claim, find, new_upload, part, put, refused, state, upload,
    writer,
};
use crate::meta::{Claimed, Digest, Limits, MetaStore, PartClaim, UploadState};

/// An upload is found as it was made.
pub async fn upload_is_kept(store: &dyn MetaStore) {
    let new = new_upload(None);
    assert_eq!(find(store, new.id).await, None);
    store
        .create_upload(&new, FREE)
        .await
        .expect("nothing limits it");
    let row = store.upload(new.id).await.expect("the store works");
    let row = row.expect("the row was added");
    assert_eq!(row.id, new.id);
    assert_eq!(row.state, UploadState::Receiving);
    assert_eq!(row.blob, new.blob);
    assert_eq!(row.header, new.header);
    assert_eq!((row.part_size, row.size), (PART, None));
    assert_eq!(row.owner_verifier, new.owner_verifier);
    assert_eq!((row.created_at, row.expires_at), (NOW, UPLOAD_END));
}

/// A second upload of the same name or blob is refused and changes nothing.
pub async fn name_is_taken_once(store: &dyn MetaStore) {
    let first = new_upload(Some(5));
    store
        .create_upload(&first, FREE)
        .await
        .expect("nothing limits it");
    let mut second = new_upload(Some(6));
    second.id = first.id;
    refused!(store.create_upload(&second, FREE).await, WrongState);
    let mut third = new_upload(Some(6));
    third.blob = first.blob;
    refused!(store.create_upload(&third, FREE).await, WrongState);
    let row = store.upload(first.id).await.expect("the store works");
    assert_eq!(row.expect("the first is there").size, Some(5));
}

/// Parts are found in order, and each moves the upload's end.
pub async fn part_is_kept(store: &dyn MetaStore) {
    let id = upload(store, None).await;
    put(store, id, 2, 400).await;
    let writer = writer();
    store
        .claim_part(id, claim(0, PART, writer), FREE, NOW)
        .await
        .expect("the upload takes parts");
    store
        .commit_part(id, part(0, PART), writer, UPLOAD_END + 5)
        .await
        .expect("the part was claimed");
    let parts = store.parts(id).await.expect("the store works");
    assert_eq!(parts, [part(0, PART), part(2, 400)]);
    let row = store.upload(id).await.expect("the store works");
    assert_eq!(row.expect("the row is there").expires_at, UPLOAD_END + 5);
}

/// While one writes a part another is told so and can commit nothing; other parts are free.
pub async fn part_has_one_writer(store: &dyn MetaStore) {
    let id = upload(store, Some(2 * PART)).await;
    let (a, b) = (writer(), writer());
    let claimed = |number, writer| store.claim_part(id, claim(number, PART, writer), FREE, NOW);
    assert_eq!(claimed(0, a).await.expect("it is free"), Claimed::Yes);
    assert_eq!(claimed(0, b).await.expect("it is answered"), Claimed::Busy);
    assert_eq!(claimed(1, b).await.expect("it is free"), Claimed::Yes);
    refused!(
        store.commit_part(id, part(0, PART), b, UPLOAD_END).await,
        WrongState
    );
    refused!(
        store.commit_part(id, part(5, PART), a, UPLOAD_END).await,
        WrongState
    );
    assert!(store.parts(id).await.expect("the store works").is_empty());
    store
        .commit_part(id, part(0, PART), a, UPLOAD_END)
        .await
        .expect("the claim is still this writer's");
    refused!(
        store.commit_part(id, part(0, PART), a, UPLOAD_END).await,
        WrongState
    );
}

/// A renewed claim lasts until its new end.
pub async fn claim_is_renewed(store: &dyn MetaStore) {
    let id = upload(store, Some(PART)).await;
    let (a, b) = (writer(), writer());
    let until = |writer, until| PartClaim {
        until,
        ..claim(0, PART, writer)
    };
    for end in [NOW + 60, NOW + 100] {
        let claimed = store.claim_part(id, until(a, end), FREE, NOW).await;
        assert_eq!(claimed.expect("it is this writer's"), Claimed::Yes);
    }
    let later = NOW + 99;
    let claimed = store.claim_part(id, until(b, later + 60), FREE, later);
    assert_eq!(claimed.await.expect("it is answered"), Claimed::Busy);
}

/// A claim that ran out is another's to take, and then the first writer can neither commit nor release.
pub async fn claim_that_ran_out_is_taken(store: &dyn MetaStore) {
    let id = upload(store, Some(PART)).await;
    let (a, b) = (writer(), writer());
    store
        .claim_part(id, claim(0, PART, a), FREE, NOW)
        .await
        .expect("the upload takes parts");
    let late = PartClaim {
        until: NOW + 120,
        ..claim(0, PART, b)
    };
    let before = store.claim_part(id, late, FREE, NOW + 59).await;
    assert_eq!(before.expect("it is answered"), Claimed::Busy);
    let after = store.claim_part(id, late, FREE, NOW + 60).await;
    assert_eq!(after.expect("it is answered"), Claimed::Yes);
    refused!(
        store.commit_part(id, part(0, PART), a, UPLOAD_END).await,
        WrongState
    );
    store.release_part(id, 0, a).await.expect("it is ignored");
    store
        .commit_part(id, part(0, PART), b, UPLOAD_END)
        .await
        .expect("the claim is the second writer's");
}

/// A claim that ran out and that nobody took may still commit.
pub async fn claim_that_ran_out_may_commit(store: &dyn MetaStore) {
    let id = upload(store, Some(2 * PART)).await;
    let (a, b) = (writer(), writer());
    store
        .claim_part(id, claim(0, PART, a), FREE, NOW)
        .await
        .expect("the upload takes parts");
    let other = PartClaim {
        until: NOW + 160,
        ..claim(1, PART, b)
    };
    store
        .claim_part(id, other, FREE, NOW + 100)
        .await
        .expect("the upload takes parts");
    store
        .commit_part(id, part(0, PART), a, UPLOAD_END)
        .await
        .expect("nobody took it");
}

/// The sweeper ends claims whose writers are gone, and their charge.
pub async fn claim_that_ran_out_is_swept(store: &dyn MetaStore) {
    let id = upload(store, None).await;
    let before = store.totals().await.expect("the store works").charged;
    let a = writer();
    store
        .claim_part(id, claim(0, PART, a), FREE, NOW)
        .await
        .expect("the upload takes parts");
    let charged = store.totals().await.expect("the store works").charged;
    assert_eq!(charged, before + PART);
    store
        .sweep_uploads(NOW + 60, MANY)
        .await
        .expect("the store works");
    let charged = store.totals().await.expect("the store works").charged;
    assert_eq!(charged, before);
    refused!(
        store.commit_part(id, part(0, PART), a, UPLOAD_END).await,
        WrongState
    );
}

/// A release frees the part for others; another's release does not.
pub async fn release_ends_only_own_claims(store: &dyn MetaStore) {
    let id = upload(store, Some(PART)).await;
    let (a, b) = (writer(), writer());
    let claimed = |writer| store.claim_part(id, claim(0, PART, writer), FREE, NOW);
    claimed(a).await.expect("the upload takes parts");
    store.release_part(id, 0, b).await.expect("it is ignored");
    assert_eq!(claimed(b).await.expect("it is answered"), Claimed::Busy);
    store.release_part(id, 0, a).await.expect("it is free now");
    assert_eq!(claimed(b).await.expect("it is answered"), Claimed::Yes);
    refused!(
        store.commit_part(id, part(0, PART), a, UPLOAD_END).await,
        WrongState
    );
}

/// A recorded part is told with whether its digest is the announced one.
pub async fn recorded_part_is_not_claimed_again(store: &dyn MetaStore) {
    let id = upload(store, Some(2 * PART)).await;
    put(store, id, 1, PART).await;
    let same = claim(1, PART, writer());
    let with = |digest| PartClaim { digest, ..same };
    let other = with(Some(Digest([99; 32])));
    for (wish, same_digest) in [(same, true), (other, false), (with(None), false)] {
        let claimed = store.claim_part(id, wish, FREE, NOW).await;
        assert_eq!(
            claimed.expect("it is answered"),
            Claimed::Exists { same_digest }
        );
    }
}

/// An upload whose time ended takes no claim, also before the sweeper saw it.
pub async fn upload_whose_time_ended_takes_nothing(store: &dyn MetaStore) {
    let id = upload(store, Some(PART)).await;
    let late = claim(0, PART, writer());
    refused!(
        store.claim_part(id, late, FREE, UPLOAD_END).await,
        WrongState
    );
    let claimed = store.claim_part(id, late, FREE, UPLOAD_END - 1).await;
    assert_eq!(claimed.expect("there is a second left"), Claimed::Yes);
    assert_eq!(state(store, id).await, UploadState::Receiving);
}

/// A part that ends after the announced size is refused.
pub async fn t2_part_past_the_end_is_refused(store: &dyn MetaStore) {
    let id = upload(store, Some(PART + 10)).await;
    let claimed = |number, length| {
        let wish = claim(number, length, writer());
        store.claim_part(id, wish, FREE, NOW)
    };
    refused!(claimed(1, 11).await, TooLarge);
    refused!(claimed(2, 1).await, TooLarge);
    refused!(claimed(0, u64::MAX).await, TooLarge);
    assert_eq!(claimed(1, 10).await.expect("it fits"), Claimed::Yes);
}

/// An upload of known size is charged with it from the start, and with nothing more.
pub async fn known_size_is_charged_once(store: &dyn MetaStore) {
    let before = store.totals().await.expect("the store works");
    let id = upload(store, Some(2 * PART)).await;
    put(store, id, 0, PART).await;
    store
        .claim_part(id, claim(1, PART, writer()), FREE, NOW)
        .await
        .expect("the upload takes parts");
    let after = store.totals().await.expect("the store works");
    assert_eq!(after.charged - before.charged, 2 * PART);
    assert_eq!(after.outstanding - before.outstanding, PART);
    assert_eq!(after.open_uploads - before.open_uploads, 1);
}

/// An upload of unknown size is charged with each part from its claim on, once.
pub async fn unknown_size_is_charged_by_part(store: &dyn MetaStore) {
    let before = store.totals().await.expect("the store works");
    let id = upload(store, None).await;
    let (a, b) = (writer(), writer());
    let sums = || async {
        let after = store.totals().await.expect("the store works");
        (
            after.charged - before.charged,
            after.outstanding - before.outstanding,
        )
    };
    for _renewal in 0..2 {
        store
            .claim_part(id, claim(0, PART, a), FREE, NOW)
            .await
            .expect("the upload takes parts");
        assert_eq!(sums().await, (PART, PART));
    }
    store
        .claim_part(id, claim(1, 300, b), FREE, NOW)
        .await
        .expect("the upload takes parts");
    assert_eq!(sums().await, (PART + 300, PART + 300));
    store
        .commit_part(id, part(0, PART), a, UPLOAD_END)
        .await
        .expect("the part was claimed");
    assert_eq!(sums().await, (PART + 300, 300));
    store.release_part(id, 1, b).await.expect("it is free now");
    assert_eq!(sums().await, (PART, 0));
    store
        .claim_part(id, claim(1, 300, b), FREE, NOW)
        .await
        .expect("the upload takes parts");
    store.abort(id).await.expect("it was receiving");
    assert_eq!(sums().await, (PART, 0));
    store.forget_blob(id).await.expect("the store works");
    assert_eq!(sums().await, (0, 0));
}

/// A known size is held against both limits.
pub async fn limits_hold_for_known_sizes(store: &dyn MetaStore) {
    let charged = store.totals().await.expect("the store works").charged;
    let limits = Limits {
        max_size: Some(50),
        max_total: Some(charged + 80),
    };
    let create = |size| {
        let new = new_upload(Some(size));
        async move { store.create_upload(&new, limits).await }
    };
    refused!(create(51).await, TooLarge);
    create(50).await.expect("it fits");
    refused!(create(31).await, TotalExceeded);
    create(30).await.expect("it fits");
    refused!(create(1).await, TotalExceeded);
}

/// Parts of an unknown size are held against both limits, with the claims of others.
pub async fn limits_hold_for_unknown_sizes(store: &dyn MetaStore) {
    let id = upload(store, None).await;
    let other = upload(store, None).await;
    let charged = store.totals().await.expect("the store works").charged;
    let limits = Limits {
        max_size: Some(1_500),
        max_total: Some(charged + 2_000),
    };
    let a = writer();
    let claimed = |id, number, length| {
        let wish = claim(number, length, a);
        store.claim_part(id, wish, limits, NOW)
    };
    assert_eq!(claimed(id, 0, 1_000).await.expect("it fits"), Claimed::Yes);
    assert_eq!(claimed(id, 0, 1_000).await.expect("again"), Claimed::Yes);
    refused!(claimed(id, 1, 501).await, TooLarge);
    assert_eq!(claimed(id, 1, 500).await.expect("it fits"), Claimed::Yes);
    refused!(claimed(other, 0, 501).await, TotalExceeded);
    store
        .commit_part(id, part(0, 1_000), a, UPLOAD_END)
        .await
        .expect("the part was claimed");
    refused!(claimed(other, 0, 501).await, TotalExceeded);
    refused!(claimed(id, 2, 1).await, TooLarge);
    let full = new_upload(Some(501));
    refused!(store.create_upload(&full, limits).await, TotalExceeded);
    store.release_part(id, 1, a).await.expect("it is free now");
    let claimed = claimed(other, 0, 501).await;
    assert_eq!(claimed.expect("there is room again"), Claimed::Yes);
}
