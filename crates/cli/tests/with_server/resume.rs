//! `put --resume` after `kill -9`, of either side.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use onekey_server::Config;

use crate::harness::{Done, World};

const MIB: u64 = 1 << 20;

/// What is sent: eight parts and a piece.
const LEN: u64 = 64 * MIB;

/// Bytes of parts that are in flight at most.
const IN_FLIGHT: u64 = 4 * 8 * MIB;

/// Longest wait for bytes to pass.
const PATIENCE: Duration = Duration::from_secs(60);

/// A way to the server that passes `left` more bytes and then stands still, and counts.
struct Narrows {
    url: String,
    passed: Arc<AtomicU64>,
    left: Arc<AtomicU64>,
}

impl Narrows {
    fn new(world: &World) -> Self {
        let server = world.url.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (passed, left) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let (count, limit) = (Arc::clone(&passed), Arc::clone(&left));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(&server).unwrap();
                let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
                let (count, limit) = (Arc::clone(&count), Arc::clone(&limit));
                thread::spawn(move || pass(client, server, &count, &limit));
                let (free, all) = (AtomicU64::new(0), AtomicU64::new(u64::MAX));
                thread::spawn(move || pass(back.0, back.1, &free, &all));
            }
        });
        Self { url, passed, left }
    }

    fn passed(&self) -> u64 {
        self.passed.load(Ordering::SeqCst)
    }

    fn wait_until_still(&self) {
        let start = Instant::now();
        while self.left.load(Ordering::SeqCst) > 0 {
            assert!(start.elapsed() < PATIENCE, "too slow");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Copies until either side ends. At the limit it reads no more, as a line that broke.
fn pass(mut from: TcpStream, mut to: TcpStream, count: &AtomicU64, limit: &AtomicU64) {
    let mut piece = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut piece) {
        let len = read as u64;
        let take = |left: u64| Some(left.saturating_sub(len));
        let left = limit.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take);
        if left == Ok(0) {
            break;
        }
        count.fetch_add(len, Ordering::SeqCst);
        if to.write_all(&piece[..read]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

fn content() -> Vec<u8> {
    let words = 0..(LEN / 4) as u32;
    words
        .flat_map(|x| x.wrapping_mul(2_654_435_761).to_be_bytes())
        .collect()
}

fn put(world: &World, narrows: &Narrows, arguments: &[&str]) -> std::process::Command {
    let mut command = world.command(&[&["put", "--json", "big.bin"], arguments].concat());
    command.env("ONEKEY_SERVER", &narrows.url);
    command
}

fn states(world: &World) -> usize {
    fs::read_dir(world.path(".local/state/onekey")).map_or(0, Iterator::count)
}

/// A share's link names the way that it was sent by; the server's own is another.
fn fetch(world: &World, done: &Done) {
    let value: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    let key = value["link"].as_str().unwrap().split_once('#').unwrap().1;
    let link = format!("{}/s#{key}", world.url);
    world.run(&["get", "-o", "got/"], &link).ok();
}

#[test]
fn a_killed_put_goes_on_and_sends_what_is_missing() {
    let world = killed_and_resumed(|_| {}, &[]);
    assert!(world.read("got/big.bin") == world.read("big.bin"));
}

#[test]
fn a_killed_put_that_compresses_goes_on() {
    let text = "the same words again and again\n".repeat(3000);
    let before = |world: &World| {
        world.file("a.txt", &text);
        // With a text beside it all is read in order.
        world.file("z.txt", &text);
    };
    let world = killed_and_resumed(before, &["a.txt", "z.txt"]);
    for path in ["a.txt", "big.bin", "z.txt"] {
        assert!(world.read(&format!("got/{path}")) == world.read(path));
    }
}

#[test]
fn a_killed_direct_put_goes_on_as_one() {
    let world = killed_and_resumed(|_| {}, &["--direct"]);
    assert!(world.read("got/big.bin") == world.read("big.bin"));
    let done = world.run(&["ls", "--json"], "");
    let value: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    let link = &value["shares"][0]["links"][0];
    let direct = link["direct_link"].as_str().unwrap();
    assert!(direct.ends_with(".bin"), "{direct}");
}

/// Sends the large file and others, kills the put, continues it, and fetches what was sent into `got/`.
fn killed_and_resumed(prepare: impl Fn(&World), others: &[&str]) -> World {
    let data = tempfile::tempdir().unwrap();
    let world = World::with(Config::in_folder(data.path()));
    world.file("big.bin", content());
    prepare(&world);
    let narrows = Narrows::new(&world);
    // More than is in flight, so that a part is there for certain.
    narrows.left.store(IN_FLIGHT + 16 * MIB, Ordering::SeqCst);
    let mut child = put(&world, &narrows, others).spawn().unwrap();
    narrows.wait_until_still();
    // SIGKILL: it has no time for anything.
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(states(&world), 1);

    narrows.left.store(u64::MAX, Ordering::SeqCst);
    let before = narrows.passed();
    let done = Done::of(put(&world, &narrows, &[others, &["--resume"]].concat()), "").ok();
    assert!(done.stderr.contains("continuing: "), "{}", done.stderr);
    // Nothing was sent twice but what was in flight when it was killed.
    let sent = narrows.passed() - before;
    assert!(
        before + sent <= LEN + IN_FLIGHT + 4 * MIB,
        "{before} {sent}"
    );
    assert!(sent < LEN - 8 * MIB, "{sent}");
    assert_eq!(states(&world), 0);
    fetch(&world, &done);
    // The server's folder is not needed any more.
    drop(data);
    world
}

#[test]
fn a_lost_network_and_ctrl_c_print_the_command_to_continue() {
    let world = World::new();
    world.file("big.bin", content());
    let narrows = Narrows::new(&world);
    narrows.left.store(IN_FLIGHT + 8 * MIB, Ordering::SeqCst);
    let mut child = put(&world, &narrows, &["--title", "it's"]).spawn().unwrap();
    narrows.wait_until_still();
    assert_eq!(crate::interrupt::interrupt(&mut child), Some(130));
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    let command = r"continue with: onekey put --resume --json big.bin --title 'it'\''s'";
    assert!(text.contains(command), "{text}");
    assert_eq!(states(&world), 1);

    narrows.left.store(u64::MAX, Ordering::SeqCst);
    // Other options are another share.
    world.file("small.txt", "x");
    let done = world.run(&["put", "--resume", "small.txt"], "").ok();
    assert!(done.stderr.contains("nothing to continue"), "{done:?}");
    let resumed = put(&world, &narrows, &["--resume", "--title", "it's"]);
    let done = Done::of(resumed, "").ok();
    assert!(done.stderr.contains("continuing: "), "{}", done.stderr);
    fetch(&world, &done);
    assert!(world.read("got/big.bin") == world.read("big.bin"));
}

#[test]
fn standard_input_cannot_be_continued() {
    let world = World::new();
    let done = world.run(&["put", "--resume", "-"], "content");
    done.refused(2, "cannot be read again");
}
