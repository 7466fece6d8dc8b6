//! What arrives, what is shown, and what that costs.

use crate::harness::World;

#[test]
fn a_folder_arrives_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, SystemTime};

    let world = World::new();
    world.file("a/b/dir/run.sh", "#!/bin/sh\n");
    world.file("a/b/dir/deep/empty.txt", "");
    world.file("a/b/dir/big.bin", vec![7; 300_000]);
    std::fs::create_dir(world.path("a/b/dir/nothing")).unwrap();
    let run = world.path("a/b/dir/run.sh");
    std::fs::set_permissions(&run, std::fs::Permissions::from_mode(0o755)).unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    std::fs::File::options()
        .append(true)
        .open(&run)
        .unwrap()
        .set_modified(time)
        .unwrap();

    let share = world.put(&["a/b/dir"]);
    let done = world.run(&["get", "-o", "out"], &share.link).ok();
    assert!(done.stdout.is_empty());
    assert!(
        done.stderr.contains("received 3 files in out"),
        "{}",
        done.stderr
    );
    assert_eq!(world.read("out/dir/run.sh"), b"#!/bin/sh\n");
    assert_eq!(world.read("out/dir/deep/empty.txt"), b"");
    assert_eq!(world.read("out/dir/big.bin"), vec![7; 300_000]);
    assert!(world.path("out/dir/nothing").is_dir());
    let restored = std::fs::metadata(world.path("out/dir/run.sh")).unwrap();
    assert_eq!(restored.permissions().mode() & 0o111, 0o111);
    assert_eq!(restored.modified().unwrap(), time);
    let plain = std::fs::metadata(world.path("out/dir/big.bin")).unwrap();
    assert_eq!(plain.permissions().mode() & 0o111, 0);
}

#[test]
fn a_pipe_goes_through() {
    let world = World::new();
    let link = world
        .run(&["put", "-", "--name", "talk.txt"], "hello")
        .ok()
        .stdout;
    let done = world.run(&["get", "-o", "-"], &link).ok();
    assert_eq!(done.stdout, "hello");
    let listed = world.run(&["get", "--list", &link], "").ok();
    assert!(
        listed.stdout.contains("5 bytes  talk.txt"),
        "{}",
        listed.stdout
    );
}

#[test]
fn looking_costs_nothing_and_the_last_download_is_the_last() {
    let world = World::new();
    world.file("a.txt", "content");
    let share = world.put(&[
        "a.txt",
        "--downloads",
        "1",
        "--title",
        "Ours",
        "--note",
        "two\nlines",
    ]);
    for arguments in [&["get", "--list"][..], &["info"]] {
        let shown = world.run(arguments, &share.link).ok();
        let lines = [
            "Ours\n",
            "  | two\n",
            "  | lines\n",
            "7 bytes  a.txt",
            "downloads left  1",
        ];
        for line in lines {
            assert!(shown.stdout.contains(line), "{}", shown.stdout);
        }
        assert!(shown.stderr.is_empty(), "{}", shown.stderr);
    }
    world.run(&["get"], &share.link).refused(1, "a.txt");
    world.run(&["get", "-o", "b.txt"], &share.link).ok();
    assert_eq!(world.read("b.txt"), b"content");
}

#[test]
fn info_as_json() {
    let world = World::new();
    world.file("dir/a.txt", "content");
    let share = world.put(&["dir", "--title", "a\u{202e}b", "--expires", "never"]);
    let done = world.run(&["info", "--json"], &share.link).ok();
    assert!(done.stdout.contains("\\u202e"), "{}", done.stdout);
    let value: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(value["title"], "a\u{202e}b");
    assert_eq!(value["files"][0]["path"], "dir/a.txt");
    assert_eq!(value["size"], 7);
    assert_eq!(value["password"], false);
    assert_eq!(value["expires_at"], serde_json::Value::Null);
}

#[test]
fn single_files_are_taken_by_name_and_cost_one_download_together() {
    let world = World::new();
    for name in ["dir/a.txt", "dir/b.txt", "dir/c.txt"] {
        world.file(name, name);
    }
    let share = world.put(&["dir", "--downloads", "2"]);
    let arguments = [
        "get",
        "--file",
        "dir/a.txt",
        "--file",
        "dir/b.txt",
        "-o",
        "out",
    ];
    world.run(&arguments, &share.link).ok();
    assert_eq!(world.read("out/dir/a.txt"), b"dir/a.txt");
    assert_eq!(world.read("out/dir/b.txt"), b"dir/b.txt");
    assert!(!world.path("out/dir/c.txt").exists());
    let left = world.run(&["info", "--json"], &share.link).ok().stdout;
    assert!(left.contains("\"downloads_left\":1"), "{left}");

    let arguments = ["get", "--file", "dir/b.txt", "-o", "-"];
    assert_eq!(world.run(&arguments, &share.link).ok().stdout, "dir/b.txt");
}

#[test]
fn a_name_that_is_not_there_lists_what_is() {
    let world = World::new();
    world.file("dir/a.txt", "content");
    world.file("dir/\u{202e}b.txt", "content");
    let share = world.put(&["dir", "--downloads", "1"]);
    let done = world.run(&["get", "--file", "a.txt\u{202e}"], &share.link);
    let done = done.refused(2, r"no file named `a.txt\u{202e}`");
    assert!(done.stderr.contains("\n  dir/a.txt\n"), "{}", done.stderr);
    assert!(
        done.stderr.contains("\n  dir/\\u{202e}b.txt\n"),
        "{}",
        done.stderr
    );
    world.run(&["info"], &share.link).ok();
}

#[test]
fn direct_forms_of_a_link_open_it_as_well() {
    let world = World::new();
    world.file("a.txt", "content");
    let share = world.put(&["a.txt"]);
    for form in ["KEY", "KEY.txt", "KEY/any%20name.txt"] {
        let link = format!("{}/{}", world.url, form.replace("KEY", share.key()));
        assert_eq!(world.run(&["get", "-o", "-"], &link).ok().stdout, "content");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    use std::io::Read;

    let world = World::new();
    world.file("big.bin", vec![b'x'; 4 << 20]);
    let share = world.put(&["big.bin"]);
    let mut child = world
        .command(&["get", "-o", "-", &share.link])
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 10]).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
