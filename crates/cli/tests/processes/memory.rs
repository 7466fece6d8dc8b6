//! What cannot make the server grow: bodies without an end, and names that nobody made.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use onekey_core::base64url;
use rand::Rng;

use crate::http::{Answer, Connection, head};
use crate::sender::Sender;
use crate::server::{Server, command};
use crate::status::memory;

const MIB: usize = 1 << 20;

/// Growth that is noise: buffers and stacks of connections.
const NOISE: u64 = 16 * MIB as u64;

/// Bytes that a test sends of an endless body: more than the server throws away (64 MiB) before it answers.
const ENOUGH: usize = 80 * MIB;

/// Bytes of a chunk of an endless body.
const CHUNK: usize = 256 << 10;

/// Bytes that fit into the buffers of both systems before anybody reads: far less than a limit of a body.
const IN_FLIGHT: usize = 8 * MIB;

/// Random locators that are asked for.
const LOCATORS: usize = if cfg!(feature = "long") {
    1_000_000
} else {
    100_000
};

/// Growth that they may cause: less than a key for each would in the long run, less than a lock for each in the short.
const GROWTH: u64 = if cfg!(feature = "long") { 4 } else { 2 } * MIB as u64;

/// What a new day adds to the database, if one begins meanwhile: its pepper. Every locator would add more than this in all.
const NEW_DAY: u64 = 64 << 10;

/// Connections that ask for them.
const CONNECTIONS: usize = 8;

/// Requests that are under way on one connection.
const PIPELINED: usize = 50;

/// Sends an endless body until the server answers or the test has sent enough. Returns the answer and
/// how much was sent.
fn send_without_end(server: &Server, request: &str, auth: &str, fields: &str) -> (Answer, usize) {
    let fields = format!("transfer-encoding: chunked\r\n{fields}");
    endless(server, &head(request, auth, &fields))
}

fn endless(server: &Server, head: &str) -> (Answer, usize) {
    let mut connection = Connection::open(server.address).unwrap();
    connection.send(head).unwrap();
    let (answered, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut chunk = format!("{CHUNK:x}\r\n").into_bytes();
    chunk.extend(vec![b' '; CHUNK]);
    chunk.extend(b"\r\n");
    thread::scope(|scope| {
        let mut writer = connection.writer();
        let (answered, sent) = (&answered, &sent);
        scope.spawn(move || {
            while !answered.load(Ordering::Relaxed) && sent.load(Ordering::Relaxed) < ENOUGH {
                // The server may close as soon as it has answered.
                if writer.write_all(&chunk).is_err() {
                    break;
                }
                sent.fetch_add(CHUNK, Ordering::Relaxed);
            }
        });
        let mut answer = connection.answer().unwrap();
        while answer.status == 100 {
            answer = connection.answer().unwrap();
        }
        answered.store(true, Ordering::Relaxed);
        (answer, sent.load(Ordering::Relaxed))
    })
}

#[test]
fn t30_bodies_without_an_end_are_refused_and_cost_no_memory() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(&home.path().join("data"));
    let mut sender = Sender::new(1, 10_000);
    sender.create(server.address).unwrap();
    let owner = sender.owner_auth();
    let upload = format!("/api/v1/uploads/{}", sender.id);
    let before = memory(server.pid()).unwrap().peak;

    let routes = [
        ("POST /api/v1/uploads".to_owned(), "", 413),
        (format!("POST {upload}/complete"), owner.as_str(), 413),
        (format!("POST {upload}/complete"), "", 403),
        (format!("PUT {upload}/parts/0"), owner.as_str(), 411),
        (format!("PUT {upload}/parts/0"), "", 403),
    ];
    for (request, auth, status) in &routes {
        let (answer, sent) = send_without_end(&server, request, auth, "");
        assert_eq!(answer.status, *status, "{request}");
        let peak = memory(server.pid()).unwrap().peak;
        eprintln!(
            "{request}: {status} after {} MiB, peak {} MiB",
            sent / MIB,
            peak / MIB as u64
        );
        // A client that waits for leave is refused before it sends anything; one that got it is drained like any other.
        if *status != 413 {
            let expect = "expect: 100-continue\r\n";
            let (answer, sent) = send_without_end(&server, request, auth, expect);
            assert_eq!(answer.status, *status, "{request}");
            assert!(sent < IN_FLIGHT, "{request}: {} MiB", sent / MIB);
        }
    }
    // Ten gigabytes that are announced are refused by the announcement.
    for (request, auth) in [
        (&routes[0].0, ""),
        (&routes[1].0, &owner),
        (&routes[3].0, &owner),
    ] {
        let fields = "content-length: 10000000000\r\nexpect: 100-continue\r\n";
        let mut connection = Connection::open(server.address).unwrap();
        connection.send(head(request, auth, fields)).unwrap();
        assert_eq!(connection.answer().unwrap().status, 413, "{request}");
    }

    let grown = memory(server.pid()).unwrap().peak - before;
    eprintln!("grown by {} KiB", grown >> 10);
    assert!(grown < NOISE, "{} MiB", grown / MIB as u64);
    // It is as well as before.
    assert!(sender.received(server.address).is_empty());
}

/// Asks for `count` random locators, in turn by GET and with a proof, as fast as one connection can.
fn ask_for_strangers(server: &Server, count: usize) {
    let mut connection = Connection::open(server.address).unwrap();
    let mut rng = rand::rng();
    let mut asked = 0;
    while asked < count {
        let now = PIPELINED.min(count - asked);
        let mut requests = String::new();
        for number in 0..now {
            let (mut locator, mut proof) = ([0; 16], [0; 32]);
            rng.fill_bytes(&mut locator);
            rng.fill_bytes(&mut proof);
            let locator = base64url::encode(&locator);
            let proof = format!("Onekey-Proof {}", base64url::encode(&proof));
            requests += &if number % 2 == 0 {
                head(&format!("GET /api/v1/links/{locator}"), "", "")
            } else {
                head(&format!("POST /api/v1/links/{locator}/open"), &proof, "")
            };
        }
        connection.send(requests).unwrap();
        for _ in 0..now {
            connection.answer().unwrap().is(404);
        }
        asked += now;
    }
}

/// Bytes of the database with what is beside it.
fn database(data: &Path) -> u64 {
    let length = |name| data.join(name).metadata().map_or(0, |found| found.len());
    length("onekey.db") + length("onekey.db-wal")
}

#[test]
fn t8_locators_that_nobody_made_leave_no_trace_in_memory_or_database() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let mut quiet = command(&data);
    quiet.args(["--log", "warn"]);
    let server = Server::run(quiet);
    let ask_all = |count: usize| {
        thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| ask_for_strangers(&server, count / CONNECTIONS));
            }
        });
    };
    // Pools, caches and stacks are there before it is measured.
    ask_all(LOCATORS / 20);
    let before = (memory(server.pid()).unwrap().now, database(&data));
    ask_all(LOCATORS);
    let after = (memory(server.pid()).unwrap().now, database(&data));
    let grown = after.0.saturating_sub(before.0);
    eprintln!(
        "{LOCATORS} locators: {} KiB, grown by {} KiB",
        after.0 >> 10,
        grown >> 10
    );
    assert!(grown < GROWTH, "{} MiB", grown / MIB as u64);
    assert!(after.1 <= before.1 + NEW_DAY, "the database grew");
}
