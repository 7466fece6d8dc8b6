//! 5 GiB through the real programs, in little memory.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Done, Share, command, finish, start};
use crate::files::fill;
use crate::server::Server;
use crate::skip::skip;
use crate::status::memory;

const GIB: u64 = 1 << 30;

/// Bytes of the file: more than 32 bits can count.
const LENGTH: u64 = 5 * GIB;

/// Bytes that are made and compared at once.
const PIECE: usize = 1 << 20;

/// Free space that it wants: the share, the file that goes in or the one that comes out, and some air.
const DISK: u64 = 2 * LENGTH + GIB;

/// Most memory of either program.
const MAX_MEMORY: u64 = 200 << 20;

/// Time between two looks at the memory of a process.
const LOOK: Duration = Duration::from_millis(50);

fn pieces() -> impl Iterator<Item = Vec<u8>> {
    let mut piece = vec![0; PIECE];
    (0..LENGTH / PIECE as u64).map(move |number| {
        fill(number + 1, &mut piece);
        piece.clone()
    })
}

fn write(path: &Path) {
    let mut file = BufWriter::with_capacity(PIECE, File::create(path).unwrap());
    for piece in pieces() {
        file.write_all(&piece).unwrap();
    }
    file.flush().unwrap();
}

fn assert_whole(path: &Path) {
    let mut file = File::open(path).unwrap();
    assert_eq!(file.metadata().unwrap().len(), LENGTH);
    let mut read = vec![0; PIECE];
    for (number, piece) in pieces().enumerate() {
        file.read_exact(&mut read).unwrap();
        assert!(read == piece, "MiB {number} differs");
    }
}

/// Watches a process until it ends. Returns the most memory it was seen with.
fn peak_of(pid: u32) -> u64 {
    let mut peak = 0;
    // A process that has ended has no memory in its status.
    while let Some(now) = memory(pid) {
        peak = now.peak;
        thread::sleep(LOOK);
    }
    peak
}

/// Runs a client. Returns what it printed, its peak memory and its time.
fn measured(command: Command, stdin: &str) -> (Done, u64, Duration) {
    let began = Instant::now();
    let child = start(command);
    let pid = child.id();
    thread::scope(|scope| {
        let watched = scope.spawn(move || peak_of(pid));
        let done = finish(child, stdin.as_bytes()).exits(0);
        (done, watched.join().unwrap(), began.elapsed())
    })
}

#[test]
fn five_gib_go_through_in_less_than_200_mib() {
    let home = tempfile::tempdir().unwrap();
    let disk = rustix::fs::statvfs(home.path()).unwrap();
    let free = disk.f_bavail * disk.f_frsize;
    if free < DISK {
        let reason = format!(
            "wants {} GiB free in the temporary folder, there are {}",
            DISK / GIB,
            free / GIB
        );
        return skip("five_gib", &reason);
    }
    write(&home.path().join("large.bin"));
    let server = Server::start(&home.path().join("data"));

    let put = command(home.path(), &server.url(), &["put", "--json", "large.bin"]);
    let (done, put_peak, put_time) = measured(put, "");
    let share = Share::of(&done);
    std::fs::remove_file(home.path().join("large.bin")).unwrap();
    let get = command(home.path(), "", &["get", "-q", "-o", "out/"]);
    let (_, get_peak, get_time) = measured(get, &share.link);
    let server_peak = memory(server.pid()).unwrap().peak;

    let figures = format!(
        "5 GiB: put {put_time:.1?} in {} MiB, get {get_time:.1?} in {} MiB, server in {} MiB",
        put_peak >> 20,
        get_peak >> 20,
        server_peak >> 20
    );
    // Not `eprintln!`, which a passing test hides.
    writeln!(std::io::stderr(), "{figures}").unwrap();
    assert_whole(&home.path().join("out/large.bin"));
    for peak in [put_peak, get_peak, server_peak] {
        assert!((1..MAX_MEMORY).contains(&peak), "{figures}");
    }
}
