//! Links that ended: why, for those who have the whole key.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use onekey_server::Config;
use onekey_server::clock::ManualClock;

use crate::harness::{Done, World};

const EXPIRED: &str = "onekey: error: the link has expired\n";
const REVOKED: &str = "onekey: error: the link was revoked by its owner\n";
const USED_UP: &str = "onekey: error: all downloads of the link are used up\n";
const GONE: &str = "onekey: error: the link does not exist, or no longer\n";

/// A server whose time is moved by hand.
fn world() -> (World, ManualClock) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let clock = ManualClock::new(i64::try_from(now.as_secs()).unwrap());
    let mut config = Config::default();
    config.clock = Arc::new(clock.clone());
    let world = World::with(config);
    world.file("a.txt", "content");
    (world, clock)
}

/// Both commands of a receiver say why.
#[track_caller]
fn says(world: &World, link: &str, sentence: &str) {
    for arguments in [&["get", "-o", "b.txt"][..], &["info"]] {
        world.run(arguments, link).refused(3, sentence);
    }
}

#[test]
fn an_expired_link_says_so() {
    let (world, clock) = world();
    let share = world.put(&["a.txt", "--expires", "60s"]);
    world.run(&["info"], &share.link).ok();
    clock.advance(60);
    says(&world, &share.link, EXPIRED);
}

#[test]
fn a_used_up_link_says_so() {
    let (world, _) = world();
    let share = world.put(&["a.txt", "--downloads", "1"]);
    world.run(&["get", "-o", "-"], &share.link).ok();
    says(&world, &share.link, USED_UP);
}

#[test]
fn a_revoked_link_says_so() {
    let (world, _) = world();
    let share = world.put(&["a.txt"]);
    world.run(&["rm"], &share.manage_link).ok();
    says(&world, &share.link, REVOKED);
}

#[test]
fn who_lacks_the_password_learns_only_that_it_is_gone() {
    let (world, clock) = world();
    world.file("password", "correct horse\n");
    let with_file = ["a.txt", "--password-file", "password", "--expires", "60s"];
    let share = world.put(&with_file);
    clock.advance(60);
    says(&world, &share.link, GONE);
    let ask = |password: &str| {
        let mut command = world.command(&["info"]);
        command.env("ONEKEY_PASSWORD", password);
        Done::of(command, &share.link)
    };
    ask("wrong").refused(3, GONE);
    ask("correct horse").refused(3, EXPIRED);
    let arguments = ["get", "--password-file", "password"];
    world.run(&arguments, &share.link).refused(3, EXPIRED);
}

#[test]
fn a_link_that_never_was_does_not_exist() {
    let (world, _) = world();
    let link = format!(
        "{}/s#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        world.url
    );
    says(&world, &link, GONE);
}
