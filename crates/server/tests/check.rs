//! `onekey-server check`: clean after a normal life and beside a live server, and each problem by its word.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use common::Api;
use common::sender::Sender;
use onekey_server::blobs::{BlobRef, MemoryBlobs};
use onekey_server::check::{Check, Kind};
use onekey_server::clock::ManualClock;
use onekey_server::meta::{MemoryMeta, MetaError, RowId, StoredLook, StoredRows};
use onekey_server::{Config, Server};
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Plaintext of a share in five parts.
const LEN: usize = 20_000;

struct Checked {
    code: i32,
    out: String,
    err: String,
}

fn run(arguments: &[&str]) -> Checked {
    let ran = Command::new(env!("CARGO_BIN_EXE_onekey-server"))
        .env_clear()
        .args(arguments)
        .output()
        .unwrap();
    Checked {
        code: ran.status.code().unwrap(),
        out: String::from_utf8(ran.stdout).unwrap(),
        err: String::from_utf8(ran.stderr).unwrap(),
    }
}

fn check(data: &Path, more: &[&str]) -> Checked {
    let data = data.to_str().unwrap();
    run(&[&["check", "--data", data], more].concat())
}

/// Returns the report and the problems of which there is one or more.
fn report(data: &Path, more: &[&str]) -> (i32, Value, BTreeMap<String, u64>) {
    let checked = check(data, &[&["--json"], more].concat());
    let report: Value = serde_json::from_str(&checked.out)
        .unwrap_or_else(|_| panic!("{}{}", checked.out, checked.err));
    let problems: BTreeMap<String, u64> =
        serde_json::from_value(report["problems"].clone()).unwrap();
    let some = problems.into_iter().filter(|(_, count)| *count > 0);
    (checked.code, report, some.collect())
}

/// A live share, an upload with two of its parts, and what is left of a deleted share.
struct Stopped {
    folder: tempfile::TempDir,
    live: Sender,
    open: Sender,
}

impl Stopped {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let api = Api::with(Config::in_folder(folder.path())).await;
        let live =
            Sender::share_with(LEN, &api, |body| body["link"]["max_downloads"] = json!(3)).await;
        live.granted(&api).await;
        let mut open = Sender::new(LEN);
        open.create(&api).await;
        let parts: Vec<Vec<u8>> = open.parts().map(|(_, part)| part.to_vec()).collect();
        for number in [0, 3] {
            open.put_part(&api, number, &parts[number]).await.ok();
        }
        Sender::share(LEN, &api).await.delete(&api).await.ok();
        api.server.sweep().await.unwrap();
        drop(api);
        Self { folder, live, open }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn sql(&self, statements: &str) {
        let db = Connection::open(self.path().join("onekey.db")).unwrap();
        db.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
            .unwrap();
        db.execute_batch(statements).unwrap();
    }

    fn blob(&self, state: &str) -> PathBuf {
        let db = Connection::open(self.path().join("onekey.db")).unwrap();
        let sql = "SELECT blob FROM shares WHERE state = ?1";
        let name: String = db.query_row(sql, [state], |row| row.get(0)).unwrap();
        self.path().join("blobs").join(&name[..2]).join(name)
    }

    fn live_blob(&self) -> PathBuf {
        self.blob("live")
    }

    fn open_blob(&self) -> PathBuf {
        self.blob("receiving").with_extension("part")
    }

    /// Asserts that exactly this is found, `count` times.
    #[track_caller]
    fn finds(&self, word: &str, count: u64) {
        let (code, report, problems) = report(self.path(), &["--digests"]);
        assert_eq!(problems, BTreeMap::from([(word.into(), count)]), "{report}");
        assert_eq!(code, 1);
    }
}

fn cut(path: &Path, bytes: i64) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length.checked_add_signed(bytes).unwrap())
        .unwrap();
}

fn flip(path: &Path, at: u64) {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap();
    let mut byte = [0];
    file.seek(SeekFrom::Start(at)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
}

/// The digest of every file below a folder.
fn digests(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.insert(path.clone(), Vec::new());
            all.extend(digests(&path));
        } else {
            let digest = Sha256::digest(fs::read(&path).unwrap()).to_vec();
            all.insert(path, digest);
        }
    }
    all
}

#[tokio::test]
async fn a_normal_life_is_clean_and_nothing_is_changed() {
    let stopped = Stopped::new().await;
    let before = digests(stopped.path());
    let checked = check(stopped.path(), &["--digests"]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""));
    let part: u64 = stopped
        .open
        .parts()
        .map(|(_, part)| part.len() as u64)
        .max()
        .unwrap();
    let bytes = stopped.live.size() + 2 * part;
    assert_eq!(
        checked.out,
        format!("shares 1\nuploads 1\nparts 7\nbytes {bytes}\nclean\n")
    );
    assert_eq!(digests(stopped.path()), before);
    // A server goes on from here.
    Api::with(Config::in_folder(stopped.path()))
        .await
        .fits()
        .await;
}

/// After SIGKILL the latest commits are in the log alone, and its index is nobody's.
#[tokio::test]
async fn what_a_killed_server_left_is_read_and_not_touched() {
    let (folder, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let api = Api::with(Config::in_folder(folder.path())).await;
    Sender::share(LEN, &api).await;
    let copied = Command::new("cp")
        .args(["-a", "--"])
        .args([folder.path().join("."), killed.path().into()])
        .status();
    assert!(copied.unwrap().success());
    drop(api);
    assert!(
        fs::metadata(killed.path().join("onekey.db-wal"))
            .unwrap()
            .len()
            > 0
    );
    let before = digests(killed.path());
    let (code, report, _) = report(killed.path(), &["--digests"]);
    assert_eq!((code, &report["shares"]), (0, &json!(1)), "{report}");
    assert_eq!(digests(killed.path()), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_server_under_load_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let api = Arc::new(Api::with(Config::in_folder(folder.path())).await);
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..4)
        .map(|client| {
            let (api, stop) = (Arc::clone(&api), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut shares = 0;
                while !stop.load(Ordering::Relaxed) {
                    let shared = Sender::share(LEN, &api).await;
                    shares += 1;
                    shared.granted(&api).await;
                    if client % 2 == 0 {
                        shared.delete(&api).await.ok();
                    }
                    let mut aborted = Sender::new(LEN);
                    aborted.create(&api).await.put_parts(&api).await;
                    let path = format!("/api/v1/uploads/{}", aborted.id);
                    let auth = aborted.owner_auth();
                    api.call("DELETE", &path, &auth, Value::Null).await.ok();
                }
                shares
            })
        })
        .collect();
    let data = folder.path().to_owned();
    let checks = tokio::task::spawn_blocking(move || {
        (0..LOADED_CHECKS)
            .map(|_| report(&data, &["--digests", "--verbose"]))
            .collect::<Vec<_>>()
    });
    let checks = checks.await.unwrap();
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        assert!(client.await.unwrap() > 0);
    }
    for (code, report, _) in &checks {
        assert_eq!(*code, 0, "{report}");
    }
    assert!(checks.last().unwrap().1["shares"].as_u64().unwrap() > 0);
    api.fits().await;
}

/// Rows as they were when a server changed them between a look at the row and one at the blob.
#[derive(Debug)]
struct Stale {
    rows: Arc<MemoryMeta>,
    row: StoredLook,
    /// How often the old row is given.
    looks: AtomicUsize,
}

#[async_trait]
impl StoredRows for Stale {
    async fn row_ids(&self, after: Option<&RowId>, limit: usize) -> Result<Vec<RowId>, MetaError> {
        self.rows.row_ids(after, limit).await
    }

    async fn row(&self, id: &RowId) -> Result<StoredLook, MetaError> {
        let left = |looks: usize| looks.checked_sub(1);
        match self
            .looks
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left)
        {
            Ok(_) => Ok(self.row.clone()),
            Err(_) => self.rows.row(id).await,
        }
    }

    async fn stray_rows(&self) -> Result<u64, MetaError> {
        self.rows.stray_rows().await
    }

    async fn is_whole(&self) -> Result<bool, MetaError> {
        self.rows.is_whole().await
    }

    async fn refers_to(&self, blobs: &[BlobRef]) -> Result<Vec<bool>, MetaError> {
        let left = |looks: usize| looks.checked_sub(1);
        match self
            .looks
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left)
        {
            Ok(_) => Ok(vec![false; blobs.len()]),
            Err(_) => self.rows.refers_to(blobs).await,
        }
    }
}

/// The load above meets these moments seldom; here each is met.
#[tokio::test]
async fn what_a_server_changes_between_two_looks_is_no_problem() {
    let (rows, blobs) = (
        Arc::new(MemoryMeta::default()),
        Arc::new(MemoryBlobs::default()),
    );
    let mut config = Config::default();
    let clock = ManualClock::new(common::START);
    config.clock = Arc::new(clock.clone());
    let server = Server::with_stores(
        config,
        Arc::<MemoryBlobs>::clone(&blobs),
        Arc::<MemoryMeta>::clone(&rows),
    );
    let server = server.await.unwrap();
    let router = server.router();
    let api = Api {
        server,
        clock,
        router,
    };
    let checked = async |row: &StoredLook, looks| {
        let stale = Stale {
            rows: Arc::clone(&rows),
            row: row.clone(),
            looks: AtomicUsize::new(looks),
        };
        let check = Check {
            rows: &stale,
            blobs: &*blobs,
            now: common::START,
            digests: true,
        };
        check.run().await.unwrap()
    };
    // Its row was read, then the share was deleted.
    let shared = Sender::share(LEN, &api).await;
    let id = rows.row_ids(None, 1).await.unwrap().remove(0);
    let live = rows.row(&id).await.unwrap();
    shared.delete(&api).await.ok();
    assert_eq!(checked(&live, 1).await.problems(), 0);
    assert_eq!(
        checked(&live, 2).await.count(Kind::BlobMissing),
        1,
        "the test tests something"
    );
    // The blob was listed, and its row came between the question and the next.
    let other = Sender::share(LEN, &api).await;
    let gone = StoredLook::Gone;
    let looks = rows.row_ids(None, 9).await.unwrap().len();
    assert_eq!(checked(&gone, looks + 1).await.problems(), 0);
    assert_eq!(
        checked(&gone, looks + 2).await.count(Kind::Leftover),
        1,
        "this one, too"
    );
    other.delete(&api).await.ok();
}

/// Checks beside the load.
const LOADED_CHECKS: usize = 8;

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

#[tokio::test]
async fn a_share_is_named_only_if_asked() {
    let stopped = Stopped::new().await;
    fs::remove_file(stopped.live_blob()).unwrap();
    for quiet in [
        check(stopped.path(), &[]),
        check(stopped.path(), &["--json"]),
    ] {
        assert!(
            !quiet.out.contains(&stopped.live.id) && quiet.err.is_empty(),
            "{}",
            quiet.out
        );
    }
    let named = check(stopped.path(), &["--verbose"]).out;
    let line = format!("problem blob_missing share {}\n", stopped.live.id);
    assert!(named.contains(&line) && named.ends_with("problem blob_missing 1\nproblems 1\n"));
    let (_, named, _) = report(stopped.path(), &["--verbose"]);
    assert_eq!(named["found"][0]["name"], stopped.live.id);
}

#[test]
fn a_check_that_cannot_be_made_is_told_from_one_that_found_something() {
    let empty = tempfile::tempdir().unwrap();
    let missing = check(empty.path(), &[]);
    assert_eq!((missing.code, missing.out.as_str()), (2, ""));
    assert!(missing.err.contains("--db"), "{}", missing.err);
    assert_eq!(
        fs::read_dir(empty.path()).unwrap().count(),
        0,
        "nothing is made"
    );
    for at in [
        ["--db", "memory:"],
        ["--blobs", "memory:"],
        ["--blobs", "/nonexistent"],
    ] {
        let refused = check(empty.path(), &at);
        assert_eq!(refused.code, 2, "{at:?}: {}", refused.err);
    }
    assert_eq!(run(&["check", "--wrong"]).code, 2);
    assert_eq!(run(&["check", "--help"]).code, 0);
}

#[tokio::test]
async fn flags_stand_before_or_after_the_word() {
    let stopped = Stopped::new().await;
    let data = stopped.path().to_str().unwrap();
    let db = format!("sqlite:{data}/onekey.db");
    let blobs = format!("file:{data}/blobs");
    for arguments in [
        vec!["--data", data, "check"],
        vec!["check", "--data", data],
        vec!["check", "--db", &db, "--blobs", &blobs],
        vec!["--db", &db, "check", "--blobs", &blobs],
    ] {
        assert_eq!(run(&arguments).code, 0, "{arguments:?}");
    }
}
