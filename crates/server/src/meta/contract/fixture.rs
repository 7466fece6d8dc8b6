//! Rows to start from.

use onekey_core::keys::{Locator, OwnerVerifier, Proof, ShareId, Verifier};

use crate::blobs::{BlobRef, PartPlace, PartTag};
use crate::clock::UnixTime;
use crate::meta::{
    Claimed, ClientKey, CommittedPart, Completion, Digest, ENVELOPE_LEN, GrantHash, Granted,
    HEADER_LEN, Limits, MetaStore, NewGrant, NewLink, NewUpload, PartClaim, UploadState, WriterId,
};

/// When every case starts.
pub(super) const NOW: UnixTime = 1_800_000_000;

/// When uploads of the cases end.
pub(super) const UPLOAD_END: UnixTime = NOW + 86_400;

/// Seconds that grants of the cases live.
pub(super) const GRANT_LIFETIME: i64 = 86_400;

/// Part size of the cases.
pub(super) const PART: u64 = 1_000;

/// More rows than any case leaves behind.
pub(super) const MANY: usize = 1_000_000;

/// Nothing is limited.
pub(super) const FREE: Limits = Limits {
    max_size: None,
    max_total: None,
};

/// Fails unless the answer is this error.
macro_rules! refused {
    ($answer:expr, $error:ident) => {
        match $answer {
            Err($crate::meta::MetaError::$error) => {}
            other => panic!("{} was expected, not {other:?}", stringify!($error)),
        }
    };
}
pub(super) use refused;

pub(super) fn writer() -> WriterId {
    WriterId(rand::random())
}

pub(super) fn client() -> ClientKey {
    ClientKey(rand::random())
}

pub(super) fn proof() -> Proof {
    Proof::from_bytes(rand::random())
}

pub(super) fn blob() -> BlobRef {
    BlobRef::new(format!("{:032x}", rand::random::<u128>()))
}

pub(super) fn new_upload(size: Option<u64>) -> NewUpload {
    NewUpload {
        id: ShareId::from_bytes(rand::random()),
        blob: blob(),
        header: [7; HEADER_LEN],
        part_size: PART,
        size,
        owner_verifier: OwnerVerifier::from_bytes(rand::random()),
        owner_envelope: Some([8; ENVELOPE_LEN]),
        created_at: NOW,
        expires_at: UPLOAD_END,
    }
}

pub(super) async fn upload(store: &dyn MetaStore, size: Option<u64>) -> ShareId {
    let upload = new_upload(size);
    store
        .create_upload(&upload, FREE)
        .await
        .expect("nothing limits it");
    upload.id
}

pub(super) fn claim(number: u32, length: u64, writer: WriterId) -> PartClaim {
    PartClaim {
        place: place(number, length),
        digest: Some(Digest([number.to_le_bytes()[0]; 32])),
        writer,
        until: NOW + 60,
    }
}

pub(super) fn part(number: u32, length: u64) -> CommittedPart {
    CommittedPart {
        place: place(number, length),
        digest: Digest([number.to_le_bytes()[0]; 32]),
        tag: PartTag::new(format!("tag {number}")),
    }
}

fn place(number: u32, length: u64) -> PartPlace {
    PartPlace {
        number,
        offset: u64::from(number) * PART,
        length,
    }
}

/// Claims and commits a part.
pub(super) async fn put(store: &dyn MetaStore, id: ShareId, number: u32, length: u64) {
    let writer = writer();
    let claimed = store
        .claim_part(id, claim(number, length, writer), FREE, NOW)
        .await;
    assert_eq!(claimed.expect("the upload takes parts"), Claimed::Yes);
    store
        .commit_part(id, part(number, length), writer, UPLOAD_END)
        .await
        .expect("the part was claimed");
}

/// A link and its proof.
pub(super) fn link() -> (NewLink, Proof) {
    let proof = proof();
    let link = NewLink {
        locator: Locator::from_bytes(rand::random()),
        verifier: Verifier::of(&proof),
        envelope: [9; ENVELOPE_LEN],
        password: false,
        direct: false,
        max_downloads: None,
        expires_at: None,
        label: Some(b"label".to_vec()),
    };
    (link, proof)
}

/// A link with a cap and an end.
pub(super) fn capped(max_downloads: u64, expires_at: Option<UnixTime>) -> NewLink {
    NewLink {
        max_downloads: Some(max_downloads),
        expires_at,
        ..link().0
    }
}

pub(super) fn completion(size: u64, link: &NewLink) -> Completion {
    Completion {
        size,
        manifest: b"manifest".to_vec(),
        link: link.clone(),
        body_digest: Digest(rand::random()),
    }
}

/// A live share of one full part.
pub(super) async fn live(store: &dyn MetaStore, link: &NewLink) -> ShareId {
    in_state(store, UploadState::Live, &completion(PART, link)).await
}

/// A row in a state, brought there by `completion` where it passes there.
pub(super) async fn in_state(
    store: &dyn MetaStore,
    state: UploadState,
    completion: &Completion,
) -> ShareId {
    let id = upload(store, Some(PART)).await;
    put(store, id, 0, PART).await;
    let steps: &[UploadState] = match state {
        UploadState::Receiving => &[],
        UploadState::Aborted => &[UploadState::Aborted],
        UploadState::Completing => &[UploadState::Completing],
        UploadState::Live => &[UploadState::Completing, UploadState::Live],
        UploadState::Deleting => &[
            UploadState::Completing,
            UploadState::Live,
            UploadState::Deleting,
        ],
        UploadState::Gone => &[
            UploadState::Completing,
            UploadState::Live,
            UploadState::Deleting,
            UploadState::Gone,
        ],
    };
    for step in steps {
        let done = match step {
            UploadState::Aborted => store.abort(id).await,
            UploadState::Completing => store.begin_complete(id, completion, NOW).await.map(|_| ()),
            UploadState::Live => store.publish(id, NOW).await,
            UploadState::Deleting => store.delete_share(id, NOW).await,
            UploadState::Gone => store.forget_blob(id).await,
            UploadState::Receiving => Ok(()),
        };
        done.expect("the step is allowed");
    }
    id
}

/// Returns the state of a row that is there.
pub(super) async fn state(store: &dyn MetaStore, id: ShareId) -> UploadState {
    find(store, id).await.expect("the row is there")
}

/// Returns the state of a row.
pub(super) async fn find(store: &dyn MetaStore, id: ShareId) -> Option<UploadState> {
    let row = store.upload(id).await.expect("the store works");
    row.map(|row| row.state)
}

/// Asks for a grant.
pub(super) async fn grant(
    store: &dyn MetaStore,
    locator: Locator,
    now: UnixTime,
) -> (GrantHash, Granted) {
    let grant = NewGrant {
        hash: GrantHash(rand::random()),
        expires_at: now + GRANT_LIFETIME,
    };
    let granted = store.grant(locator, grant, now).await;
    (grant.hash, granted.expect("the store works"))
}

/// Takes a grant that is to be had.
pub(super) async fn granted(store: &dyn MetaStore, locator: Locator, now: UnixTime) -> GrantHash {
    match grant(store, locator, now).await {
        (hash, Granted::Yes { .. }) => hash,
        (_, other) => panic!("a grant was expected, not {other:?}"),
    }
}

/// Uses a grant and tells whether it was live.
pub(super) async fn used(store: &dyn MetaStore, grant: GrantHash, now: UnixTime) -> bool {
    let payload = store.use_grant(grant, now).await;
    payload.expect("the store works").is_some()
}
