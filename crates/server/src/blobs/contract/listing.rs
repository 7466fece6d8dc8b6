//! Names: which are listed, and which are refused.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;

use crate::blobs::contract::assert_not_found;
use crate::blobs::contract::bodies::{Blob, body, layout, payload, place};
use crate::blobs::{BlobRef, BlobStore, ListedBlob, PartTag, StoredPart};

/// A reference that the store never made is refused by every call, before it can become a path.
pub async fn t21_foreign_refs_are_refused(store: &dyn BlobStore) {
    let blob = Blob::completed(store, &payload(100, 50)).await;
    let own = blob.blob.as_str();
    let long = "a".repeat(5 * 1024);
    let foreign = [
        "",
        ".",
        "..",
        "/",
        "../x",
        "ab/..",
        "ab/../../x",
        "/etc/passwd",
        "a\0b",
        "\u{e9}",
        &long,
        &format!("{own}/../{own}"),
        &format!("./{own}"),
        &format!("{own}\0"),
        &format!("{own}.part"),
        &format!(" {own}"),
    ]
    .map(BlobRef::new);
    for foreign in &foreign {
        let what = foreign.as_str();
        let whole = place(0, 0, 100);
        let bytes = body(&payload(100, 51), 10);
        assert_not_found(store.put_part(foreign, whole, bytes).await, what);
        let part = StoredPart {
            place: whole,
            tag: PartTag::default(),
        };
        let parts = [part.clone()];
        assert_not_found(store.complete(foreign, &parts, 100).await, what);
        assert_not_found(store.read(foreign, 0..0).await, what);
        assert_not_found(store.delete(foreign).await, what);
        assert_not_found(store.read_part(foreign, &part).await, what);
        assert!(matches!(store.look(foreign).await, Ok(None)), "{what}");
        assert_not_found(store.list(Some(foreign), 1).await, what);
    }
    assert!(
        store.read(&blob.blob, 0..100).await.is_ok(),
        "a foreign reference reached a blob"
    );
    blob.delete().await;
}

/// Blobs are listed in every state, and no longer when they were deleted.
pub async fn list_names_what_is_there(store: &dyn BlobStore) {
    let partial = Blob::new(store, layout(Some(100))).await;
    let completed = Blob::completed(store, &payload(100, 52)).await;
    let listed = list_all(store, 1000).await;
    let find = |blob: &BlobRef| listed.iter().find(|listed| listed.blob == *blob);
    assert!(
        find(&partial.blob).is_some_and(|listed| !listed.completed),
        "a blob that is not completed must be listed as such"
    );
    assert!(
        find(&completed.blob).is_some_and(|listed| listed.completed && listed.size == 100),
        "a completed blob must be listed with its size"
    );
    let gone = [partial.blob.clone(), completed.blob.clone()];
    partial.delete().await;
    completed.delete().await;
    let listed = list_all(store, 1000).await;
    assert!(
        !listed.iter().any(|listed| gone.contains(&listed.blob)),
        "a deleted blob is listed"
    );
}

/// `look` and `read_part` see a blob in every state; a store that cannot tell before `complete` says so.
pub async fn looks_see_what_lies_there(store: &dyn BlobStore) {
    let bytes = payload(100, 53);
    let mut blob = Blob::new(store, layout(Some(100))).await;
    blob.put_all(&bytes).await;
    for completed in [false, true] {
        if completed {
            blob.complete(100).await;
        }
        let look = store.look(&blob.blob).await.expect("a store that works");
        let look = look.expect("the blob is there");
        assert!(look.completed == completed, "completed is told wrongly");
        let exact = look.length == Some(100) || (look.length.is_none() && !completed);
        assert!(exact, "100 bytes were put, not {:?}", look.length);
        let part = store.read_part(&blob.blob, &blob.parts[0]).await;
        match part.expect("the part is there") {
            Some(body) => {
                let pieces: Vec<_> = body.try_collect().await.expect("it can be read");
                assert!(pieces.concat() == bytes, "read_part gave other bytes");
            }
            None => assert!(!completed, "a completed blob gives its parts out"),
        }
    }
    let gone = blob.blob.clone();
    blob.delete().await;
    assert!(matches!(store.look(&gone).await, Ok(None)), "it is deleted");
}

/// Pages of any length name every blob once, in an order that does not depend on the pages.
pub async fn list_pages_meet_every_blob_once(store: &dyn BlobStore) {
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(Blob::new(store, layout(None)).await);
    }
    let whole = list_all(store, 1000).await;
    let names: BTreeSet<_> = whole.iter().map(|listed| &listed.blob).collect();
    assert!(names.len() == whole.len(), "a blob is listed twice");
    for blob in &made {
        assert!(names.contains(&blob.blob), "a blob is not listed");
    }
    for limit in [1, 2, 7, whole.len()] {
        let paged = list_all(store, limit).await;
        assert!(paged == whole, "pages of {limit} name other blobs");
    }
    let none = store.list(None, 0).await.expect("list must succeed");
    assert!(none.is_empty(), "a page of none must be empty");
    for blob in made {
        blob.delete().await;
    }
}

/// There is never more space free than in all.
pub async fn space_is_sane(store: &dyn BlobStore) {
    let space = store.space().await.expect("space must be known");
    assert!(
        space.is_none_or(|space| space.free <= space.total && space.total > 0),
        "{space:?}"
    );
}

async fn list_all(store: &dyn BlobStore, limit: usize) -> Vec<ListedBlob> {
    let mut all: Vec<ListedBlob> = Vec::new();
    loop {
        let after = all.last().map(|listed| &listed.blob);
        let page = store.list(after, limit).await.expect("list must succeed");
        assert!(page.len() <= limit, "a page longer than {limit}");
        assert!(
            !page.iter().any(|listed| all.contains(listed)),
            "a page of {limit} names again what was before it"
        );
        let ended = page.len() < limit;
        all.extend(page);
        if ended {
            return all;
        }
    }
}
