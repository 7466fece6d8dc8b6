//! The rules of a manifest beyond its JSON.

use std::time::{Duration, Instant};

use onekey_core::manifest::{
    Codec, File, MAX_INTEGER, MAX_PADDED, MAX_PATH_LEN, Manifest, ManifestError, PaddingError,
    PathError, Place, check_path, pad,
};
use proptest::prelude::*;

fn file(path: &str, offset: u64, stored: u64) -> File {
    File {
        path: path.into(),
        media_type: "text/plain".into(),
        size: stored,
        offset,
        stored,
        ..File::default()
    }
}

fn of_files(files: Vec<File>) -> Manifest {
    Manifest {
        files,
        ..Manifest::default()
    }
}

fn of_paths(files: &[&str], folders: &[&str]) -> Manifest {
    Manifest {
        files: files.iter().map(|path| file(path, 0, 0)).collect(),
        folders: folders.iter().map(|&path| path.into()).collect(),
        ..Manifest::default()
    }
}

#[test]
fn files_stand_in_payload_order() {
    let ordered = of_files(vec![
        file("a", 2, 3),
        file("b", 5, 0),
        file("c", 5, 4),
        file("d", 9, 0),
    ]);
    assert_eq!(ordered.validate(9), Ok(()));
    for files in [
        vec![file("a", 2, 3), file("b", 4, 1)],
        vec![file("a", 2, 3), file("b", 0, 2)],
        vec![file("a", 2, 3), file("b", 4, 0)],
        vec![file("a", 2, 0), file("b", 1, 0)],
    ] {
        assert_eq!(
            of_files(files).validate(9),
            Err(ManifestError::Order { entry: 1 })
        );
    }
}

#[test]
fn files_end_within_the_payload() {
    assert_eq!(of_files(vec![file("a", 2, 3)]).validate(5), Ok(()));
    for (offset, stored) in [(2, 3), (5, 0), (MAX_INTEGER, MAX_INTEGER), (0, MAX_INTEGER)] {
        let manifest = of_files(vec![file("a", offset, stored)]);
        assert_eq!(
            manifest.validate(4),
            Err(ManifestError::Beyond { entry: 0 })
        );
    }
}

#[test]
fn t29_numbers_of_writers_are_checked_as_well() {
    let over = MAX_INTEGER + 1;
    let valid = file("a", 0, 0);
    for broken in [
        file("a", over, 0),
        file("a", 0, over),
        file("a", u64::MAX, u64::MAX),
        File {
            size: over,
            codec: Some(Codec::Gzip),
            ..valid.clone()
        },
        File {
            modified: Some(over as i64),
            ..valid.clone()
        },
        File {
            modified: Some(-(over as i64)),
            ..valid.clone()
        },
        File {
            modified: Some(i64::MIN),
            ..valid.clone()
        },
    ] {
        let manifest = of_files(vec![
            valid.clone(),
            File {
                path: "b".into(),
                ..broken
            },
        ]);
        assert_eq!(
            manifest.validate(u64::MAX),
            Err(ManifestError::Number { entry: 1 })
        );
    }
    let oldest = File {
        modified: Some(-(MAX_INTEGER as i64)),
        ..valid
    };
    assert_eq!(of_files(vec![oldest]).validate(0), Ok(()));
    assert_eq!(
        of_files(vec![file("a", 0, MAX_INTEGER)]).validate(u64::MAX),
        Ok(())
    );
}

#[test]
fn only_a_codec_changes_the_stored_size() {
    let packed = File {
        size: 9,
        codec: Some(Codec::Brotli),
        ..file("a", 0, 4)
    };
    assert_eq!(of_files(vec![packed.clone()]).validate(4), Ok(()));
    for size in [3, 9] {
        let raw = File {
            codec: None,
            size,
            ..packed.clone()
        };
        assert_eq!(
            of_files(vec![raw]).validate(4),
            Err(ManifestError::Stored { entry: 0 })
        );
    }
}

#[test]
fn media_types_fit_a_header_field() {
    let valid = |media_type: &str| {
        of_files(vec![File {
            media_type: media_type.into(),
            ..file("a", 0, 0)
        }])
        .validate(0)
    };
    for media_type in ["a", "text/plain; charset=utf-8", " ~", &"x".repeat(255)] {
        assert_eq!(valid(media_type), Ok(()));
    }
    for media_type in ["", "a\r\nb", "a\tb", "\u{7f}", "té", "\0", &"x".repeat(256)] {
        assert_eq!(
            valid(media_type),
            Err(ManifestError::MediaType { entry: 0 })
        );
    }
}

#[test]
fn t6_paths_stay_inside_and_print_nothing() {
    for path in [
        "a",
        "a/b",
        ".a",
        "a.",
        "...",
        "..a/b",
        "a b",
        "~",
        "C:\\a",
        "con",
        "é/😀",
        "\u{202e}gpj",
        "a\\..\\b",
        &"x".repeat(MAX_PATH_LEN),
    ] {
        assert_eq!(check_path(path), Ok(()), "{path}");
    }
    for (path, error) in [
        ("", PathError::Empty),
        ("/", PathError::EmptyComponent),
        ("/a", PathError::EmptyComponent),
        ("a/", PathError::EmptyComponent),
        ("a//b", PathError::EmptyComponent),
        (".", PathError::DotComponent),
        ("..", PathError::DotComponent),
        ("./a", PathError::DotComponent),
        ("a/..", PathError::DotComponent),
        ("a/./b", PathError::DotComponent),
        ("a\0", PathError::Control),
        ("a\nb", PathError::Control),
        ("\x1b[2J", PathError::Control),
        ("\u{7f}", PathError::Control),
        ("\u{85}", PathError::Control),
        ("\u{9f}", PathError::Control),
        (&"x".repeat(MAX_PATH_LEN + 1), PathError::TooLong),
        (&"é".repeat(MAX_PATH_LEN / 2 + 1), PathError::TooLong),
    ] {
        assert_eq!(check_path(path), Err(error), "{path:?}");
        let place = Place::File(1);
        assert_eq!(
            of_paths(&["ok", path], &[]).validate(0),
            Err(ManifestError::Path { place, error })
        );
        let place = Place::Folder(0);
        assert_eq!(
            of_paths(&["ok"], &[path]).validate(0),
            Err(ManifestError::Path { place, error })
        );
    }
}

#[test]
fn t6_all_paths_can_exist_at_once() {
    // `!` sorts before `/`: neighbours by plain bytes would miss these.
    for (files, folders) in [
        (&["a", "a!", "a!/b", "b"][..], &[][..]),
        (&["a", "a!b", "a/b"], &[]),
        (&["a/b", "a/b!", "a/b/c"], &[]),
        (&["a/b"], &["a"]),
        (&["a"], &["a/b"]),
        (&[], &["x", "a", "a\u{7d}", "a/b/c/d"]),
    ] {
        let error = of_paths(files, folders).validate(0).unwrap_err();
        assert!(
            matches!(error, ManifestError::FolderOfAnother { .. }),
            "{files:?} {folders:?}"
        );
    }
    for (files, folders) in [
        (&["a", "b", "a"][..], &[][..]),
        (&["a"], &["a"]),
        (&[], &["a/b", "a/b"]),
    ] {
        let error = of_paths(files, folders).validate(0).unwrap_err();
        assert!(
            matches!(error, ManifestError::SamePath { .. }),
            "{files:?} {folders:?}"
        );
    }
    // Bytes decide, not case and not Unicode's forms.
    let files = ["a/b", "a/c", "a!", "ab", "A/b", "é", "e\u{301}"];
    assert_eq!(of_paths(&files, &["a/d", "b/c"]).validate(0), Ok(()));
}

#[test]
fn hostile_paths_stay_fast() {
    // Deep ones that differ in the end, and many short ones. Comparing all pairs, or looking up
    // every folder of every path, would take far longer than the parts of a second that this takes.
    for (count, folder) in [(2_000, "a/".repeat(508)), (40_000, "a/".to_owned())] {
        let paths = (0..count).rev().map(|n| folder.clone() + &n.to_string());
        let mut manifest = Manifest {
            folders: paths.collect(),
            ..Manifest::default()
        };
        let start = Instant::now();
        assert_eq!(manifest.validate(0), Ok(()));
        manifest.folders.push("a".into());
        let place = Place::Folder(count);
        assert_eq!(
            manifest.validate(0),
            Err(ManifestError::FolderOfAnother { place })
        );
        let elapsed = start.elapsed();
        assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    }
}

#[test]
fn writers_cannot_write_what_readers_refuse() {
    let broken = of_paths(&["../a"], &[]);
    broken.print(0).unwrap_err();

    let note = Some("x".repeat(MAX_PADDED));
    let long = Manifest {
        note,
        ..Manifest::default()
    };
    assert_eq!(
        long.print(0),
        Err(ManifestError::Padding(PaddingError::TooLong))
    );
}

#[test]
fn readers_check_what_a_writer_should_have() {
    let hostile = of_paths(&["../a"], &[]);
    let padded = pad(&hostile.to_json()).unwrap();
    assert_eq!(
        Manifest::parse(&padded, 0),
        hostile.validate(0).map(|()| hostile)
    );

    let late = of_files(vec![file("a", 0, 3)]);
    let padded = late.print(3).unwrap();
    assert_eq!(
        Manifest::parse(&padded, 2),
        Err(ManifestError::Beyond { entry: 0 })
    );
    assert_eq!(Manifest::parse(&padded, 3), Ok(late));
}

#[test]
fn errors_name_the_entry_only() {
    let error = of_paths(&["ok", "MARK/../x"], &[]).validate(0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "file 1 of the manifest: the path holds a `.` or `..` component"
    );
    assert!(!format!("{error:?}").contains("MARK"));
}

/// The rule in its words, for few paths.
fn can_exist_at_once(paths: &[String]) -> bool {
    paths.iter().enumerate().all(|(i, a)| {
        paths
            .iter()
            .enumerate()
            .all(|(j, b)| i == j || (a != b && !b.starts_with(&format!("{a}/"))))
    })
}

proptest! {
    #[test]
    fn sorting_finds_what_comparing_all_pairs_finds(
        paths in proptest::collection::vec("[a!~]{1,2}(/[a!~]{1,2}){0,2}", 0..8),
        split in any::<prop::sample::Index>(),
    ) {
        let (files, folders) = paths.split_at(split.index(paths.len() + 1));
        let files: Vec<_> = files.iter().map(String::as_str).collect();
        let folders: Vec<_> = folders.iter().map(String::as_str).collect();
        prop_assert_eq!(of_paths(&files, &folders).validate(0).is_ok(), can_exist_at_once(&paths));
    }

    #[test]
    fn printed_manifests_parse_back(
        stored in proptest::collection::vec((0..5_u64, 0..100_u64), 0..20),
        note in any::<String>(),
    ) {
        let mut end = 0;
        let files = stored.iter().enumerate().map(|(n, &(gap, stored))| {
            let file = file(&format!("{n}"), end + gap, stored);
            end = file.offset + stored;
            file
        });
        let manifest = Manifest { files: files.collect(), note: Some(note), ..Manifest::default() };
        let padded = manifest.print(end).unwrap();
        prop_assert_eq!(Manifest::parse(&padded, end), Ok(manifest));
    }
}
