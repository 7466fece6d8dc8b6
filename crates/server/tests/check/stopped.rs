//! What checks are made of: a stopped server's folder, ways to damage it, and the program's answer.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use onekey_server::Config;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::common::Api;
use crate::common::sender::Sender;

/// Plaintext of a share in five parts.
pub(crate) const LEN: usize = 20_000;

pub(crate) struct Checked {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn run(arguments: &[&str]) -> Checked {
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

pub(crate) fn check(data: &Path, more: &[&str]) -> Checked {
    let data = data.to_str().unwrap();
    run(&[&["check", "--data", data], more].concat())
}

/// Returns the report and the problems of which there is one or more.
pub(crate) fn report(data: &Path, more: &[&str]) -> (i32, Value, BTreeMap<String, u64>) {
    let checked = check(data, &[&["--json"], more].concat());
    let report: Value = serde_json::from_str(&checked.out)
        .unwrap_or_else(|_| panic!("{}{}", checked.out, checked.err));
    let problems: BTreeMap<String, u64> =
        serde_json::from_value(report["problems"].clone()).unwrap();
    let some = problems.into_iter().filter(|(_, count)| *count > 0);
    (checked.code, report, some.collect())
}

/// A live share, an upload with two of its parts, and what is left of a deleted share.
pub(crate) struct Stopped {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) live: Sender,
    pub(crate) open: Sender,
}

impl Stopped {
    pub(crate) async fn new() -> Self {
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

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn sql(&self, statements: &str) {
        let db = Connection::open(self.path().join("onekey.db")).unwrap();
        db.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
            .unwrap();
        db.execute_batch(statements).unwrap();
    }

    pub(crate) fn blob(&self, state: &str) -> PathBuf {
        let db = Connection::open(self.path().join("onekey.db")).unwrap();
        let sql = "SELECT blob FROM shares WHERE state = ?1";
        let name: String = db.query_row(sql, [state], |row| row.get(0)).unwrap();
        self.path().join("blobs").join(&name[..2]).join(name)
    }

    pub(crate) fn live_blob(&self) -> PathBuf {
        self.blob("live")
    }

    pub(crate) fn open_blob(&self) -> PathBuf {
        self.blob("receiving").with_extension("part")
    }

    /// Asserts that exactly this is found, `count` times.
    #[track_caller]
    pub(crate) fn finds(&self, word: &str, count: u64) {
        let (code, report, problems) = report(self.path(), &["--digests"]);
        assert_eq!(problems, BTreeMap::from([(word.into(), count)]), "{report}");
        assert_eq!(code, 1);
    }
}

pub(crate) fn cut(path: &Path, bytes: i64) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length.checked_add_signed(bytes).unwrap())
        .unwrap();
}

pub(crate) fn flip(path: &Path, at: u64) {
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
pub(crate) fn digests(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
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
