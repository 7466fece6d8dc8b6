//! The zip of a share: its length is known before, and other programs read it.

use std::path::Path;
use std::process::Command;

use axum::http::StatusCode;

use crate::common::Api;
use crate::share::{Direct, OnDisk, Shared};
use crate::{ask, skip};

/// Two thousand seconds into 2026, an odd one.
const MODIFIED: i64 = 1_767_227_601;

async fn album(api: &Api) -> Shared {
    let long = crate::share::bytes(1_300_000);
    let files: [(&str, &str, &[u8]); 7] = [
        ("notes.txt", "text/plain", b"hello"),
        ("dir/été 😀.bin", "a/b", &long),
        ("dir/empty.txt", "text/plain", b""),
        ("run.sh", "text/plain", b"#!/bin/sh\n"),
        ("..\\..\\evil.txt", "text/plain", b"windows"),
        (".._.._evil.txt", "text/plain", b"same name"),
        ("C:x", "text/plain", b"drive"),
    ];
    let mut direct = Direct::of(&files);
    direct.manifest.files[0].modified = Some(MODIFIED);
    direct.manifest.files[3].executable = true;
    direct.manifest.folders.push("dir/nothing".into());
    direct.manifest.title = Some("Summer/\"2026\"".into());
    direct.put(api).await
}

/// Names in the zip, in order.
const NAMES: [&str; 8] = [
    "notes.txt",
    "dir/été 😀.bin",
    "dir/empty.txt",
    "run.sh",
    ".._.._evil.txt",
    ".._.._evil (2).txt",
    "C_x",
    "dir/nothing/",
];

#[tokio::test]
async fn t33_a_zip_is_as_long_as_it_says_and_holds_everything() {
    let api = Api::new().await;
    let shared = album(&api).await;
    let zip = shared.get(&api, "?zip", &[]).await;
    assert_eq!((zip.status, zip.broken), (StatusCode::OK, false));
    assert_eq!(zip.header("content-length"), zip.bytes.len().to_string());
    assert_eq!(zip.header("content-type"), "application/zip");
    assert_eq!(
        zip.header("content-disposition"),
        "attachment; filename=\"Summer__2026_.zip\"; filename*=UTF-8''Summer_%222026%22.zip"
    );
    assert_eq!(zip.header("accept-ranges"), "none");
    assert!(zip.header("content-security-policy").ends_with("; sandbox"));
    let head = ask(&api, "HEAD", &shared.path("?zip"), &[]).await;
    assert_eq!((&head.headers, head.bytes.len()), (&zip.headers, 0));
    let again = shared.get(&api, "?zip", &[("range", "bytes=0-1")]).await;
    assert!(
        again.bytes == zip.bytes,
        "the same bytes each time, and no ranges"
    );
    // A share of one file as well.
    let one = Direct::file("a.png", "image/png", 10).put(&api).await;
    assert!(
        one.get(&api, ".png?zip", &[])
            .await
            .bytes
            .starts_with(b"PK\x03\x04")
    );
    assert_eq!(one.get(&api, "/a.png?zip", &[]).await.bytes, one.plaintext);
}

/// Runs a program of this machine, or says that it has none.
pub(crate) fn run(name: &str, command: &mut Command) -> Option<String> {
    match command.env("LC_ALL", "C.UTF-8").output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{name}: {text}{errors}");
            Some(text)
        }
        Err(error) => {
            skip(name, &format!("it does not run here: {}", error.kind()));
            None
        }
    }
}

fn holds(folder: &Path, shared: &Shared) {
    for (file, name) in shared.manifest.files.iter().zip(NAMES) {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let right = file.offset as usize..(file.offset + file.size) as usize;
        assert!(bytes == shared.plaintext[right], "{name}");
    }
    assert!(folder.join("dir/nothing").is_dir());
    let outside = std::fs::read_dir(folder.parent().unwrap()).unwrap().count();
    assert_eq!(outside, 1, "something was unpacked outside of the folder");
}

#[tokio::test]
async fn t33_unzip_and_bsdtar_read_it() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let api = Api::new().await;
    let shared = album(&api).await;
    let zip = shared.get(&api, "?zip", &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.zip");
    std::fs::write(&file, &zip.bytes).unwrap();
    let into = |name: &str| {
        let outer = folder.path().join(name);
        std::fs::create_dir_all(outer.join("inner")).unwrap();
        outer.join("inner")
    };
    if let Some(text) = run("unzip_reads", Command::new("unzip").arg("-t").arg(&file)) {
        assert!(text.contains("No errors detected"), "{text}");
        let to = into("unzip");
        run(
            "unzip_reads",
            Command::new("unzip").arg(&file).arg("-d").arg(&to),
        );
        holds(&to, &shared);
        let mode = |name: &str| {
            std::fs::metadata(to.join(name))
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        assert_eq!((mode("run.sh"), mode("notes.txt")), (0o755, 0o644));
        assert_eq!(
            std::fs::metadata(to.join("notes.txt")).unwrap().mtime(),
            MODIFIED
        );
    }
    let to = into("bsdtar");
    let unpacked = run(
        "bsdtar_reads",
        Command::new("bsdtar")
            .arg("-xf")
            .arg(&file)
            .arg("-C")
            .arg(&to),
    );
    if unpacked.is_some() {
        holds(&to, &shared);
        let list = run("bsdtar_reads", Command::new("bsdtar").arg("-tf").arg(&file)).unwrap();
        assert_eq!(list.lines().collect::<Vec<_>>(), NAMES);
    }
    let python = "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(*z.namelist(),sep='\\n')";
    if let Some(list) = run(
        "python_reads",
        Command::new("python3").arg("-c").arg(python).arg(&file),
    ) {
        assert_eq!(list.lines().collect::<Vec<_>>(), NAMES);
    }
}

#[tokio::test]
async fn c1_damage_breaks_a_zip_off() {
    let disk = OnDisk::new().await;
    let shared = album(&disk.api).await;
    let sound = shared.get(&disk.api, "?zip", &[]).await;
    let blob = disk.blob(&shared.payload);
    for (chunk, status) in [(0, 500), (1100, 200), (1269, 500)] {
        let mut flipped = shared.payload.clone();
        flipped[chunk * 1052 + 5] ^= 1;
        std::fs::write(&blob, &flipped).unwrap();
        let answer = shared.get(&disk.api, "?zip", &[]).await;
        assert_eq!(answer.status.as_u16(), status, "chunk {chunk}");
        if status == 200 {
            assert!(answer.broken && sound.bytes.starts_with(&answer.bytes));
            assert_eq!(
                answer.header("content-length"),
                sound.bytes.len().to_string()
            );
        }
    }
}

#[tokio::test]
async fn t33_as_many_entries_as_open_directly() {
    let api = Api::new().await;
    // As many as a manifest for direct mode holds.
    let names: Vec<String> = (0..1500).map(|number| format!("{number}")).collect();
    let files: Vec<(&str, &str, &[u8])> = names
        .iter()
        .map(|name| (&**name, "a/b", name.as_bytes()))
        .collect();
    let shared = Direct::of(&files).put(&api).await;
    let zip = shared.get(&api, "?zip", &[]).await;
    assert_eq!(zip.header("content-length"), zip.bytes.len().to_string());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.zip");
    std::fs::write(&file, &zip.bytes).unwrap();
    if let Some(text) = run("unzip_reads", Command::new("unzip").arg("-tq").arg(&file)) {
        assert!(text.contains("No errors detected"), "{text}");
    }
}
