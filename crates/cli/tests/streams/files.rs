//! Where the bytes come from and go to.

use std::os::unix::fs::{MetadataExt, symlink};
use std::process::Command;

use super::*;

#[test]
fn files_and_pipes_come_out_as_they_went_in() {
    let home = Home::new();
    for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 40 * CHUNK + 5] {
        let text = text(len);
        home.write("in", &text);
        for threads in ["1", "3"] {
            let seal = ["seal", "-k", "key", "--threads", threads];
            let unseal = ["unseal", "-k", "key", "--threads", threads];
            // File to file, and overwrite it the next time.
            home.run(
                &[&seal[..], &["in", "-o", "sealed", "--force"]].concat(),
                b"",
            )
            .ok();
            let done = home
                .run(
                    &[&unseal[..], &["sealed", "-o", "out", "--force"]].concat(),
                    b"",
                )
                .ok();
            assert_eq!(done.stderr, "");
            assert!(home.read("out") == text, "{len} {threads}");
            // Pipe to pipe.
            let sealed = home.run(&seal, &text).ok().stdout;
            assert_eq!(sealed.len(), home.read("sealed").len());
            let done = home
                .run(&[&unseal[..], &["-", "-o", "-"]].concat(), &sealed)
                .ok();
            assert!(done.stdout == text, "{len} {threads}");
        }
    }
}

#[test]
fn the_other_cipher_is_found_out() {
    let home = Home::new();
    let arguments = ["seal", "-k", "key", "--cipher", "chacha20-poly1305"];
    let sealed = home.run(&arguments, b"text").ok().stdout;
    assert_eq!(sealed[9], 2);
    assert_eq!(
        home.run(&["unseal", "-k", "key"], &sealed).ok().stdout,
        b"text"
    );
}

#[test]
fn nothing_is_overwritten_without_force() {
    let home = Home::new();
    let text = home.sealed(100);
    home.write("old", "old");
    for arguments in [
        &["seal", "-k", "key", "in", "-o", "old"][..],
        &["unseal", "-k", "key", "sealed", "-o", "old"],
        &["seal", "-k", "key", "in", "-o", "in"],
    ] {
        home.run(arguments, b"").refused(1, "--force");
    }
    assert_eq!(home.read("old"), b"old");
    home.run(
        &["unseal", "-k", "key", "sealed", "-o", "old", "--force"],
        b"",
    )
    .ok();
    assert_eq!(home.read("old"), text);
    // In its own place: what is read is whole before it is replaced.
    home.run(&["seal", "-k", "key", "in", "-o", "in", "--force"], b"")
        .ok();
    home.run(&["unseal", "-k", "key", "in", "-o", "in", "--force"], b"")
        .ok();
    assert_eq!(home.read("in"), text);
}

#[test]
fn a_symlink_stays_one() {
    let home = Home::new();
    home.sealed(10);
    home.write("target", "old");
    symlink("target", home.path("link")).unwrap();
    home.run(&["unseal", "-k", "key", "sealed", "-o", "link"], b"")
        .refused(1, "link is in the way");
    home.run(
        &["unseal", "-k", "key", "sealed", "-o", "link", "--force"],
        b"",
    )
    .ok();
    assert!(home.path("link").is_symlink());
    assert_eq!(home.read("target"), home.read("in"));
}

#[test]
fn folders_are_named() {
    let home = Home::new();
    home.sealed(10);
    fs::create_dir(home.path("folder")).unwrap();
    home.run(&["seal", "-k", "key", "folder", "-o", "x"], b"")
        .refused(1, "tar c");
    for out in ["folder", "folder/", "new/", "."] {
        home.run(&["seal", "-k", "key", "in", "-o", out, "--force"], b"")
            .refused(1, "is a folder");
    }
    home.run(&["seal", "-k", "key", "in", "-o", "no/x"], b"")
        .refused(1, "no such file or folder");
    assert_eq!(home.names(), ["folder", "in", "sealed"]);
}

#[test]
fn devices_and_named_pipes_are_written_as_they_are() {
    let home = Home::new();
    let text = home.sealed(3 * CHUNK);
    let before = fs::metadata("/dev/null").unwrap();
    home.run(&["seal", "-k", "key", "in", "-o", "/dev/null"], b"")
        .ok();
    let after = fs::metadata("/dev/null").unwrap();
    assert_eq!((before.ino(), before.mode()), (after.ino(), after.mode()));
    home.run(&["seal", "-k", "key", "in", "-o", "/dev/full"], b"")
        .refused(1, "no space left");

    let made = Command::new("mkfifo")
        .arg(home.path("fifo"))
        .status()
        .unwrap();
    assert!(made.success());
    let writer = home
        .command(&["unseal", "-k", "key", "sealed", "-o", "fifo"])
        .spawn()
        .unwrap();
    assert!(home.read("fifo") == text);
    finish(writer, b"").ok();
    assert!(!home.path("fifo").is_file(), "it is still a pipe");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure_but_a_stream_that_was_cut_is() {
    let home = Home::new();
    home.sealed(100 * CHUNK);
    let close = |arguments: &[&str]| {
        let mut child = home.command(arguments).spawn().unwrap();
        drop(child.stdout.take());
        finish(child, b"")
    };
    let done = close(&["unseal", "-k", "key", "sealed"]).ok();
    assert_eq!(done.stderr, "");
    close(&["seal", "-k", "key", "in"]).refused(1, "broken pipe");
}

#[test]
fn a_file_on_standard_input_is_read_from_where_it_stands() {
    let home = Home::new();
    home.sealed(5 * CHUNK);
    home.write("both", [&b"a line\n"[..], &home.read("sealed")].concat());
    // The shell reads one line byte by byte, and the command goes on there.
    let script = format!(
        "{{ read line; {} unseal -k key; }} < both",
        env!("CARGO_BIN_EXE_onekey")
    );
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(home.path("."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout == home.read("in"));
}
