//! What the manage link does.

use serde_json::Value;

use crate::harness::World;

#[test]
fn rm_takes_the_manage_link_of_a_share_that_was_not_recorded() {
    let world = World::new();
    world.file("a.txt", "content");
    let share = world.put(&["a.txt", "--no-history"]);
    world.run(&["rm"], &share.link).refused(2, "manage link");
    world
        .run(&["get", "-o", "-"], &share.manage_link)
        .refused(2, "manage link");
    let done = world.run(&["rm"], &share.manage_link).ok();
    assert_eq!(
        (done.stdout.as_str(), done.stderr.as_str()),
        ("", "deleted\n")
    );
    world.run(&["get", "-o", "-"], &share.link).refused(3, "");
    world.run(&["info"], &share.manage_link).refused(3, "");
}

#[test]
fn info_tells_the_owner_how_often_a_link_was_used() {
    let world = World::new();
    world.file("a.txt", "content");
    let share = world.put(&["a.txt", "--downloads", "3"]);
    world.run(&["get", "-o", "-"], &share.link).ok();
    let done = world.run(&["info"], &share.manage_link).ok();
    assert!(
        done.stdout.contains("downloads  1 of 3, last on "),
        "{}",
        done.stdout
    );
    let done = world.run(&["info", "--json"], &share.manage_link).ok();
    let value: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(value["links"][0]["downloads"], 1);
    assert_eq!(value["links"][0]["state"], "live");
}

#[test]
fn another_shares_secret_is_4() {
    let world = World::new();
    world.file("a.txt", "content");
    let (one, other) = (world.put(&["a.txt"]), world.put(&["a.txt"]));
    let (place, _) = one.manage_link.split_once('#').unwrap();
    let (_, secret) = other.manage_link.split_once('#').unwrap();
    world
        .run(&["rm"], &format!("{place}#{secret}"))
        .refused(4, "");
    world.run(&["get", "-o", "-"], &one.link).ok();
}
