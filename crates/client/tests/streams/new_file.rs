//! A file that appears when it is whole.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt, symlink};

use onekey_client::NewFile;

use super::*;

fn names(folder: &std::path::Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn it_has_no_name_before_and_leaves_nothing_when_dropped() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a");
    let mut file = NewFile::create(&path, false).unwrap();
    file.writer().unwrap().write_all(b"half").unwrap();
    let [hidden] = &names(home.path())[..] else {
        panic!("one file")
    };
    assert!(hidden.starts_with(".onekey-"));
    let mode = fs::metadata(home.path().join(hidden))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else may read it yet");
    drop(file);
    assert!(names(home.path()).is_empty());

    let mut file = NewFile::create(&path, false).unwrap();
    file.writer().unwrap().write_all(b"whole").unwrap();
    file.publish().unwrap();
    assert_eq!(names(home.path()), ["a"]);
    assert_eq!(fs::read(path).unwrap(), b"whole");
}

#[test]
fn nothing_is_overwritten_unasked() {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    fs::write(at("old"), "old").unwrap();
    fs::create_dir(at("folder")).unwrap();
    symlink("old", at("link")).unwrap();
    symlink("nowhere", at("dangling")).unwrap();
    let refused = |name: &str, overwrite| NewFile::create(&at(name), overwrite).unwrap_err().kind();
    for name in ["old", "link", "dangling"] {
        assert_eq!(refused(name, false), ErrorKind::AlreadyExists, "{name}");
    }
    for overwrite in [false, true] {
        for name in ["folder", "folder/", "new/", "."] {
            assert_eq!(refused(name, overwrite), ErrorKind::IsADirectory, "{name}");
        }
    }
    // Somebody takes the name meanwhile.
    let file = NewFile::create(&at("new"), false).unwrap();
    fs::write(at("new"), "theirs").unwrap();
    assert_eq!(file.publish().unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(fs::read(at("new")).unwrap(), b"theirs");

    NewFile::create(&at("old"), true)
        .unwrap()
        .publish()
        .unwrap();
    assert_eq!(fs::read(at("old")).unwrap(), b"");
}

#[test]
fn a_symlink_stays_and_its_file_is_replaced() {
    let home = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let (file, link) = (other.path().join("file"), home.path().join("link"));
    fs::write(&file, "old").unwrap();
    symlink(&file, &link).unwrap();
    let mut new = NewFile::create(&link, true).unwrap();
    new.writer().unwrap().write_all(b"new").unwrap();
    new.publish().unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"new");
    assert!(link.is_symlink());
    assert_eq!(names(home.path()), ["link"]);
}
