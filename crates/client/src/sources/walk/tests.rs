use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

fn tree() -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    let at = |name: &str| tree.path().join(name);
    fs::create_dir_all(at("dir/empty/deeper")).unwrap();
    fs::create_dir_all(at("dir/full")).unwrap();
    fs::create_dir_all(at("dir/full-empty")).unwrap();
    fs::write(at("dir/full/b"), "bb").unwrap();
    fs::write(at("dir/a"), "a").unwrap();
    fs::write(at("dir/full.txt"), "").unwrap();
    fs::set_permissions(at("dir/a"), fs::Permissions::from_mode(0o755)).unwrap();
    tree
}

fn names(sources: &Sources) -> Vec<&str> {
    sources.files().map(|(name, _)| name).collect()
}

#[test]
fn names_begin_with_the_last_component_and_are_sorted_by_bytes() {
    let tree = tree();
    let paths = [tree.path().join("dir"), tree.path().join("dir/full/b")];
    let sources = gather(&paths, WalkOptions::default()).unwrap();
    assert_eq!(
        names(&sources),
        ["b", "dir/a", "dir/full.txt", "dir/full/b"]
    );
    assert_eq!(sources.folders, ["dir/empty/deeper", "dir/full-empty"]);
    assert_eq!(sources.total_size(), Some(5));
    let Content::Files(files) = &sources.content else {
        panic!("not files")
    };
    let executable: Vec<_> = files.iter().map(|file| file.executable).collect();
    assert_eq!(executable, [false, true, false, false]);
}

#[test]
fn a_folder_with_a_trailing_slash_or_dot_keeps_its_name() {
    let tree = tree();
    for end in ["", "/", "/.", "/full/.."] {
        let path = format!("{}/dir{end}", tree.path().display()).into();
        let sources = gather(&[path], WalkOptions::default()).unwrap();
        assert_eq!(names(&sources)[0], "dir/a", "{end}");
    }
}

#[test]
fn symlinks_in_folders_are_skipped_unless_followed() {
    let tree = tree();
    symlink("a", tree.path().join("dir/link")).unwrap();
    let dir = [tree.path().join("dir")];
    let sources = gather(&dir, WalkOptions::default()).unwrap();
    assert!(!names(&sources).contains(&"dir/link"));
    let skipped = Skipped {
        path: tree.path().join("dir/link"),
        reason: SkippedReason::Symlink,
    };
    assert_eq!(sources.skipped(), [skipped]);

    let follow_symlinks = true;
    let sources = gather(&dir, WalkOptions { follow_symlinks }).unwrap();
    assert!(names(&sources).contains(&"dir/link"));
    // A loop is an error and not an endless walk.
    symlink(".", tree.path().join("dir/loop")).unwrap();
    assert!(gather(&dir, WalkOptions { follow_symlinks }).is_err());
}

#[test]
fn symlinks_that_are_named_themselves_are_skipped_unless_followed() {
    let tree = tree();
    let at = |name: &str| tree.path().join(name);
    symlink("dir/a", at("file")).unwrap();
    symlink("dir/full", at("folder")).unwrap();
    symlink("nowhere", at("dangling")).unwrap();
    let options = WalkOptions::default();
    let paths = [at("file"), at("folder/"), at("dangling"), at("dir/a")];
    let sources = gather(&paths, options).unwrap();
    assert_eq!(names(&sources), ["a"]);
    let skipped = sources.skipped().iter().map(|skipped| &skipped.path);
    assert!(skipped.eq(&paths[..3]));
    // A link above what is named is a way and not the goal.
    let sources = gather(&[at("folder/b")], options).unwrap();
    assert_eq!(names(&sources), ["b"]);

    let error = gather(&paths[..2], options).unwrap_err();
    assert!(matches!(error, SourceError::OnlySymlinks(only) if only == paths[..2]));
    let follow = WalkOptions {
        follow_symlinks: true,
    };
    let sources = gather(&paths[..2], follow).unwrap();
    assert_eq!(names(&sources), ["file", "folder/b"]);
    let error = gather(&paths[2..3], follow).unwrap_err();
    assert!(matches!(error, SourceError::NotFound(_)));
}

#[test]
fn every_wrong_entry_is_named() {
    let tree = tree();
    let bad = std::ffi::OsStr::from_bytes(b"dir/\xff");
    fs::write(tree.path().join(bad), "").unwrap();
    fs::write(tree.path().join("dir/new\nline"), "").unwrap();
    let paths = [tree.path().join("dir"), tree.path().join("missing")];
    let error = gather(&paths, WalkOptions::default()).unwrap_err();
    let SourceError::Several(errors) = &error else {
        panic!("{error}")
    };
    assert_eq!(errors.len(), 3);
    let has = |test: fn(&SourceError) -> bool| errors.iter().any(test);
    assert!(has(|error| matches!(error, SourceError::NotUtf8(_))));
    assert!(has(|error| matches!(error, SourceError::Name { .. })));
    assert!(has(|error| matches!(error, SourceError::NotFound(_))));
    assert!(error.to_string().contains("missing"));
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let tree = tree();
    fs::create_dir(tree.path().join("other")).unwrap();
    fs::write(tree.path().join("other/dir"), "").unwrap();
    let paths = [tree.path().join("dir"), tree.path().join("other/dir")];
    let error = gather(&paths, WalkOptions::default()).unwrap_err();
    assert!(matches!(error, SourceError::SameName(name) if name == "dir"));
}

#[test]
fn nothing_is_an_error_and_an_empty_folder_is_not() {
    assert!(matches!(
        gather(&[], WalkOptions::default()),
        Err(SourceError::Empty)
    ));
    let tree = tree();
    let sources = gather(
        &[tree.path().join("dir/empty/deeper")],
        WalkOptions::default(),
    );
    assert_eq!(sources.unwrap().folders, ["deeper"]);
}

#[test]
fn what_hides_its_length_or_is_no_file_is_refused() {
    let error = gather(&["/proc/self/status".into()], WalkOptions::default()).unwrap_err();
    assert!(matches!(error, SourceError::Unsized(_)));
    let error = gather(&["/dev/null".into()], WalkOptions::default()).unwrap_err();
    assert!(matches!(error, SourceError::Special(_)));
}
