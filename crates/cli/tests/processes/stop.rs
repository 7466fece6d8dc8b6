//! How the server begins and ends: exit codes, and the sentence that goes with each.

use std::fs;
#[cfg(feature = "long")]
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::client;
use crate::http::{Connection, ask};
use crate::sender::Sender;
use crate::server::{POLL, Server, bare_command, command, run_to_end};

/// Time that the server gives requests in flight.
const DRAIN: Duration = Duration::from_secs(30);

/// Begins to put a part, and waits until the server reads it. Returns the connection and what is to be sent still.
fn half_a_part(server: &Server) -> (Connection, Vec<u8>) {
    let mut sender = Sender::new(1, 10_000);
    sender.create(server.address).unwrap();
    let mut connection = Connection::open(server.address).unwrap();
    let (number, bytes) = sender.parts().next().unwrap();
    let head = sender.part_head(number, bytes, "expect: 100-continue\r\n");
    connection.send(head).unwrap();
    connection.answer().unwrap().is(100);
    let (half, rest) = bytes.split_at(bytes.len() / 2);
    connection.send(half).unwrap();
    (connection, rest.to_vec())
}

/// Waits until nobody listens.
fn await_closed(address: SocketAddr) {
    let end = Instant::now() + DRAIN;
    while TcpStream::connect(address).is_ok() {
        assert!(Instant::now() < end, "it still listens");
        std::thread::sleep(POLL);
    }
}

#[test]
fn sigterm_lets_a_request_in_flight_finish_and_exits_0() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(&home.path().join("data"));
    let (mut connection, rest) = half_a_part(&server);
    let began = Instant::now();
    server.terminate();
    await_closed(server.address);
    connection.send(rest).unwrap();
    connection.answer().unwrap().is(204);
    let ended = server.ended();
    assert_eq!(ended.status.code(), Some(0), "{}", ended.log);
    assert!(began.elapsed() < DRAIN, "{:?}", began.elapsed());
}

#[test]
#[cfg(feature = "long")]
fn sigterm_cuts_a_request_that_never_ends_and_exits_0() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(&home.path().join("data"));
    let (mut connection, rest) = half_a_part(&server);
    let mut writer = connection.writer();
    // A byte now and then, so that it is not the pause in the body that ends it.
    let dribble = std::thread::spawn(move || {
        for byte in rest.chunks(1) {
            if writer.write_all(byte).is_err() {
                return true;
            }
            std::thread::sleep(Duration::from_secs(1));
        }
        false
    });
    let began = Instant::now();
    let ended = server.stop();
    let took = began.elapsed();
    assert_eq!(ended.status.code(), Some(0), "{}", ended.log);
    assert!(
        (DRAIN..DRAIN + Duration::from_secs(5)).contains(&took),
        "{took:?}"
    );
    assert!(connection.answer().is_err());
    assert!(dribble.join().unwrap(), "the body ended");
}

#[test]
fn a_second_server_on_the_same_folder_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let first = Server::start(&data);
    let second = run_to_end(command(&data));
    assert_eq!(second.status.code(), Some(1), "{}", second.log);
    assert!(
        second
            .log
            .contains("another onekey-server is using this data"),
        "{}",
        second.log
    );
    assert!(second.log.contains("--data"), "{}", second.log);
    // The first one goes on, and its end frees the folder.
    ask(first.address, "GET /readyz", "", &serde_json::Value::Null)
        .unwrap()
        .is(200);
    first.kill();
    drop(Server::start(&data));
}

#[test]
fn wrong_flags_exit_2_and_are_named() {
    let home = tempfile::tempdir().unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["--nonsense"], "--nonsense"),
        (&["--listen", "here"], "--listen"),
        (&["--max-size=-1"], "--max-size"),
        (&["--max-total=1e309"], "--max-total"),
        (&["--free-floor=NaN"], "--free-floor"),
        (&["--db", "postgres:x"], "--db"),
        (&["--blobs", "s3:x"], "--blobs"),
        (&["--public-url", "ftp://x"], "--public-url"),
        (&["--trusted-proxies", "10.0.0.0/33"], "--trusted-proxies"),
        (&["--grant-lifetime", "0s"], "--grant-lifetime"),
        (&["--max-expiry", "1s"], "--max-expiry"),
        (
            &["--max-expiry", "1h", "--default-expiry", "2h"],
            "--default-expiry",
        ),
        (&["--upload-secret-file", "missing"], "--upload-secret-file"),
        (&["--upload-secret", "two words"], "--upload-secret"),
        (&["--log", "loud"], "--log"),
    ];
    for (flags, name) in cases {
        let mut command = bare_command(home.path());
        command.args(*flags);
        let ended = run_to_end(command);
        assert_eq!(ended.status.code(), Some(2), "{flags:?}: {}", ended.log);
        assert!(ended.log.contains(name), "{flags:?}: {}", ended.log);
    }
    assert_eq!(
        fs::read_dir(home.path()).unwrap().count(),
        0,
        "nothing was made"
    );
}

#[test]
fn a_port_that_is_taken_is_said_and_exits_1() {
    let home = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = bare_command(home.path());
    command.args(["--listen", &taken.local_addr().unwrap().to_string()]);
    let ended = run_to_end(command);
    assert_eq!(ended.status.code(), Some(1), "{}", ended.log);
    let expected = format!(
        "error: --listen: cannot listen on {}",
        taken.local_addr().unwrap()
    );
    assert!(ended.log.contains(&expected), "{}", ended.log);
}

#[test]
fn the_old_names_of_variables_still_count() {
    let home = tempfile::tempdir().unwrap();
    let mut command = bare_command(home.path());
    command
        .args(["--listen", "127.0.0.1:0"])
        .env("UPLOAD_SECRET", "open-sesame")
        .env("CONTENT_DIR", "old-data");
    let server = Server::run(command);
    fs::write(home.path().join("a.txt"), "content").unwrap();
    let put = |secret: &str| {
        let mut put = client::command(home.path(), &server.url(), &["put", "-q", "a.txt"]);
        put.env("ONEKEY_UPLOAD_SECRET", secret);
        client::run(put, b"")
    };
    assert!(put("").exits(1).stderr.contains("ONEKEY_UPLOAD_SECRET"));
    put("open-sesam").exits(1);
    put("open-sesame").exits(0);
    let database = home.path().join("old-data/onekey.db");
    assert!(database.exists() && !home.path().join("onekey-data").exists());
    let log = server.stop().log;
    assert!(!log.contains("open-sesam"), "{log}");
}

#[test]
fn t20_beyond_loopback_without_a_secret_there_is_a_warning() {
    let home = tempfile::tempdir().unwrap();
    // Nobody connects, and it stops at once.
    for (secret, warned) in [("", true), ("open-sesame", false)] {
        let mut command = bare_command(home.path());
        command.args(["--listen", "0.0.0.0:0"]);
        if !secret.is_empty() {
            command.env("UPLOAD_SECRET", secret);
        }
        let log = Server::run(command).stop().log;
        let warning = "warning: anybody who reaches this server may upload";
        assert_eq!(log.contains(warning), warned, "{log}");
    }
    let mut local = bare_command(home.path());
    local.args(["--listen", "127.0.0.1:0"]);
    let log = Server::run(local).stop().log;
    assert!(!log.contains("warning"), "{log}");
}
