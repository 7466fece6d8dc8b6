//! Files that get smaller take less room on the server, and come back as they were.

use std::fs;
use std::path::Path;

use onekey_server::Config;

use crate::harness::{Done, World};

/// Lines of a log: a tenth of it is news.
fn log(lines: usize) -> String {
    let line = |number: usize| {
        let news = number.wrapping_mul(2_654_435_761) % 100_000;
        format!("2026-11-21 INFO request {number} took {news} us\n")
    };
    (0..lines).map(line).collect()
}

/// Bytes that do not shrink.
fn noise(len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    rand::fill(&mut bytes[..]);
    bytes
}

/// Bytes of all payloads; none while the server has not begun.
fn stored(data: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(data) else {
        return 0;
    };
    let entries = entries.map(Result::unwrap);
    let lens = entries.map(|entry| {
        let found = entry.metadata().unwrap();
        if found.is_dir() {
            stored(&entry.path())
        } else {
            found.len()
        }
    });
    lens.sum()
}

/// What `put` adds to the server.
fn put(world: &World, data: &Path, arguments: &[&str]) -> (Done, u64) {
    let before = stored(&data.join("blobs"));
    let stdin = log(4000);
    let stdin = if arguments.contains(&"-") {
        &*stdin
    } else {
        ""
    };
    let done = world
        .run(&[&["put", "--json"], arguments].concat(), stdin)
        .ok();
    (done, stored(&data.join("blobs")) - before)
}

#[test]
fn a_mixed_tree_is_stored_smaller_and_comes_back() {
    let data = tempfile::tempdir().unwrap();
    let world = World::with(Config::in_folder(data.path()));
    let text = log(4000);
    world.file("tree/a.log", &text);
    world.file("tree/deep/b.log", log(100));
    world.file("tree/deep/empty.txt", "");
    world.file("tree/noise.bin", noise(100_000));
    world.file("tree/photo.jpg", &text);
    let size = (2 * text.len() + log(100).len() + 100_000) as u64;

    let (done, smaller) = put(&world, data.path(), &["tree"]);
    let value: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(value["size"], size);
    assert_eq!(value["files"][0]["size"], text.len());
    // The log shrinks to a fraction; noise and photo do not.
    let kept = (text.len() + 100_000) as u64;
    assert!(smaller < kept + text.len() as u64 / 2, "{smaller} {kept}");
    world
        .run(&["get", "-o", "got/"], value["link"].as_str().unwrap())
        .ok();
    for path in [
        "a.log",
        "deep/b.log",
        "deep/empty.txt",
        "noise.bin",
        "photo.jpg",
    ] {
        let (sent, got) = (
            world.read(&format!("tree/{path}")),
            world.read(&format!("got/tree/{path}")),
        );
        assert!(sent == got, "{path}");
    }

    let (_, larger) = put(&world, data.path(), &["tree", "--no-compress"]);
    assert!(larger >= size, "{larger}");
}

#[test]
fn standard_input_is_stored_as_it_is() {
    let data = tempfile::tempdir().unwrap();
    let world = World::with(Config::in_folder(data.path()));
    let (_, stored) = put(&world, data.path(), &["-"]);
    assert!(stored >= log(4000).len() as u64);
}
