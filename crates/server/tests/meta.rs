//! The meta stores: the contract on each, and what only a file can get wrong.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use futures_util::future::join_all;
use onekey_core::keys::{OwnerVerifier, ShareId};
use onekey_server::blobs::{BlobRef, PartPlace, PartTag};
use onekey_server::meta::{
    Claimed, CommittedPart, Digest, HEADER_LEN, Limits, MemoryMeta, MetaError, MetaStore,
    NewUpload, PartClaim, SqliteMeta, WriterId, contract,
};

const NOW: i64 = 1_800_000_000;

struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("there is room for a folder"),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("onekey.db")
    }

    fn open(&self) -> SqliteMeta {
        SqliteMeta::open(&self.path()).expect("the file is sound")
    }
}

fn upload(number: u128) -> NewUpload {
    NewUpload {
        id: ShareId::from_bytes(number.to_be_bytes()),
        blob: BlobRef::new(format!("{number:032x}")),
        header: [1; HEADER_LEN],
        part_size: 100,
        size: None,
        owner_verifier: OwnerVerifier::from_bytes([2; 32]),
        owner_envelope: None,
        created_at: NOW,
        expires_at: NOW + 3_600,
    }
}

fn why(error: MetaError) -> String {
    std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string)
}

fn refusal(path: &Path) -> String {
    why(SqliteMeta::open(path).expect_err("it must not open"))
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    contract::all(&MemoryMeta::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_contract() {
    let folder = Folder::new();
    contract::all(&folder.open()).await;
}

#[tokio::test]
async fn t31_sqlite_keeps_rows_over_a_restart() {
    let folder = Folder::new();
    let store = folder.open();
    let new = upload(1);
    let free = Limits::default();
    store.create_upload(&new, free).await.unwrap();
    let part = CommittedPart {
        place: PartPlace {
            number: 0,
            offset: 0,
            length: 100,
        },
        digest: Digest([3; 32]),
        tag: PartTag::new("tag"),
    };
    let writer = WriterId([4; 16]);
    let claim = PartClaim {
        place: part.place,
        digest: Some(part.digest),
        writer,
        until: NOW + 60,
    };
    let claimed = store.claim_part(new.id, claim, free, NOW).await.unwrap();
    assert_eq!(claimed, Claimed::Yes);
    store
        .commit_part(new.id, part.clone(), writer, NOW + 10)
        .await
        .unwrap();
    let totals = store.totals().await.unwrap();
    drop(store);

    let store = folder.open();
    let row = store.upload(new.id).await.unwrap().unwrap();
    assert_eq!((row.blob, row.expires_at), (new.blob, NOW + 10));
    assert_eq!(store.parts(new.id).await.unwrap(), [part]);
    assert_eq!(store.totals().await.unwrap(), totals);
}

#[tokio::test]
async fn sqlite_file_is_its_owners_alone() {
    let folder = Folder::new();
    std::fs::write(folder.path(), b"").unwrap();
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.path(), open).unwrap();
    let store = folder.open();
    store
        .create_upload(&upload(1), Limits::default())
        .await
        .unwrap();
    for file in std::fs::read_dir(folder.folder.path()).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn sqlite_refuses_a_newer_version() {
    let folder = Folder::new();
    drop(folder.open());
    let db = rusqlite::Connection::open(folder.path()).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    assert_eq!(
        refusal(&folder.path()),
        "a newer onekey wrote this database (version 999, this one knows up to 2); run that onekey"
    );
}

#[test]
fn sqlite_refuses_a_damaged_file() {
    let folder = Folder::new();
    drop(folder.open());
    let mut bytes = std::fs::read(folder.path()).unwrap();
    let page = bytes.len() / 2 / 4096 * 4096;
    bytes[page..page + 4096].fill(0xa5);
    std::fs::write(folder.path(), &bytes).unwrap();
    let said = "the database file is damaged (PRAGMA quick_check failed); restore it from a copy";
    assert_eq!(refusal(&folder.path()), said);
    std::fs::write(folder.path(), b"this is no database at all, only text").unwrap();
    assert_eq!(refusal(&folder.path()), said);
}

#[test]
fn sqlite_errors_name_no_path() {
    let folder = Folder::new();
    let error = SqliteMeta::open(&folder.path().join("missing/onekey.db")).unwrap_err();
    let name = folder.folder.path().display().to_string();
    assert!(!format!("{error:?}").contains(&name));
    assert!(why(error).contains("cannot be used"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_commits_many_verbs_at_once() {
    let folder = Folder::new();
    let store = folder.open();
    let uploads: Vec<NewUpload> = (0..200).map(upload).collect();
    let free = Limits::default();
    let made = join_all(uploads.iter().map(|new| store.create_upload(new, free))).await;
    assert!(made.iter().all(Result::is_ok));
    assert_eq!(store.totals().await.unwrap().open_uploads, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_undoes_only_the_verb_that_failed() {
    let folder = Folder::new();
    let store = folder.open();
    let free = Limits::default();
    // Every third one is refused: its name is taken.
    let uploads: Vec<NewUpload> = (0..90)
        .map(|number| upload(if number % 3 == 2 { number - 1 } else { number }))
        .collect();
    let made = join_all(uploads.iter().map(|new| store.create_upload(new, free))).await;
    for (number, answer) in made.iter().enumerate() {
        assert_eq!(answer.is_err(), number % 3 == 2, "{number}");
    }
    assert_eq!(store.totals().await.unwrap().open_uploads, 60);
}
