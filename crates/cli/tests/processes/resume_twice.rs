//! Two clients continue the same upload at once: from two copies of its state, as after a restored backup.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use crate::client::{self, Share};
use crate::files::{below, noise};
use crate::proxy::Proxy;
use crate::server::{self, PATIENCE, POLL, Server};

/// Bytes of the file: eight parts and a bit.
const LENGTH: usize = 70 << 20;

/// Bytes after which the first put is killed: some parts are there, some are on their way.
const SENT: u64 = 20 << 20;

/// Tries: each is another race.
const TRIES: u64 = if cfg!(feature = "long") { 20 } else { 2 };

#[test]
fn t17_two_clients_that_continue_one_upload_never_mix_a_part() {
    for seed in 0..TRIES {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let server = Server::start(&data);
        let proxy = Proxy::new(server.address);
        let content = noise(seed, LENGTH);
        fs::write(home.path().join("film.bin"), &content).unwrap();
        break_a_put(home.path(), &proxy);
        copy_folder(&home.path().join("first"), &home.path().join("second"));

        // Both send their first part at the same moment.
        proxy.gather("PUT ", 2);
        let puts = ["first", "second"]
            .map(|state| client::start(put(home.path(), &proxy, state, &["--resume"])));
        let done = puts.map(|put| client::finish(put, b""));
        let shares: Vec<_> = done.iter().filter(|done| done.code == Some(0)).collect();
        assert!(!shares.is_empty(), "{}\n{}", done[0].stderr, done[1].stderr);
        // One of them lost the race for `complete`, or both had sent the same body.
        for (number, done) in shares.into_iter().enumerate() {
            let to = home.path().join(format!("received{number}"));
            client::get(&to, &Share::of(done).link).exits(0);
            assert!(
                fs::read(to.join("film.bin")).unwrap() == content,
                "a mixed part"
            );
        }
        let mut check = server::bare_command(home.path());
        check.args(["check", "--digests", "--data"]).arg(&data);
        let report = check.stdout(Stdio::piped()).output().unwrap();
        let words = String::from_utf8_lossy(&report.stdout);
        assert_eq!(report.status.code(), Some(0), "{words}");
    }
}

/// Leaves a put whose state is in `first`.
fn break_a_put(home: &Path, proxy: &Proxy) {
    let mut put = client::start(put(home, proxy, "first", &[]));
    let end = Instant::now() + PATIENCE;
    while proxy.up() < SENT {
        assert!(put.try_wait().unwrap().is_none(), "the put was too fast");
        assert!(Instant::now() < end, "the put stands still");
        thread::sleep(POLL / 10);
    }
    put.kill().unwrap();
    put.wait().unwrap();
}

fn put(home: &Path, proxy: &Proxy, state: &str, more: &[&str]) -> Command {
    let arguments = [&["put", "--json", "-q", "film.bin"], more].concat();
    let mut command = client::command(home, &proxy.url, &arguments);
    command.env("XDG_STATE_HOME", home.join(state));
    command
}

fn copy_folder(from: &Path, to: &Path) {
    for file in below(from) {
        let copy = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(&file, copy).unwrap();
    }
}
