//! What `put` sends, prints and refuses.

use onekey_server::Config;
use onekey_server::config::UploadSecret;
use serde_json::Value;

use crate::harness::World;

#[test]
fn the_link_stands_alone_on_stdout() {
    let world = World::new();
    world.file("a.txt", "content");
    let done = world.run(&["put", "a.txt"], "").ok();
    let link = done.stdout.strip_suffix('\n').unwrap();
    assert!(link.starts_with(&format!("{}/s#", world.url)), "{link}");
    assert!(!link.contains(char::is_whitespace), "{link}");
    assert!(done.stderr.contains("1 file, 7 bytes"), "{}", done.stderr);
    assert!(done.stderr.contains("in 7 days"), "{}", done.stderr);
    assert!(
        done.stderr.contains(&format!("{}/manage/", world.url)),
        "{}",
        done.stderr
    );
    // Loopback is no network.
    assert!(!done.stderr.contains("hint"), "{}", done.stderr);

    let quiet = world.run(&["put", "-q", "a.txt"], "").ok();
    assert!(quiet.stderr.is_empty(), "{}", quiet.stderr);
}

#[test]
fn json_has_the_promised_fields_in_one_line() {
    let world = World::new();
    world.file("dir/a.txt", "content");
    let arguments = [
        "put",
        "--json",
        "dir",
        "--downloads",
        "3",
        "--expires",
        "never",
    ];
    let done = world.run(&arguments, "").ok();
    assert!(done.stderr.is_empty(), "{}", done.stderr);
    assert_eq!(done.stdout.lines().count(), 1);
    let value: Value = serde_json::from_str(&done.stdout).unwrap();
    let share = value["share"].as_str().unwrap();
    let expected = format!(
        "{{\"link\":{},\"direct_link\":null,\"manage_link\":{},\"share\":\"{share}\",\"expires_at\":null,\
         \"max_downloads\":3,\"size\":7,\"files\":[{{\"path\":\"dir/a.txt\",\"size\":7}}]}}\n",
        value["link"], value["manage_link"]
    );
    assert_eq!(done.stdout, expected);
    assert!(value["manage_link"].as_str().unwrap().contains(share));
}

#[test]
fn a_qr_code_goes_to_stderr() {
    let world = World::new();
    world.file("a.txt", "content");
    let done = world.run(&["put", "-q", "--qr", "a.txt"], "").ok();
    assert_eq!(done.stdout.lines().count(), 1);
    assert!(done.stderr.contains('█'), "{}", done.stderr);
}

#[test]
fn an_upload_secret_comes_from_the_environment() {
    let mut config = Config::default();
    config.upload_secret = Some(UploadSecret::new("open-sesame").unwrap());
    let world = World::with(config);
    world.file("a.txt", "content");
    let put = |secret: &str| {
        let mut command = world.command(&["put", "a.txt"]);
        command.env("ONEKEY_UPLOAD_SECRET", secret);
        crate::harness::Done::of(command, "")
    };
    put("").refused(1, "ONEKEY_UPLOAD_SECRET");
    put("wrong").refused(1, "ONEKEY_UPLOAD_SECRET");
    put("two words").refused(2, "ONEKEY_UPLOAD_SECRET");
    let link = put("open-sesame").ok().stdout;
    // It is for uploads only.
    world.run(&["get", "-o", "-"], &link).ok();
}

#[test]
fn links_live_no_longer_than_the_server_allows() {
    let mut config = Config::default();
    config.max_expiry = Some(86_400);
    config.default_expiry = Some(3_600);
    let world = World::with(config);
    world.file("a.txt", "content");
    world
        .run(&["put", "a.txt", "--expires", "2d"], "")
        .refused(1, "--expires 1d");
    let done = world.run(&["put", "a.txt"], "").ok();
    assert!(done.stderr.contains("in 60 minutes"), "{}", done.stderr);
}

#[test]
fn symlinks_are_named_and_skipped_unless_followed() {
    let world = World::new();
    world.file("dir/a.txt", "content");
    world.file("b.txt", "linked");
    std::os::unix::fs::symlink("../b.txt", world.path("dir/link.txt")).unwrap();
    let names = |done: &crate::harness::Done| -> Vec<String> {
        let value: Value = serde_json::from_str(&done.stdout).unwrap();
        let files = value["files"].as_array().unwrap().iter();
        files
            .map(|file| file["path"].as_str().unwrap().to_owned())
            .collect()
    };
    let done = world.run(&["put", "--json", "dir"], "").ok();
    assert!(
        done.stderr
            .contains("skipped dir/link.txt: a symbolic link"),
        "{}",
        done.stderr
    );
    assert_eq!(names(&done), ["dir/a.txt"]);
    let done = world.run(&["put", "--json", "--follow", "dir"], "").ok();
    assert!(done.stderr.is_empty(), "{}", done.stderr);
    assert_eq!(names(&done), ["dir/a.txt", "dir/link.txt"]);

    // The same for links that are named themselves.
    let named = ["put", "--json", "b.txt", "dir/link.txt"];
    let done = world.run(&named, "").ok();
    assert!(
        done.stderr
            .contains("skipped dir/link.txt: a symbolic link"),
        "{}",
        done.stderr
    );
    assert_eq!(names(&done), ["b.txt"]);
    let done = world.run(&["put", "dir/link.txt"], "");
    let done = done.refused(1, "nothing to send but symbolic links");
    assert!(done.stderr.contains("\n  dir/link.txt\n"), "{done:?}");
    assert!(done.stderr.contains("--follow"), "{done:?}");
    let followed = ["put", "--json", "--follow", "dir/link.txt"];
    let done = world.run(&followed, "").ok();
    assert_eq!(names(&done), ["link.txt"]);
}

#[test]
fn names_that_no_share_can_hold_are_refused_by_name_and_safely() {
    use std::os::unix::ffi::OsStrExt;

    let world = World::new();
    world.file("dir/a\u{1b}[2J.txt", "content");
    world
        .run(&["put", "dir"], "")
        .refused(1, r"dir/a\u{1b}[2J.txt");

    let name = std::ffi::OsStr::from_bytes(b"bad/\xff.txt");
    std::fs::create_dir(world.path("bad")).unwrap();
    std::fs::write(world.home().join(name), "content").unwrap();
    world.run(&["put", "bad"], "").refused(1, "bad/");

    world.file("x/same.txt", "1");
    world.file("y/same.txt", "2");
    world
        .run(&["put", "x/same.txt", "y/same.txt"], "")
        .refused(1, "same.txt");
    world
        .run(&["put", "-", "--name", "../a"], "content")
        .refused(1, "../a");
}

#[test]
fn names_that_only_look_hostile_arrive() {
    let world = World::new();
    let names = [
        "-rf",
        "a b",
        "\u{202e}gpj.exe",
        "'\"`$;&|<>*?[]{}",
        "Größe",
        "\\",
        "…",
        "#%23",
    ];
    for name in names {
        world.file(&format!("dir/{name}"), name);
    }
    let share = world.put(&["dir"]);
    let listed = world.run(&["get", "--list"], &share.link).ok();
    assert!(
        listed.stdout.contains(r"dir/\u{202e}gpj.exe"),
        "{}",
        listed.stdout
    );
    assert!(!listed.stdout.contains('\u{202e}'));
    world.run(&["get", "-o", "out"], &share.link).ok();
    for name in names {
        assert_eq!(world.read(&format!("out/dir/{name}")), name.as_bytes());
    }
}
