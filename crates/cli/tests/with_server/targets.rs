//! Where `get` writes, and where it does not.

use crate::harness::World;

#[test]
fn the_rules_of_output() {
    let world = World::new();
    world.file("src/a.txt", "content");
    world.file("src/b.txt", "other");
    let one = world.put(&["src/a.txt"]).link;
    let two = world.put(&["src/a.txt", "src/b.txt"]).link;

    world.run(&["get"], &one).ok();
    assert_eq!(world.read("a.txt"), b"content");
    world.run(&["get", "-o", "new.txt"], &one).ok();
    assert_eq!(world.read("new.txt"), b"content");
    world.run(&["get", "-o", "new/"], &one).ok();
    assert_eq!(world.read("new/a.txt"), b"content");
    std::fs::create_dir(world.path("there")).unwrap();
    world.run(&["get", "-o", "there"], &one).ok();
    assert_eq!(world.read("there/a.txt"), b"content");
    world.run(&["get", "-o", "both"], &two).ok();
    assert_eq!(world.read("both/b.txt"), b"other");
    world.run(&["get", "-o", "-"], &two).refused(2, "--file");
}

#[test]
fn a_file_in_a_folder_keeps_it() {
    let world = World::new();
    world.file("dir/a.txt", "content");
    let share = world.put(&["dir"]);
    world.run(&["get", "-o", "out/"], &share.link).ok();
    assert_eq!(world.read("out/dir/a.txt"), b"content");
    world
        .run(&["get", "-o", "other", "--file", "dir/a.txt"], &share.link)
        .ok();
    assert_eq!(world.read("other"), b"content");
}

#[test]
fn a_folder_that_is_missing_is_named_before_a_download_is_spent() {
    let world = World::new();
    world.file("src/a.txt", "content");
    let share = world.put(&["src/a.txt", "--downloads", "1"]);
    world
        .run(&["get", "-o", "misspelt/a.txt"], &share.link)
        .refused(1, "no folder misspelt");
    let done = world.run(&["get"], &share.link).ok();
    assert_eq!(done.stderr, "received a.txt in this folder, 7 bytes\n");
}

#[test]
fn nothing_is_overwritten_without_force() {
    let world = World::new();
    world.file("src/a.txt", "new");
    let share = world.put(&["src/a.txt", "--downloads", "2"]);
    world.file("a.txt", "old");
    world.file("b.txt", "old");
    for arguments in [
        &["get"][..],
        &["get", "-o", "b.txt"],
        &["get", "--file", "a.txt"],
    ] {
        world.run(arguments, &share.link).refused(1, "--force");
    }
    assert_eq!(world.read("a.txt"), b"old");
    assert_eq!(world.read("b.txt"), b"old");
    // Nothing was spent either.
    let left = world.run(&["info", "--json"], &share.link).ok().stdout;
    assert!(left.contains("\"downloads_left\":2"), "{left}");
    world.run(&["get", "--force"], &share.link).ok();
    assert_eq!(world.read("a.txt"), b"new");
    world
        .run(&["get", "--force", "-o", "b.txt"], &share.link)
        .ok();
    assert_eq!(world.read("b.txt"), b"new");
}

#[test]
fn one_file_in_the_way_stops_all_that_were_chosen() {
    let world = World::new();
    world.file("src/a.txt", "new");
    world.file("src/b.txt", "new");
    let share = world.put(&["src/a.txt", "src/b.txt", "--downloads", "1"]);
    world.file("b.txt", "old");
    let arguments = ["get", "--file", "a.txt", "--file", "b.txt"];
    world.run(&arguments, &share.link).refused(1, "b.txt");
    assert!(!world.path("a.txt").exists());
    world.run(&["get", "-o", "out"], &share.link).ok();
}

#[test]
fn symbolic_links_in_the_target_lead_nowhere() {
    let world = World::new();
    world.file("src/dir/a.txt", "content");
    let share = world.put(&["src/dir"]);
    let outside = tempfile::tempdir().unwrap();
    std::fs::create_dir(world.path("out")).unwrap();
    std::os::unix::fs::symlink(outside.path(), world.path("out/dir")).unwrap();
    for arguments in [
        &["get", "-o", "out", "--force"][..],
        &["get", "-o", "out/", "--file", "dir/a.txt"],
    ] {
        let done = world.run(arguments, &share.link);
        done.refused(1, "out/dir is in the way");
    }
    let forced = world.run(&["get", "-o", "out", "--force"], &share.link);
    let forced = forced.refused(1, "is not replaced");
    assert!(!forced.stderr.contains("overwrite it"), "{forced:#?}");
    assert_eq!(outside.path().read_dir().unwrap().count(), 0);
}
