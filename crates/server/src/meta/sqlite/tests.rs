//! Faults that only the inside of the store can make.

use onekey_core::keys::{OwnerVerifier, ShareId};

use super::{SqliteMeta, sql};
use crate::blobs::BlobRef;
use crate::meta::{GrantHash, HEADER_LEN, Limits, LinkChange, MetaError, MetaStore, NewUpload};

fn open() -> (tempfile::TempDir, SqliteMeta) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let store = SqliteMeta::open(&folder.path().join("onekey.db")).expect("the file is new");
    (folder, store)
}

async fn create(store: &SqliteMeta, number: u128) -> Result<(), MetaError> {
    let upload = NewUpload {
        id: ShareId::from_bytes(number.to_be_bytes()),
        blob: BlobRef::new(number.to_string()),
        header: [0; HEADER_LEN],
        part_size: 1,
        size: None,
        owner_verifier: OwnerVerifier::from_bytes([0; 32]),
        owner_envelope: None,
        created_at: 0,
        expires_at: 0,
    };
    store.create_upload(&upload, Limits::default()).await
}

/// Makes the file as full as it is, or gives it room again.
async fn set_pages(store: &SqliteMeta, most: i64) {
    let set = store.write(move |tx| Ok(tx.db.pragma_update(None, "max_page_count", most)?));
    set.await.expect("the store works");
}

#[tokio::test]
async fn full_disk_is_told_apart_and_passes() {
    let (_folder, store) = open();
    set_pages(&store, 1).await;
    let mut kept = 0;
    let error = loop {
        match create(&store, kept).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 10_000, "the file never got full");
    };
    assert!(matches!(error, MetaError::StorageFull), "{error:?}");
    let open = store.totals().await.expect("reads go on").open_uploads;
    assert_eq!(u128::from(open), kept);
    set_pages(&store, i64::from(u32::MAX) / 2).await;
    create(&store, kept).await.expect("there is room again");
}

#[tokio::test]
async fn every_verb_fails_once_the_writer_ended() {
    let (_folder, store) = open();
    create(&store, 1).await.expect("the store works");
    let ended = store.write(|_| -> Result<(), _> { panic!("a test ends the writer") });
    assert!(matches!(ended.await, Err(MetaError::Unavailable(_))));
    let id = ShareId::from_bytes(1_u128.to_be_bytes());
    assert!(matches!(
        create(&store, 2).await,
        Err(MetaError::Unavailable(_))
    ));
    assert!(matches!(
        store.upload(id).await,
        Err(MetaError::Unavailable(_))
    ));
    assert!(matches!(store.ping().await, Err(MetaError::Unavailable(_))));
}

#[tokio::test]
async fn commits_are_synced() {
    let (_folder, store) = open();
    for (pragma, want) in [
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
    ] {
        let set = store.write(move |tx| {
            Ok(tx
                .db
                .pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))?)
        });
        assert_eq!(set.await.expect("the store works"), want, "{pragma}");
    }
}

#[test]
fn sweeps_read_an_index() {
    let (folder, store) = open();
    drop(store);
    let path = folder.path().join("onekey.db");
    let db = rusqlite::Connection::open(path).expect("the file is there");
    for (statement, indexes) in [
        (sql::CHARGED, &["shares_charged"][..]),
        (sql::SWEEP_GRANTS, &["grants_ends (ends_at<?)"]),
        (
            sql::SWEEP_UPLOADS,
            &["shares_open (state=? AND expires_at<?)"],
        ),
        (
            sql::SHARES_TO_LOOK_AT,
            &["shares_look (state=? AND look_at<?)"],
        ),
        (sql::SWEEP_ATTEMPTS, &["attempts_since (since<?)"]),
        (sql::SWEEP_LINK_ATTEMPTS, &["link_attempts_since (since<?)"]),
        (sql::SWEEP_RIGHT_PROOFS, &["right_proofs_last (last_at<?)"]),
        (
            sql::SWEEP_LINKS,
            &[
                "links_ended (ended_at<?)",
                "links_expired (expires_at<?)",
                "links_used (last_used_at<?)",
            ],
        ),
        (
            sql::SWEEP_GONE,
            &["shares_deleted (state=? AND deleted_at<?)"],
        ),
        (sql::COMPLETING, &["(state=?)"]),
        (sql::BLOBS_TO_DELETE, &["(state=?)"]),
        (sql::TOTALS, &["shares_state"]),
        (sql::BLOB_KNOWN, &["(blob=?)"]),
        (
            sql::DELETE_GRANTS,
            &["grants_locator (locator=?)", "links_share (share=?)"],
        ),
        (sql::SHARE_LINKS, &["links_share (share=?)"]),
        (sql::COUNT_LINKS, &["links_share (share=?)"]),
        (sql::CHANGE_ENDS, &["links_share (share=?)"]),
        (sql::DELETE_LINK_GRANTS, &["grants_locator (locator=?)"]),
        (sql::CHANGE_LINK, &["(locator=?)"]),
    ] {
        let mut plan = db
            .prepare(&format!("EXPLAIN QUERY PLAN {statement}"))
            .expect("the statement is sound");
        let count = plan.parameter_count();
        let steps: Vec<String> = plan
            .query_map(rusqlite::params_from_iter(vec![1_i64; count]), |row| {
                row.get(3)
            })
            .expect("the plan is told")
            .collect::<Result<_, _>>()
            .expect("the plan is text");
        let steps = steps.join("\n");
        for index in indexes {
            assert!(steps.contains(index), "{statement}: {steps}");
        }
    }
}

/// A database of the first version with a live share, a link whose downloads are spent, and a grant.
const FIRST_VERSION: &str = "
INSERT INTO shares (id, state, blob, header, part_size, size, owner_verifier, created_at, expires_at, charged, received)
VALUES (zeroblob(16), 'live', 'b', zeroblob(72), 1, 1, zeroblob(32), 0, 0, 1, 1);
INSERT INTO links (locator, share, ordinal, verifier, envelope, password, direct, max_downloads, downloads, label)
VALUES (zeroblob(16), zeroblob(16), 0, zeroblob(32), zeroblob(60), 0, 0, 2, 2, X'07');
INSERT INTO grants (hash, locator, used, expires_at, ends_at) VALUES (zeroblob(32), zeroblob(16), 1, 100, 100);
PRAGMA user_version = 1;";

#[tokio::test]
async fn rows_of_the_first_version_are_kept() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = folder.path().join("onekey.db");
    let db = rusqlite::Connection::open(&path).expect("the file is new");
    db.execute_batch(include_str!("migrations/0001_rows.sql"))
        .and_then(|()| db.execute_batch(FIRST_VERSION))
        .expect("the rows are those of the first version");
    drop(db);
    let store = SqliteMeta::open(&path).expect("the file is brought to this version");
    let grant = store.use_grant(GrantHash([0; 32]), 50).await;
    assert!(grant.expect("the store works").is_some());
    let share = store.share(ShareId::from_bytes([0; 16]), 50).await;
    let share = share.expect("the store works").expect("it is live");
    assert_eq!(share.links[0].label.as_deref(), Some(&[7][..]));
    let lower = LinkChange {
        max_downloads: Some(Some(1)),
        expires_at: None,
    };
    let changed = store
        .change_link(share.links[0].locator, lower, 50)
        .await
        .expect("a cap may be lower than what was spent");
    assert_eq!((changed.downloads, changed.downloads_left()), (2, Some(0)));
    // What refers to a link still does.
    let broken = store.write(|tx| Ok(tx.db.prepare("PRAGMA foreign_key_check")?.exists([])?));
    assert!(!broken.await.expect("the store works"));
}
