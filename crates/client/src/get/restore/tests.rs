//! Hostile names, symlinks, and what is in the way.

use std::os::unix::fs::symlink;

use std::path::{Path, PathBuf};

use onekey_core::keys::{Grant, Locator};
use onekey_core::manifest::Codec;
use onekey_core::wire::LinkOpened;

use super::*;
use crate::get::journal::{First, Journal, Opened};

/// A manifest of files that hold their own path, and its plaintext.
fn manifest(paths: &[&str]) -> (Arc<Manifest>, Vec<u8>) {
    let (mut manifest, mut text) = (Manifest::default(), Vec::new());
    for path in paths {
        manifest.files.push(File {
            path: (*path).to_owned(),
            size: path.len() as u64,
            stored: path.len() as u64,
            offset: text.len() as u64,
            ..File::default()
        });
        text.extend_from_slice(path.as_bytes());
    }
    (Arc::new(manifest), text)
}

/// Prepares to restore everything.
fn prepare(manifest: Arc<Manifest>, folder: PathBuf, overwrite: bool) -> Result<Restore, GetError> {
    let files = (0..manifest.files.len()).collect();
    let chosen = Chosen {
        files,
        empty_folders: true,
    };
    Restore::prepare(manifest, chosen, Place::Folder(folder), overwrite, None)
}

fn restore(folder: &Path, paths: &[&str], overwrite: bool) -> Result<Got, GetError> {
    let (manifest, text) = manifest(paths);
    let mut restore = prepare(manifest, folder.to_owned(), overwrite)?;
    restore.take(0, &text)?;
    restore.finish()
}

fn entries(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn files_are_written_from_pieces_of_any_length() {
    for piece in 1..20 {
        let folder = tempfile::tempdir().unwrap();
        let (manifest, text) = manifest(&["a", "b/c/d", "b/e", "long-name"]);
        let path = folder.path().join("new/folder");
        let mut restore = prepare(manifest, path.clone(), false).unwrap();
        for (number, piece_text) in text.chunks(piece).enumerate() {
            restore.take((number * piece) as u64, piece_text).unwrap();
        }
        let got = restore.finish().unwrap();
        assert_eq!(got.bytes, text.len() as u64);
        for name in ["a", "b/c/d", "b/e", "long-name"] {
            assert_eq!(fs::read_to_string(path.join(name)).unwrap(), name);
            assert!(got.files.contains(&path.join(name)));
        }
        assert_eq!(entries(&path), 3);
    }
}

#[test]
fn hostile_paths_write_nothing() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("in");
    fs::create_dir(&folder).unwrap();
    for path in ["../x", "/tmp/onekey-x", "a/../../x", "..", "a//b"] {
        let error = restore(&folder, &["fine", path], true).unwrap_err();
        assert!(
            matches!(error, GetError::UnsafeName { index: 1, .. }),
            "{path}"
        );
    }
    assert_eq!(entries(&folder), 0);
    assert_eq!(entries(outer.path()), 1);
}

#[test]
fn strange_names_are_only_names() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "nul",
        "c:\\x",
        "-rf",
        "~",
        "$(x)",
        "\u{202e}gpj.exe",
        "a\u{308}",
        "\u{e4}",
    ];
    restore(folder.path(), &names, false).unwrap();
    assert_eq!(entries(folder.path()), names.len());
}

#[test]
fn t6_symlinks_in_the_folder_are_never_followed() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("in");
    fs::create_dir(&folder).unwrap();
    fs::write(outer.path().join("victim"), "victim").unwrap();
    symlink(outer.path(), folder.join("dir")).unwrap();
    symlink(outer.path().join("victim"), folder.join("file")).unwrap();
    symlink(outer.path().join("made-by-link"), folder.join("dangling")).unwrap();

    for overwrite in [false, true] {
        let error = restore(&folder, &["dir/x"], overwrite).unwrap_err();
        assert!(matches!(error, GetError::Exists(path) if path == folder.join("dir")));
    }
    for name in ["file", "dangling"] {
        assert!(matches!(
            restore(&folder, &[name], false),
            Err(GetError::Exists(_))
        ));
        // Told to replace, it replaces the link and not what it points to.
        restore(&folder, &[name], true).unwrap();
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), name);
    }
    assert_eq!(
        fs::read_to_string(outer.path().join("victim")).unwrap(),
        "victim"
    );
    assert_eq!(entries(outer.path()), 2);
}

#[test]
fn what_appears_after_the_look_is_not_touched() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("in");
    let (manifest, text) = manifest(&["a", "dir/b"]);
    for overwrite in [false, true] {
        let options = overwrite;
        let _ = fs::remove_dir_all(&folder);
        let mut early = prepare(Arc::clone(&manifest), folder.clone(), options).unwrap();
        fs::write(folder.join("a"), "mine").unwrap();
        assert!(matches!(early.take(0, &text), Err(GetError::Exists(_))));
        drop(early);
        assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), "mine");
        assert_eq!(entries(&folder), 1);

        fs::remove_file(folder.join("a")).unwrap();
        let mut early = prepare(Arc::clone(&manifest), folder.clone(), options).unwrap();
        symlink(outer.path(), folder.join("dir")).unwrap();
        assert!(matches!(early.take(0, &text), Err(GetError::Exists(_))));
        assert_eq!(entries(outer.path()), 1);
    }
}

#[test]
fn folders_and_files_are_not_exchanged() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("dir")).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for overwrite in [false, true] {
        for path in ["dir", "file/x"] {
            let refused = restore(folder.path(), &[path], overwrite);
            assert!(matches!(refused, Err(GetError::Exists(_))), "{path}");
        }
    }
    let refused = restore(&folder.path().join("file"), &["x"], true);
    assert!(matches!(refused, Err(GetError::Exists(_))));
}

#[test]
fn an_unfinished_file_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (manifest, text) = manifest(&["first", "second"]);
    let mut restore = prepare(manifest, folder.path().to_owned(), false).unwrap();
    restore.take(0, &text[..8]).unwrap();
    assert_eq!(entries(folder.path()), 2);
    drop(restore);
    assert_eq!(entries(folder.path()), 1);
    assert_eq!(
        fs::read_to_string(folder.path().join("first")).unwrap(),
        "first"
    );
}

#[test]
fn no_space_is_known_before() {
    let folder = tempfile::tempdir().unwrap();
    let (manifest, _) = manifest(&["a"]);
    let mut manifest = Arc::unwrap_or_clone(manifest);
    manifest.files[0].size = 1 << 60;
    let target = folder.path().join("new");
    let refused = prepare(Arc::new(manifest), target.clone(), false);
    assert!(matches!(refused, Err(GetError::NoSpace { needed, .. }) if needed == 1 << 60));
    assert!(!target.exists());
}

#[test]
fn temporary_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let folder = Arc::new(Folder::open(folder.path()).unwrap());
    let mut temporary = folder.create().unwrap();
    let mode = temporary.file().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn chosen_files_are_written_and_no_others() {
    let outer = tempfile::tempdir().unwrap();
    let (full, text) = manifest(&["a", "b/c", "d", "e/f", "g"]);
    let mut full = Arc::unwrap_or_clone(full);
    full.folders.push("empty".to_owned());
    // Nothing is stored of `d`, nor of `g`, whose place nobody fetches.
    for index in [2, 4] {
        (full.files[index].size, full.files[index].stored) = (0, 0);
    }
    let full = Arc::new(full);
    let folder = outer.path().join("in");
    let choose = |files: &[usize]| {
        let chosen = Chosen {
            files: files.to_vec(),
            empty_folders: false,
        };
        Restore::prepare(
            Arc::clone(&full),
            chosen,
            Place::Folder(folder.clone()),
            false,
            None,
        )
    };
    let mut restore = choose(&[1, 2, 3, 4]).unwrap();
    let (first, second) = (&full.files[1], &full.files[3]);
    for file in [first, second] {
        let start = usize::try_from(file.offset).unwrap();
        restore
            .take(file.offset, &text[start..start + file.path.len()])
            .unwrap();
    }
    let got = restore.finish().unwrap();
    let names = ["b/c", "d", "e/f", "g"].map(|name| folder.join(name));
    assert_eq!(got.files, names);
    assert_eq!(got.bytes, 6);
    assert_eq!(fs::read_to_string(folder.join("b/c")).unwrap(), "b/c");
    assert_eq!(fs::read_to_string(folder.join("e/f")).unwrap(), "e/f");
    assert_eq!(entries(&folder), 4);

    // One in the way stops all; one that is not chosen stops none.
    let refused = choose(&[0, 1]);
    assert!(matches!(refused, Err(GetError::Exists(path)) if path == folder.join("b/c")));
    assert!(!folder.join("a").exists());
    assert!(choose(&[0]).is_ok());
    // An empty file behind what was fetched is made at the end.
    fs::remove_file(folder.join("g")).unwrap();
    let mut restore = choose(&[0, 4]).unwrap();
    restore.take(0, &text[..1]).unwrap();
    assert!(!folder.join("g").exists());
    assert_eq!(restore.finish().unwrap().files.len(), 2);
    assert!(folder.join("g").exists());
    fs::remove_file(folder.join("a")).unwrap();
    // Bytes that never come are no file.
    let missing = choose(&[0]).unwrap().finish();
    assert!(matches!(missing, Err(GetError::Cancelled)));
    assert_eq!(entries(&folder), 4);
}

#[test]
fn a_name_that_is_not_chosen_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let (manifest, _) = manifest(&["fine", "../x"]);
    let choose = |files: Vec<usize>| {
        let chosen = Chosen {
            files,
            empty_folders: false,
        };
        let path = folder.path().to_owned();
        Restore::prepare(
            Arc::clone(&manifest),
            chosen,
            Place::Folder(path),
            false,
            None,
        )
    };
    assert!(choose(vec![0]).is_ok());
    let refused = choose(vec![1]);
    assert!(matches!(
        refused,
        Err(GetError::UnsafeName { index: 1, .. })
    ));
}

/// A get that can be continued, and what it finds in its state.
fn kept(home: &Path, manifest: &Arc<Manifest>) -> Restore {
    let first = First {
        id: 0,
        locator: Locator::from_bytes([1; 16]),
        target: Vec::new(),
        password: false,
        answer: LinkOpened {
            header: [2; 72],
            envelope: [3; 60],
            manifest: Vec::new(),
            size: 0,
            expires_at: None,
            downloads_left: None,
        },
    };
    let opened = Journal::open(&home.join("state"), first, b"", &Arc::default());
    let Ok(Opened::Journal(journal, earlier, None)) = opened else {
        panic!("no state");
    };
    journal.grant(&Grant::from_bytes([4; 32])).unwrap();
    let files = (0..manifest.files.len()).collect();
    let chosen = Chosen {
        files,
        empty_folders: true,
    };
    let place = Place::Folder(home.join("to"));
    let keep = Keep::new(journal, earlier);
    Restore::prepare(Arc::clone(manifest), chosen, place, false, Some(keep)).unwrap()
}

/// Ends like `kill -9`: nothing is recorded any more, and nothing removed.
fn kill(mut restore: Restore) {
    // What it had open is closed by the kernel; here the lock on the state alone matters.
    restore.keep.take().unwrap().journal().let_go();
    std::mem::forget(restore);
}

fn one(size: usize, stored: usize, codec: Option<Codec>) -> Arc<Manifest> {
    let file = File {
        path: "a".to_owned(),
        size: size as u64,
        stored: stored as u64,
        codec,
        ..File::default()
    };
    Arc::new(Manifest {
        files: vec![file],
        ..Manifest::default()
    })
}

#[test]
fn a_killed_get_loses_what_was_not_recorded_and_no_more() {
    let (home, piece) = (tempfile::tempdir().unwrap(), 1 << 20);
    let every = usize::try_from(keep::RECORD_EVERY).unwrap();
    let text: Vec<u8> = (0..=250).cycle().take(2 * every + every / 2).collect();
    let manifest = one(text.len(), text.len(), None);
    let mut restore = kept(home.path(), &manifest);
    for (number, piece_text) in text.chunks(piece).enumerate() {
        if number < text.len() / piece - 1 {
            restore.take((number * piece) as u64, piece_text).unwrap();
        }
    }
    kill(restore);
    let mut restore = kept(home.path(), &manifest);
    let places: Vec<_> = restore.places().collect();
    assert_eq!(places.len(), 1);
    assert_eq!(places[0], 2 * every as u64..text.len() as u64);
    restore.take(2 * every as u64, &text[2 * every..]).unwrap();
    let got = restore.finish().unwrap();
    assert!(fs::read(&got.files[0]).unwrap() == text);
    assert_eq!(entries(&home.path().join("to")), 1);
    assert_eq!(entries(&home.path().join("state")), 0);
}

#[test]
fn a_compressed_file_begins_again() {
    let home = tempfile::tempdir().unwrap();
    let text = vec![7; 3 << 20];
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    io::Write::write_all(&mut encoder, &text).unwrap();
    let stored = encoder.finish().unwrap();
    let manifest = one(text.len(), stored.len(), Some(Codec::Gzip));
    let mut restore = kept(home.path(), &manifest);
    restore.take(0, &stored[..2 << 20]).unwrap();
    // Also when there is time to record.
    drop(restore);
    assert_eq!(entries(&home.path().join("to")), 0);
    let mut restore = kept(home.path(), &manifest);
    assert_eq!(restore.places().next(), Some(0..stored.len() as u64));
    restore.take(0, &stored[..1 << 20]).unwrap();
    kill(restore);
    // What a kill leaves is written over.
    let mut restore = kept(home.path(), &manifest);
    assert_eq!(restore.places().next(), Some(0..stored.len() as u64));
    restore.take(0, &stored).unwrap();
    let got = restore.finish().unwrap();
    assert!(fs::read(&got.files[0]).unwrap() == text);
    assert_eq!(entries(&home.path().join("to")), 1);
}

#[test]
fn files_appear_when_they_are_recorded_and_those_that_were_not_come_again() {
    let home = tempfile::tempdir().unwrap();
    let names: Vec<_> = (0..100).map(|number| format!("f{number:03}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let (manifest, text) = manifest(&names);
    let mut restore = kept(home.path(), &manifest);
    for at in (0..text.len() - 8).step_by(4) {
        restore.take(at as u64, &text[at..at + 4]).unwrap();
    }
    let named = || {
        let entries = fs::read_dir(home.path().join("to")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name());
        names
            .filter(|name| name.to_str().unwrap().starts_with('f'))
            .count()
    };
    // The ninety-eight that are whole, less those that wait.
    assert_eq!(named(), 64);
    kill(restore);
    let mut restore = kept(home.path(), &manifest);
    let first = restore.places().next().unwrap();
    assert_eq!(first, 64 * 4..65 * 4);
    restore.take(first.start, &text[64 * 4..]).unwrap();
    assert_eq!(restore.finish().unwrap().files.len(), 100);
    assert_eq!((named(), entries(&home.path().join("to"))), (100, 100));
}
