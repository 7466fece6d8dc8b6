//! What was shared from here: `ls`, and commands that take a link in place of the manage link.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Done, World};

const HISTORY: &str = ".local/share/onekey/history";

/// What a pipe holds without a reader.
const PIPE: usize = 64 << 10;

fn ls(world: &World) -> Vec<Value> {
    let done = world.run(&["ls", "--json"], "").ok();
    let value: Value = serde_json::from_str(&done.stdout).unwrap();
    value["shares"].as_array().unwrap().clone()
}

fn states(world: &World) -> usize {
    fs::read_dir(world.path(".local/state/onekey")).map_or(0, Iterator::count)
}

#[test]
fn ls_shows_the_links_and_how_they_stand() {
    let world = World::new();
    world.file("holiday/a.txt", "content");
    world.file("holiday/b.txt", "content");
    let nothing = world.run(&["ls"], "").ok();
    assert!(nothing.stdout.is_empty() && nothing.stderr.contains("nothing was shared"));

    let one = world.put(&["holiday", "--downloads", "2", "--label", "for Bob"]);
    let other = world.put(&["holiday/a.txt", "--title", "My title"]);
    world.run(&["get", "-q", "-o", "got/"], &one.link).ok();
    let added = world.run(&["link", "add", "--label", "for Ann"], &one.manage_link);
    let added = added.ok().stdout.trim().to_owned();

    let text = world.run(&["ls"], "").ok().stdout;
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    assert_eq!(lines.len(), 7);
    assert!(lines[1].contains("  live   in 7 days  1 of 2  "), "{text}");
    assert!(lines[1].ends_with("holiday/, 2 files (for Bob)"), "{text}");
    assert!(
        lines[3].ends_with("for Ann") && lines[5].ends_with("My title"),
        "{text}"
    );
    assert_eq!(
        [lines[2], lines[4], lines[6]],
        [&one.link, &added, &other.link]
    );
    // Manage links stand in the JSON alone.
    assert!(!text.contains("/manage/"));

    let shares = ls(&world);
    assert_eq!(shares[0]["manage_link"], one.manage_link);
    assert_eq!(shares[0]["links"][0]["downloads_left"], 1);
    assert_eq!(shares[0]["links"][1]["link"], added);
    assert_eq!(
        (&shares[0]["state"], &shares[1]["size"]),
        (&"live".into(), &7.into())
    );

    let mode = |path: &str| fs::metadata(world.path(path)).unwrap().permissions().mode();
    assert_eq!(mode(HISTORY) & 0o777, 0o600);
    assert_eq!(mode(".local/share/onekey") & 0o777, 0o700);
}

#[test]
fn a_link_stands_for_its_manage_link() {
    let world = World::new();
    world.file("a.txt", "content");
    let share = world.put(&["a.txt"]);
    let added = world.run(&["link", "add", &share.link], "").ok();
    let added = added.stdout.trim();
    let list = world.run(&["link", "list"], added).ok();
    assert!(list.stdout.contains("link 2"), "{list:?}");
    // Alone it is the link that is meant, and leads to its share.
    world
        .run(&["link", "change", added, "--downloads", "3"], "")
        .ok();
    assert_eq!(ls(&world)[0]["links"][1]["max_downloads"], 3);
    world.run(&["link", "revoke", added], "").ok();
    assert_eq!(ls(&world)[0]["links"][1]["state"], "revoked");
    world.run(&["get", "-o", "-"], &share.link).ok();

    world.run(&["rm"], added).ok();
    world.run(&["get", "-o", "-"], &share.link).refused(3, "");
    let text = fs::read_to_string(world.path(HISTORY)).unwrap();
    assert!(text.is_empty(), "a deleted share's keys stay: {text}");
}

#[test]
fn what_another_machine_deleted_is_gone() {
    let world = World::new();
    world.file("a.txt", "content");
    let share = world.put(&["a.txt"]);
    let mut elsewhere = world.command(&["rm"]);
    elsewhere.env("XDG_DATA_HOME", world.path("elsewhere"));
    Done::of(elsewhere, &share.manage_link).ok();
    for _ in 0..2 {
        assert_eq!(ls(&world)[0]["state"], "gone");
    }
    let text = world.run(&["ls"], "").ok().stdout;
    assert!(text.contains("  gone   "), "{text}");
    // Noted once.
    let lines = fs::read_to_string(world.path(HISTORY)).unwrap();
    assert_eq!(lines.lines().count(), 2, "{lines}");
    world.run(&["rm"], &share.link).ok();
    assert!(ls(&world).is_empty());
}

#[test]
fn nothing_is_recorded_where_that_is_switched_off() {
    let world = World::new();
    world.file("a.txt", "content");
    let share = world.put(&["a.txt", "--no-history"]);
    let added = world.run(&["link", "add", "--no-history"], &share.manage_link);
    added.ok();
    let mut off = world.command(&["put", "a.txt"]);
    off.env("ONEKEY_HISTORY", "off");
    Done::of(off, "").ok();
    assert!(!world.path(".local/share").exists());
    world
        .run(&["rm"], &share.link)
        .refused(2, "not in the history of this machine");
    let mut unclear = world.command(&["put", "a.txt"]);
    unclear.env("ONEKEY_HISTORY", "false");
    Done::of(unclear, "").refused(2, "neither on nor off");
}

#[test]
fn a_history_that_cannot_be_written_stops_no_put() {
    let world = World::new();
    world.file("a.txt", "content");
    world.file(".local/share/onekey", "no folder");
    let done = world.run(&["put", "a.txt"], "").ok();
    assert!(
        done.stderr
            .contains("onekey: warning: cannot write the history"),
        "{done:?}"
    );
    world.run(&["get", "-o", "-"], done.stdout.trim()).ok();
}

#[test]
fn a_server_that_is_silent_holds_nobody() {
    let world = World::new();
    world.file("a.txt", "content");
    let share = world.put(&["a.txt"]);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", silent.local_addr().unwrap());
    let path = world.path(HISTORY);
    let text = fs::read_to_string(&path).unwrap();
    // More than are asked at once.
    let mut others = String::new();
    for number in 10..40 {
        let (_, id) = share.manage_link.split_once("/manage/").unwrap();
        let other = text.replace(id, &format!("{number}{}", &id[2..]));
        let name = id.split_once('#').unwrap().0;
        let other = other.replace(name, &format!("{number}{}", &name[2..]));
        others.push_str(&other.replace(&world.url, &silent));
    }
    fs::write(&path, others + &text).unwrap();
    let start = Instant::now();
    let done = world.run(&["ls"], "");
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(done.code, Some(1));
    assert!(done.stderr.contains(&silent) && done.stderr.contains("no answer from 1 server"));
    assert_eq!(done.stdout.lines().count(), 1 + 2 * 31, "{}", done.stdout);
    assert!(done.stdout.contains("  live   "), "{}", done.stdout);
}

/// Waits until nothing of a process runs any more: what follows would be a race else.
fn wait_until_it_waits(pid: u32) {
    let (start, mut quiet) = (Instant::now(), 0);
    while quiet < 5 {
        assert!(start.elapsed() < Duration::from_secs(30), "it goes on");
        std::thread::sleep(Duration::from_millis(10));
        // Elsewhere the pauses have to do.
        let stat =
            fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_else(|_| ") S".to_owned());
        let waits = stat.rsplit_once(')').unwrap().1.starts_with(" S");
        quiet = if waits { quiet + 1 } else { 0 };
    }
}

/// A put that hangs in printing its link, as nobody reads it.
fn killed_before_the_link(world: &World, arguments: &[&str]) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(&[0; PIPE]).unwrap();
    let mut command = world.command(&[&["put"], arguments].concat());
    command.stdout(writer).stdin(Stdio::null());
    let mut child = command.spawn().unwrap();
    drop(command);
    let told = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut told = told.map_while(Result::ok);
    assert!(told.any(|line| line.contains("keep it to yourself")));
    wait_until_it_waits(child.id());
    // SIGKILL: the share is live, and its link never came out.
    child.kill().unwrap();
    child.wait().unwrap();
    drop(reader);
}

#[test]
fn a_put_killed_before_its_link_was_printed_prints_it_when_resumed() {
    let world = World::new();
    world.file("a.txt", "content");
    killed_before_the_link(&world, &["a.txt", "--no-history"]);
    assert_eq!(states(&world), 1);
    let done = world
        .run(&["put", "--resume", "a.txt", "--no-history"], "")
        .ok();
    assert!(
        done.stderr.contains("continuing: 1 of 1 part"),
        "{}",
        done.stderr
    );
    assert_eq!(states(&world), 0);
    let got = world.run(&["get", "-o", "-"], done.stdout.trim()).ok();
    assert_eq!(got.stdout, "content");
}

#[test]
fn a_put_killed_before_its_link_was_printed_is_in_the_history() {
    let world = World::new();
    world.file("a.txt", "content");
    killed_before_the_link(&world, &["a.txt"]);
    let shares = ls(&world);
    let link = shares[0]["links"][0]["link"].as_str().unwrap();
    let got = world.run(&["get", "-o", "-"], link).ok();
    assert_eq!(got.stdout, "content");
}
