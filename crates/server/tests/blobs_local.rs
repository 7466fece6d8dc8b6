//! What only a store in a folder can do wrong.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use onekey_server::blobs::{
    BlobError, BlobLayout, BlobRef, BlobStore, LocalBlobs, PartBody, PartPlace, PartTag,
    READ_BUFFER, StoredPart,
};

const KIB: u64 = 1024;

fn sized(size: Option<u64>) -> BlobLayout {
    BlobLayout {
        part_size: 64 * 1024 * KIB,
        size,
    }
}

fn whole(length: u64) -> PartPlace {
    PartPlace {
        number: 0,
        offset: 0,
        length,
    }
}

fn body(length: u64) -> PartBody {
    let bytes = Bytes::from(vec![7; usize::try_from(length).unwrap()]);
    stream::iter([Ok(bytes)]).boxed()
}

fn parts(length: u64) -> Vec<StoredPart> {
    vec![StoredPart {
        place: whole(length),
        tag: PartTag::default(),
    }]
}

async fn completed(store: &LocalBlobs, length: u64) -> BlobRef {
    let blob = store.create(sized(Some(length))).await.unwrap();
    let put = store.put_part(&blob, whole(length), body(length));
    put.await.unwrap();
    store.complete(&blob, &parts(length), length).await.unwrap();
    blob
}

fn path(folder: &Path, blob: &BlobRef) -> PathBuf {
    folder.join(&blob.as_str()[..2]).join(blob.as_str())
}

fn partial_path(folder: &Path, blob: &BlobRef) -> PathBuf {
    path(folder, blob).with_extension("part")
}

/// Everything below a folder that is no directory, with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_symlink() {
            found.insert(path, Vec::new());
        } else if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

#[tokio::test]
async fn a_blob_lies_where_the_design_says_and_only_its_owner_reads_it() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data/blobs");
    let store = LocalBlobs::open(&folder).unwrap();
    let blob = store.create(sized(Some(10))).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&partial_path(&folder, &blob)), 0o600);
    store.put_part(&blob, whole(10), body(10)).await.unwrap();
    store.complete(&blob, &parts(10), 10).await.unwrap();
    assert_eq!(mode(&path(&folder, &blob)), 0o600);
    assert!(!partial_path(&folder, &blob).exists());
    for folder in [
        &parent.path().join("data"),
        &folder,
        &folder.join(&blob.as_str()[..2]),
    ] {
        assert_eq!(mode(folder), 0o700);
    }
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalBlobs::open(folder.path()).unwrap();
    let done = completed(&store, 10).await;
    let partial = store.create(sized(None)).await.unwrap();
    store.put_part(&partial, whole(10), body(10)).await.unwrap();
    drop(store);
    let store = LocalBlobs::open(folder.path()).unwrap();
    assert!(store.read(&done, 0..10).await.is_ok());
    store.complete(&partial, &parts(10), 10).await.unwrap();
}

#[tokio::test]
async fn space_is_reserved_at_create_and_given_back_at_complete() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalBlobs::open(folder.path()).unwrap();
    let blob = store.create(sized(Some(1024 * KIB))).await.unwrap();
    let taken = |path: &Path| fs::metadata(path).unwrap().blocks() * 512;
    if taken(&partial_path(folder.path(), &blob)) == 0 {
        skip(
            "reserved_space",
            "the file system of the temporary folder reserves nothing",
        );
        return;
    }
    let listed = store.list(None, 10).await.unwrap();
    assert!(!listed[0].completed && listed[0].size >= 1024 * KIB);
    store.put_part(&blob, whole(10), body(10)).await.unwrap();
    store.complete(&blob, &parts(10), 10).await.unwrap();
    let path = path(folder.path(), &blob);
    assert_eq!(fs::metadata(&path).unwrap().len(), 10);
    assert!(
        taken(&path) < 64 * KIB,
        "{} bytes stay reserved",
        taken(&path)
    );
}

#[tokio::test]
async fn a_size_beyond_any_disk_is_storage_full_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalBlobs::open(folder.path()).unwrap();
    for size in [1 << 62, i64::MAX as u64, u64::MAX] {
        let create = store.create(sized(Some(size))).await;
        assert!(matches!(create, Err(BlobError::StorageFull)), "{create:?}");
    }
    let blob = store.create(sized(None)).await.unwrap();
    for offset in [i64::MAX as u64 - 10, u64::MAX - 10] {
        let place = PartPlace {
            number: 1,
            offset,
            length: 100,
        };
        assert!(store.put_part(&blob, place, body(100)).await.is_err());
    }
    store.delete(&blob).await.unwrap();
    assert!(files(folder.path()).is_empty());
}

#[tokio::test]
async fn foreign_files_are_neither_listed_nor_touched() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalBlobs::open(folder.path()).unwrap();
    let name = "ab000000000000000000000000000000";
    let file = |name: &str| fs::write(folder.path().join(name), "not ours").unwrap();
    file("holiday.jpg");
    file(name);
    file("ab/notes");
    file("ab/.part");
    file(&format!("ab/{name}.tmp"));
    file(&format!("ab/{name}.part.part"));
    file("ab/AB000000000000000000000000000000");
    file("ab/ab00000000000000000000000000000");
    // Of our form, in the wrong subfolder.
    file(&format!("aa/{name}"));
    fs::create_dir(folder.path().join("ab/abffffffffffffffffffffffffffffff")).unwrap();
    symlink(
        folder.path().join("holiday.jpg"),
        folder.path().join("ab/abeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"),
    )
    .unwrap();
    let before = files(folder.path());

    assert!(store.list(None, 100).await.unwrap().is_empty());
    let ours = completed(&store, 10).await;
    let listed = store.list(None, 100).await.unwrap();
    assert_eq!(listed.len(), 1);
    for listed in listed {
        store.delete(&listed.blob).await.unwrap();
    }
    store.delete(&ours).await.unwrap();
    store.delete(&BlobRef::new(name)).await.unwrap();
    drop(store);
    LocalBlobs::open(folder.path()).unwrap();
    assert!(files(folder.path()) == before, "a foreign file was changed");
}

#[tokio::test]
async fn foreign_names_of_our_form_do_not_end_a_page_early() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalBlobs::open(folder.path()).unwrap();
    let blob = completed(&store, 10).await;
    let path = path(folder.path(), &blob);
    let path = path.parent().unwrap();
    let first = &blob.as_str()[..2];
    for nth in 0..3 {
        fs::create_dir(path.join(format!("{first}{nth:030}"))).unwrap();
    }
    let listed = store.list(None, 1).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].blob, blob);
}

#[tokio::test]
async fn t21_refs_never_reach_outside_the_folder() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("blobs");
    let store = LocalBlobs::open(&folder).unwrap();
    let outside = parent.path().join("0123456789abcdef0123456789abcdef");
    fs::write(&outside, "secret").unwrap();
    fs::write(outside.with_extension("part"), "secret").unwrap();
    for text in [
        "../0123456789abcdef0123456789abcdef".to_owned(),
        "/../0123456789abcdef0123456789ab".to_owned(),
        outside.display().to_string(),
    ] {
        let blob = BlobRef::new(text);
        assert!(store.read(&blob, 0..1).await.is_err());
        assert!(store.put_part(&blob, whole(1), body(1)).await.is_err());
        assert!(store.complete(&blob, &parts(1), 1).await.is_err());
        assert!(store.delete(&blob).await.is_err());
    }
    assert!(
        files(parent.path())
            .values()
            .all(|bytes| bytes == b"secret")
    );
    assert_eq!(files(parent.path()).len(), 2);
}

#[tokio::test]
async fn t21_no_symlink_is_followed() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("blobs");
    let store = LocalBlobs::open(&folder).unwrap();
    let outside = parent.path().join("outside");
    fs::write(&outside, "secret").unwrap();
    let blob = store.create(sized(None)).await.unwrap();
    fs::remove_file(partial_path(&folder, &blob)).unwrap();
    symlink(&outside, partial_path(&folder, &blob)).unwrap();
    let put = store.put_part(&blob, whole(6), body(6)).await;
    assert!(matches!(put, Err(BlobError::NotFound)), "{put:?}");
    assert!(store.complete(&blob, &parts(6), 6).await.is_err());
    symlink(&outside, path(&folder, &blob)).unwrap();
    assert!(matches!(
        store.read(&blob, 0..6).await,
        Err(BlobError::NotFound)
    ));
    assert!(store.complete(&blob, &parts(6), 6).await.is_err());
    store.delete(&blob).await.unwrap();
    assert_eq!(fs::read(&outside).unwrap(), b"secret");
}

#[tokio::test]
async fn a_file_cut_while_it_is_read_ends_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalBlobs::open(folder.path()).unwrap();
    let buffer = READ_BUFFER as u64;
    let blob = completed(&store, 8 * buffer).await;
    let mut read = store.read(&blob, 0..8 * buffer).await.unwrap();
    read.next().await.unwrap().unwrap();
    let file = fs::OpenOptions::new()
        .write(true)
        .open(path(folder.path(), &blob))
        .unwrap();
    file.set_len(5 * buffer + 10).unwrap();
    let rest: Vec<_> = read.collect().await;
    let (last, before) = rest.split_last().unwrap();
    assert!(matches!(last, Err(BlobError::Unavailable(_))), "{last:?}");
    assert!(before.iter().all(Result::is_ok));
    let again = store.read(&blob, 0..8 * buffer).await;
    assert!(matches!(again, Err(BlobError::NotFound)));
}

#[tokio::test]
async fn a_deleted_blob_is_read_to_its_end_by_those_who_began() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalBlobs::open(folder.path()).unwrap();
    let blob = completed(&store, 1024 * KIB).await;
    let read = store.read(&blob, 0..1024 * KIB).await.unwrap();
    store.delete(&blob).await.unwrap();
    let pieces: Vec<_> = read.map(Result::unwrap).collect().await;
    assert_eq!(pieces.concat().len() as u64, 1024 * KIB);
}

#[tokio::test]
async fn errors_and_debug_carry_no_path_and_no_name() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("marked-folder");
    let store = LocalBlobs::open(&folder).unwrap();
    let blob = completed(&store, 10).await;
    let subfolder = folder.join(&blob.as_str()[..2]);
    fs::remove_dir_all(&subfolder).unwrap();
    fs::write(&subfolder, "in the way").unwrap();
    let file = parent.path().join("marked-folder-too");
    fs::write(&file, "in the way").unwrap();
    let errors = [
        store.read(&blob, 0..1).await.map(drop).unwrap_err(),
        store.delete(&blob).await.unwrap_err(),
        store.complete(&blob, &parts(10), 10).await.unwrap_err(),
        store
            .put_part(&blob, whole(10), body(10))
            .await
            .unwrap_err(),
        store.list(None, 1).await.unwrap_err(),
        LocalBlobs::open(&folder).unwrap_err(),
        LocalBlobs::open(&file).unwrap_err(),
        LocalBlobs::open(file.join("below")).unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, BlobError::Unavailable(_)), "{error:?}");
        let source = error.source().map(ToString::to_string);
        let shown = format!("{error} {error:?} {source:?}");
        assert!(!shown.contains("marked-folder"), "{shown}");
        assert!(!shown.contains(blob.as_str()), "{shown}");
    }
    assert!(!format!("{store:?}").contains("marked-folder"));
}

/// Writes the skip of a test where `./test` looks for it, and where people do.
fn skip(name: &str, reason: &str) {
    let line = format!("{name}: {reason}\n");
    // Not `eprintln!`, which a passing test hides.
    let _ = write!(std::io::stderr(), "SKIPPED {line}");
    if let Some(path) = std::env::var_os("ONEKEY_SKIPPED") {
        let mut file = fs::OpenOptions::new().append(true).create(true).open(path);
        file.as_mut().unwrap().write_all(line.as_bytes()).unwrap();
    }
}

/// A small file system of its own; unmounted at the end.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(folder.path())
            .output();
        match mount {
            Ok(output) if output.status.success() => Some(Self(folder)),
            other => {
                let error =
                    other.map(|output| String::from_utf8_lossy(&output.stderr).trim().to_owned());
                skip(
                    "small_disk",
                    &format!("no tmpfs can be mounted here: {error:?}"),
                );
                None
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_told_leaves_nothing_and_recovers_without_restart() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let folder = disk.0.path().join("blobs");
    let store = LocalBlobs::open(&folder).unwrap();
    assert_eq!(store.space().await.unwrap().unwrap().total, 2048 * KIB);

    let create = store.create(sized(Some(4096 * KIB))).await;
    assert!(matches!(create, Err(BlobError::StorageFull)), "{create:?}");
    assert!(files(&folder).is_empty(), "a refused blob left its file");

    let pipe = store.create(sized(None)).await.unwrap();
    let put = store.put_part(&pipe, whole(4096 * KIB), body(4096 * KIB));
    let put = put.await;
    assert!(matches!(put, Err(BlobError::StorageFull)), "{put:?}");

    store.delete(&pipe).await.unwrap();
    let blob = completed(&store, 1024 * KIB).await;
    assert!(store.read(&blob, 0..1024 * KIB).await.is_ok());
}

#[tokio::test]
async fn a_reservation_counts_before_its_first_byte() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let store = LocalBlobs::open(disk.0.path().join("blobs")).unwrap();
    let first = store.create(sized(Some(1536 * KIB))).await.unwrap();
    let second = store.create(sized(Some(1536 * KIB))).await;
    assert!(matches!(second, Err(BlobError::StorageFull)), "{second:?}");
    let put = store.put_part(&first, whole(1536 * KIB), body(1536 * KIB));
    put.await.unwrap();
}
