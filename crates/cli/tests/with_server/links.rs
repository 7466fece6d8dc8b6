//! Several links of one share.

use onekey_server::Config;
use serde_json::Value;

use crate::harness::{Done, Share, World};

/// A share of one file.
fn share(world: &World) -> Share {
    world.file("a.txt", "content");
    world.put(&["a.txt"])
}

/// Adds a link. Returns it.
fn add(world: &World, share: &Share, options: &[&str]) -> String {
    let arguments = [&["link", "add"], options].concat();
    let done = world.run(&arguments, &share.manage_link).ok();
    done.stdout.trim_end().to_owned()
}

fn list(world: &World, share: &Share) -> Vec<Value> {
    let done = world.run(&["link", "list", "--json"], &share.manage_link);
    let value: Value = serde_json::from_str(&done.ok().stdout).unwrap();
    value["links"].as_array().unwrap().clone()
}

fn get(world: &World, link: &str) -> Done {
    world.run(&["get", "-o", "-"], link)
}

#[test]
fn an_added_link_gets_the_same_files_and_spends_its_own_downloads() {
    let world = World::new();
    let share = share(&world);
    let done = world
        .run(&["link", "add", "--downloads", "1"], &share.manage_link)
        .ok();
    assert_eq!(done.stdout.lines().count(), 1);
    assert!(done.stderr.contains("good for     1 download"), "{done:#?}");
    let link = done.stdout.trim_end();
    assert_ne!(link, share.link);
    assert_eq!(get(&world, link).ok().stdout, "content");
    get(&world, link).refused(3, "");
    assert_eq!(get(&world, &share.link).ok().stdout, "content");
}

#[test]
fn a_link_has_a_password_of_its_own() {
    let world = World::new();
    let share = share(&world);
    world.file("password", "correct horse\n");
    let link = add(&world, &share, &["--password-file", "password"]);
    let mut command = world.command(&["get", "-o", "-"]);
    command.env("ONEKEY_PASSWORD", "wrong");
    Done::of(command, &link).refused(4, "wrong password");
    let arguments = ["get", "-o", "-", "--password-file", "password"];
    assert_eq!(world.run(&arguments, &link).ok().stdout, "content");
    assert_eq!(get(&world, &share.link).ok().stdout, "content");
}

#[test]
fn a_list_shows_labels_and_limits_and_no_key() {
    let world = World::new();
    world.file("a.txt", "content");
    let share = world.put(&["a.txt", "--label", "for Ann"]);
    let options = [
        "--label",
        "für Bob \u{1b}[2J",
        "--downloads",
        "3",
        "--expires",
        "1h",
    ];
    let json = add(&world, &share, &[&options[..], &["--json"]].concat());
    let added: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(added["label"], options[1]);
    assert_eq!(added["max_downloads"], 3);
    assert_eq!(added["password"], false);
    get(&world, added["link"].as_str().unwrap()).ok();

    let links = list(&world, &share);
    assert_eq!(links.len(), 2);
    assert_eq!(links[0]["label"], "for Ann");
    assert_eq!(links[1]["locator"], added["locator"]);
    assert_eq!(links[1]["expires_at"], added["expires_at"]);
    assert_eq!(
        (&links[1]["number"], &links[1]["downloads"]),
        (&2.into(), &1.into())
    );

    let done = world.run(&["link", "list"], &share.manage_link).ok();
    assert!(
        done.stdout
            .starts_with("link 1: for Ann\n  state      live\n"),
        "{done:#?}"
    );
    assert!(
        done.stdout.contains("\n\nlink 2: für Bob \\u{1b}[2J\n"),
        "{done:#?}"
    );
    assert!(
        done.stdout.contains("downloads  1 of 3, last on "),
        "{done:#?}"
    );
    let info = world.run(&["info"], &share.manage_link).ok();
    assert!(info.stdout.ends_with(&done.stdout), "{info:#?}");
}

#[test]
fn a_link_is_revoked_by_label_by_number_and_by_itself() {
    let world = World::new();
    let share = share(&world);
    let links: Vec<_> = ["Bob", "Ann", "Eve"]
        .iter()
        .map(|label| add(&world, &share, &["--label", label]))
        .collect();
    for which in ["Bob", "3", &links[2]] {
        let done = world.run(&["link", "revoke", which], &share.manage_link);
        assert_eq!(done.ok().stderr, "revoked\n");
    }
    // It may be repeated.
    world
        .run(&["link", "revoke", "3", "-q"], &share.manage_link)
        .ok();
    for link in &links {
        get(&world, link).refused(3, "");
    }
    assert_eq!(get(&world, &share.link).ok().stdout, "content");
    let states = list(&world, &share);
    let states = states.iter().map(|link| link["state"].as_str().unwrap());
    assert_eq!(
        states.collect::<Vec<_>>(),
        ["live", "revoked", "revoked", "revoked"]
    );
}

#[test]
fn which_link_is_never_guessed() {
    let world = World::new();
    let share = share(&world);
    for label in ["Bob", "Bob", "1"] {
        add(&world, &share, &["--label", label]);
    }
    for verb in [&["revoke"][..], &["change", "--downloads", "1"]] {
        let run = |which: &str| {
            let arguments = [&["link"], verb, &[which]].concat();
            world.run(&arguments, &share.manage_link)
        };
        run("Bob").refused(2, "several links are meant by that: 2, 3");
        run("1").refused(2, "several links are meant by that: 1, 4");
        run("bob").refused(3, "no link of that label or number");
        run("5").refused(3, "no link of that label or number");
        run("0").refused(3, "no link of that label or number");
        let other = world.put(&["a.txt"]);
        run(&other.link).refused(3, "none of the share's");
        run(&share.manage_link).refused(2, "manage link");
        run("https://example.org/s").refused(2, "ends before its key");
    }
    let all_live = list(&world, &share)
        .iter()
        .all(|link| link["state"] == "live");
    assert!(all_live);
    // Once one of them is revoked, the label means the other.
    world.run(&["link", "revoke", "2"], &share.manage_link).ok();
    world
        .run(&["link", "revoke", "Bob"], &share.manage_link)
        .ok();
    let revoked = list(&world, &share);
    assert_eq!(revoked[2]["state"], "revoked");
}

#[test]
fn limits_change_and_a_spent_link_works_again() {
    let world = World::new();
    let share = share(&world);
    let link = add(&world, &share, &["--downloads", "1", "--expires", "1h"]);
    get(&world, &link).ok();
    get(&world, &link).refused(3, "");
    let change = |options: &[&str]| {
        let arguments = [&["link", "change", "2"], options].concat();
        world.run(&arguments, &share.manage_link)
    };
    let done = change(&["--downloads", "2"]).ok();
    assert!(done.stdout.is_empty());
    assert!(
        done.stderr.contains("good for     2 downloads, 1 taken"),
        "{done:#?}"
    );
    get(&world, &link).ok();
    let end = |links: &[Value]| links[1]["expires_at"].as_i64();
    let before = list(&world, &share);
    change(&["--expires", "30d", "-q"]).ok();
    let after = list(&world, &share);
    assert!(end(&after) > end(&before));
    assert_eq!(after[1]["max_downloads"], 2);
    assert_eq!(after[0], before[0]);
    change(&["--expires", "never", "--downloads", "any"]).ok();
    let after = list(&world, &share);
    assert!(after[1]["expires_at"].is_null() && after[1]["max_downloads"].is_null());
    get(&world, &link).ok();

    world.run(&["link", "revoke", "2"], &share.manage_link).ok();
    change(&["--downloads", "any"]).refused(3, "revoked");
}

#[test]
fn what_the_server_does_not_allow_names_the_option() {
    let mut config = Config::default();
    config.max_expiry = Some(3600);
    config.default_expiry = Some(3600);
    let world = World::with(config);
    let share = share(&world);
    for verb in [&["add"][..], &["change", "1"]] {
        for expires in ["2h", "never"] {
            let arguments = [&["link"], verb, &["--expires", expires]].concat();
            world
                .run(&arguments, &share.manage_link)
                .refused(1, "at most");
        }
    }
    let label = "x".repeat(257);
    let arguments = ["link", "add", "--label", label.as_str()];
    world
        .run(&arguments, &share.manage_link)
        .refused(1, "longer than 256 bytes");
    world
        .run(&["put", "a.txt", "--label", label.as_str()], "")
        .refused(1, "longer than 256 bytes");
    assert_eq!(list(&world, &share).len(), 1);
}

#[test]
fn only_the_manage_link_does_anything() {
    let world = World::new();
    world.file("a.txt", "content");
    let share = world.put(&["a.txt", "--no-history"]);
    let other = world.put(&["a.txt"]);
    let (place, _) = share.manage_link.split_once('#').unwrap();
    let (_, secret) = other.manage_link.split_once('#').unwrap();
    let forged = format!("{place}#{secret}");
    for arguments in [
        &["link", "add"][..],
        &["link", "list"],
        &["link", "change", "1", "--downloads", "1"],
        &["link", "revoke", "1"],
    ] {
        let refused = world.run(arguments, &share.link);
        refused.refused(2, "not in the history of this machine");
        world.run(arguments, &forged).refused(4, "");
        world.run(arguments, "").refused(2, "there is no link");
        // As an argument and from the environment as well.
        let mut command = world.command(arguments);
        command.env("ONEKEY_LINK", &forged);
        Done::of(command, "").refused(4, "");
        let (verb, rest) = arguments.split_at(2);
        let arguments = [verb, &[forged.as_str()], rest].concat();
        world.run(&arguments, "").refused(4, "");
    }
    assert_eq!(get(&world, &share.link).ok().stdout, "content");
    world.run(&["rm"], &share.manage_link).ok();
    world
        .run(&["link", "add"], &share.manage_link)
        .refused(3, "");
}
