//! What it says, what it does not say, and its exit codes.

use std::fs;

use crate::stopped::{Stopped, check, report, run};

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
