//! Where keys come from and go to. T7: never an argument.

use std::process::Command;

use super::*;

const TEXT: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

#[test]
fn a_new_key_is_printed_alone_and_opens_the_stream() {
    let home = Home::new();
    let done = home.run(&["seal", "-o", "sealed"], b"text").ok();
    assert!(done.stdout.is_empty());
    assert_eq!(done.stderr.len(), 44, "{}", done.stderr);
    // As `2> FILE` would keep it.
    home.write("new", &done.stderr);
    assert_eq!(
        home.run(&["unseal", "-k", "new", "sealed"], b"")
            .ok()
            .stdout,
        b"text"
    );
    let again = home.run(&["seal"], b"text").ok().stderr;
    assert_ne!(again, done.stderr, "every stream has a key of its own");
}

#[test]
fn a_new_key_file_is_for_this_user_alone_and_never_replaces_another() {
    let home = Home::new();
    let done = home
        .run(&["seal", "--new-key", "new", "-o", "sealed"], b"text")
        .ok();
    assert_eq!(done.stderr, "");
    assert_eq!(mode(&home.path("new")), 0o600);
    assert_eq!(
        home.run(&["unseal", "-k", "new", "sealed"], b"")
            .ok()
            .stdout,
        b"text"
    );
    let key = home.read("new");
    let again = ["seal", "--new-key", "new", "-o", "other", "--force"];
    home.run(&again, b"text").refused(1, "never overwritten");
    assert_eq!(home.read("new"), key);
    assert_eq!(home.names(), ["new", "sealed"]);
}

#[test]
fn a_key_file_goes_away_with_a_stream_that_was_not_made() {
    let home = Home::new();
    home.run(&["seal", "--new-key", "new", "-o", "/dev/full"], b"text")
        .refused(1, "no space left");
    home.run(&["seal", "--new-key", "new", "-o", "no/out"], b"text")
        .refused(1, "no such file");
    home.write("old", "old");
    home.run(&["seal", "--new-key", "new", "-o", "old"], b"text")
        .refused(1, "--force");
    assert_eq!(home.names(), ["old"]);
}

#[test]
fn a_key_that_would_be_lost_stops_it() {
    let home = Home::new();
    let mut command = home.command(&["seal", "-o", "sealed"]);
    let child = command
        .stderr(fs::File::create("/dev/null").unwrap())
        .spawn()
        .unwrap();
    assert_eq!(finish(child, b"text").code, Some(2));
    let mut command = home.command(&["seal", "-o", "sealed"]);
    let child = command
        .stderr(fs::File::create("/dev/full").unwrap())
        .spawn()
        .unwrap();
    assert_eq!(finish(child, b"text").code, Some(1));
    assert!(home.names().is_empty());
    // A key that is kept elsewhere is not.
    let mut command = home.command(&["seal", "-k", "key", "-o", "sealed"]);
    let child = command
        .stderr(fs::File::create("/dev/null").unwrap())
        .spawn()
        .unwrap();
    assert_eq!(finish(child, b"text").code, Some(0));
}

#[test]
fn one_line_end_and_nothing_else_may_follow_the_key() {
    let home = Home::new();
    let sealed = home.run(&["seal", "-k", "key"], b"text").ok().stdout;
    for end in ["", "\n", "\r\n"] {
        home.write("k", format!("{TEXT}{end}"));
        assert_eq!(
            home.run(&["unseal", "-k", "k"], &sealed).ok().stdout,
            b"text",
            "{end:?}"
        );
    }
    let long = "A".repeat(1000);
    for (content, words) in [
        ("", "it is empty"),
        ("\n", "it is empty"),
        (&TEXT[..42], "this has 42"),
        (&format!("{TEXT}A"), "this has 44"),
        (&format!("{TEXT}\n\n"), "44"),
        (&format!("{TEXT} \n"), "44"),
        (&format!(" {TEXT}\n"), "44"),
        (&format!("{TEXT}\r"), "44"),
        (&format!("{}9", &TEXT[..42]), "a character in it is wrong"),
        (&format!("{}=", &TEXT[..42]), "a character in it is wrong"),
        (&long, "longer than 43"),
    ] {
        home.write("k", content);
        for command in ["seal", "unseal"] {
            let done = home.run(&[command, "-k", "k"], &sealed);
            assert_eq!(
                (done.code, done.stdout.len()),
                (Some(2), 0),
                "{content:?}: {}",
                done.stderr
            );
            assert!(
                done.stderr.contains("43 characters"),
                "{content:?}: {}",
                done.stderr
            );
            assert!(done.stderr.contains(words), "{content:?}: {}", done.stderr);
            assert!(
                !done.stderr.contains(&TEXT[..40]),
                "the key is told: {}",
                done.stderr
            );
        }
    }
    home.write("k", [0xff; 43]);
    home.run(&["unseal", "-k", "k"], &sealed)
        .refused(2, "a character in it is wrong");
}

#[test]
fn a_key_file_that_is_missing_says_how_to_make_one() {
    let home = Home::new();
    home.run(&["seal", "-k", "none"], b"text")
        .refused(1, "seal --new-key FILE");
}

#[test]
fn t7_a_key_is_no_argument() {
    let home = Home::new();
    for command in ["seal", "unseal"] {
        let done = home
            .run(&[command, "-k", TEXT], b"text")
            .refused(2, "takes a file");
        assert!(!done.stderr.contains(TEXT), "{}", done.stderr);
    }
}

#[test]
fn a_key_may_come_by_standard_input() {
    let home = Home::new();
    let text = home.sealed(10);
    let done = home
        .run(&["unseal", "-k", "-", "sealed"], TEXT.as_bytes())
        .ok();
    assert_eq!(done.stdout, text);
    home.run(&["unseal", "-k", "-"], TEXT.as_bytes())
        .refused(2, "both the key and the data");
}

#[test]
fn without_a_key_and_a_terminal_the_ways_are_told() {
    let home = Home::new();
    // A session of its own has no terminal to ask at.
    let mut command = Command::new("setsid");
    command
        .args(["-w", env!("CARGO_BIN_EXE_onekey"), "unseal", "x"])
        .current_dir(home.path("."));
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("-k"),
        "{output:?}"
    );
}

#[test]
fn a_key_file_that_others_can_read_is_told() {
    use std::os::unix::fs::PermissionsExt;

    let home = Home::new();
    for (mode, told) in [
        (0o600, false),
        (0o400, false),
        (0o644, true),
        (0o640, true),
        (0o604, true),
    ] {
        fs::set_permissions(home.path("key"), fs::Permissions::from_mode(mode)).unwrap();
        let done = home.run(&["seal", "-k", "key"], b"text").ok();
        assert_eq!(
            done.stderr.contains("onekey: warning: other users"),
            told,
            "{mode:o}"
        );
    }
}
