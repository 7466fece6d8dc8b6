//! Each problem by its word.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::stopped::{Stopped, check, cut, flip, report};

#[tokio::test]
async fn blob_missing() {
    let stopped = Stopped::new().await;
    fs::remove_file(stopped.live_blob()).unwrap();
    stopped.finds("blob_missing", 1);
    fs::remove_file(stopped.open_blob()).unwrap();
    stopped.finds("blob_missing", 2);
}

#[tokio::test]
async fn blob_short() {
    let stopped = Stopped::new().await;
    cut(&stopped.live_blob(), -1);
    stopped.finds("blob_short", 1);
    cut(&stopped.open_blob(), -1);
    stopped.finds("blob_short", 2);
}

#[tokio::test]
async fn blob_long() {
    let stopped = Stopped::new().await;
    cut(&stopped.live_blob(), 1);
    stopped.finds("blob_long", 1);
    // The end of an open upload may lie beyond its parts: a try that broke off.
    let stopped = Stopped::new().await;
    cut(&stopped.open_blob(), 1);
    assert_eq!(check(stopped.path(), &["--digests"]).code, 0);
}

#[tokio::test]
async fn not_completed() {
    let stopped = Stopped::new().await;
    let blob = stopped.live_blob();
    fs::rename(&blob, blob.with_extension("part")).unwrap();
    stopped.finds("not_completed", 1);
}

#[tokio::test]
async fn already_completed() {
    let stopped = Stopped::new().await;
    let blob = stopped.open_blob();
    fs::rename(&blob, blob.with_extension("")).unwrap();
    stopped.finds("already_completed", 1);
}

#[tokio::test]
async fn part_digest() {
    let stopped = Stopped::new().await;
    flip(&stopped.live_blob(), 5_000);
    assert_eq!(
        check(stopped.path(), &[]).code,
        0,
        "only --digests reads bytes"
    );
    stopped.finds("part_digest", 1);
    flip(&stopped.open_blob(), 0);
    stopped.finds("part_digest", 2);
    flip(&stopped.live_blob(), 5_000);
    flip(&stopped.open_blob(), 0);
    // Where an open upload has no part, there is nothing to compare.
    flip(&stopped.open_blob(), 5_000);
    assert_eq!(check(stopped.path(), &["--digests"]).code, 0);
}

#[tokio::test]
async fn leftover() {
    let stopped = Stopped::new().await;
    let blob = stopped.live_blob();
    stopped.sql(
        "DELETE FROM grants; DELETE FROM manifests; DELETE FROM links WHERE ended IS NULL;
         DELETE FROM parts WHERE share IN (SELECT id FROM shares WHERE state = 'live');
         DELETE FROM shares WHERE state = 'live'",
    );
    stopped.finds("leftover", 1);
    let name = blob.file_name().unwrap().to_str().unwrap();
    assert!(!check(stopped.path(), &[]).out.contains(name));
    let verbose = check(stopped.path(), &["--verbose"]).out;
    assert!(
        verbose.contains(&format!("problem leftover blob {name}\n")),
        "{verbose}"
    );
}

#[tokio::test]
async fn orphan() {
    let stopped = Stopped::new().await;
    let blob = stopped.open_blob();
    stopped.sql(
        "DELETE FROM parts WHERE share IN (SELECT id FROM shares WHERE state = 'receiving');
         DELETE FROM shares WHERE state = 'receiving'",
    );
    let (code, young, _) = report(stopped.path(), &[]);
    assert_eq!((code, &young["notes"]["orphan"]), (0, &json!(1)), "{young}");
    let old = SystemTime::now() - Duration::from_secs(26 * 3600);
    let file = File::options().write(true).open(blob).unwrap();
    file.set_modified(old).unwrap();
    stopped.finds("orphan", 1);
}

#[tokio::test]
async fn bad_row() {
    for statement in [
        "UPDATE links SET max_downloads = -1 WHERE share IN (SELECT id FROM shares WHERE state = 'live')",
        "UPDATE links SET downloads = 4 WHERE max_downloads = 3",
        "UPDATE links SET downloads = 0 WHERE max_downloads = 3",
        "UPDATE links SET ended = 'revoked', ended_at = 1 WHERE max_downloads = 3",
        "UPDATE links SET ended = NULL WHERE ended = 'revoked'",
        "DELETE FROM parts WHERE number = 1",
        "DELETE FROM parts WHERE number = 1; UPDATE shares SET received =
            (SELECT SUM(length) FROM parts p WHERE p.share = shares.id) WHERE state = 'live'",
        "UPDATE parts SET start = start + 1 WHERE number = 1",
        "UPDATE shares SET size = size - 1, charged = charged - 1 WHERE state = 'receiving';
         UPDATE shares SET charged = charged + 1 WHERE state = 'receiving'",
        "UPDATE shares SET received = received + 1 WHERE state = 'receiving'",
        "UPDATE shares SET charged = 0 WHERE state = 'live'",
        "UPDATE shares SET part_size = 0 WHERE state = 'receiving'",
        "UPDATE shares SET part_size = -1 WHERE state = 'receiving'",
        "UPDATE shares SET state = 'lost' WHERE state = 'gone'",
        "UPDATE shares SET id = x'00' WHERE state = 'gone'; DELETE FROM links WHERE ended IS NOT NULL",
        "DELETE FROM manifests",
        "INSERT INTO manifests VALUES (x'00112233445566778899aabbccddeeff', x'00')",
        "DELETE FROM links WHERE max_downloads = 3",
    ] {
        let stopped = Stopped::new().await;
        stopped.sql(statement);
        let (code, report, problems) = report(stopped.path(), &[]);
        let found = BTreeMap::from([("bad_row".to_owned(), 1)]);
        assert_eq!((code, problems), (1, found), "{statement}: {report}");
    }
}

#[tokio::test]
async fn a_size_that_is_not_the_sum_of_its_parts() {
    let stopped = Stopped::new().await;
    stopped.sql("UPDATE shares SET size = size + 1, charged = charged + 1 WHERE state = 'live'");
    let (code, _, problems) = report(stopped.path(), &["--digests"]);
    let found = [("bad_row".to_owned(), 1), ("blob_short".to_owned(), 1)];
    assert_eq!((code, problems), (1, BTreeMap::from(found)));
}

#[tokio::test]
async fn database() {
    let stopped = Stopped::new().await;
    // The log goes into the file, then a page of it is lost.
    stopped.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    let mut file = File::options()
        .write(true)
        .open(stopped.path().join("onekey.db"))
        .unwrap();
    file.seek(SeekFrom::Start(4096)).unwrap();
    file.write_all(&[0x5a; 4096]).unwrap();
    drop(file);
    stopped.finds("database", 1);
}
