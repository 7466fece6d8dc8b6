//! Caps of downloads under a race of processes, and under a kill.

use std::path::Path;
use std::process::Child;

use crate::client::{Done, Share, command, finish, put, start};
use crate::files::{below, noise};
use crate::proxy::Proxy;
use crate::server::{PATIENCE, Server};

/// Receivers at once.
const RECEIVERS: usize = 64;

/// Downloads that are allowed.
const CAP: usize = 5;

/// What stands in a request for a grant: all of them reach the server at the same moment, so that there is a race.
const GRANTS: &str = "/grants HTTP";

/// Exit code of a share that is used up.
const GONE: i32 = 3;

/// Sends a file of `length` bytes with the cap.
fn capped(home: &Path, server: &str, length: usize) -> (Share, Vec<u8>) {
    let content = noise(1, length);
    std::fs::write(home.join("a.bin"), &content).unwrap();
    let share = put(home, server, &["a.bin", "--downloads", &CAP.to_string()]);
    (share, content)
}

/// Starts all receivers, each in a folder of its own.
fn receive(home: &Path) -> Vec<Child> {
    let receiver = |number: usize| {
        let folder = home.join(number.to_string());
        std::fs::create_dir(&folder).unwrap();
        start(command(&folder, "", &["get", "-q"]))
    };
    (0..RECEIVERS).map(receiver).collect()
}

/// Waits for all receivers. Each waits for its link, so they begin when all of them stand ready.
fn received(receivers: Vec<Child>, link: &str) -> Vec<Done> {
    std::thread::scope(|scope| {
        let running: Vec<_> = receivers
            .into_iter()
            .map(|child| scope.spawn(|| finish(child, link.as_bytes())))
            .collect();
        running
            .into_iter()
            .map(|done| done.join().unwrap())
            .collect()
    })
}

/// Counts who has the file, and asserts that everybody else has nothing.
fn owners(home: &Path, done: &[Done], content: &[u8]) -> usize {
    let has_it = |&(number, done): &(usize, &Done)| {
        let folder = home.join(number.to_string());
        let all = std::fs::read(folder.join("a.bin"));
        assert_eq!(all.is_ok(), done.code == Some(0), "{done:?}");
        assert!(all.as_ref().is_ok_and(|all| all == content) || all.is_err());
        // Nor is there a state of a get that has nothing to continue.
        let files = below(&folder).len();
        assert_eq!(files, usize::from(all.is_ok()), "{done:?}");
        all.is_ok()
    };
    done.iter().enumerate().filter(has_it).count()
}

#[test]
fn t27_64_parallel_gets_on_a_cap_of_5_serve_exactly_5() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(&home.path().join("data"));
    let proxy = Proxy::new(server.address);
    let (share, content) = capped(home.path(), &proxy.url, 1 << 20);
    proxy.gather(GRANTS, RECEIVERS);
    let done = received(receive(home.path()), &share.link);
    assert_eq!(owners(home.path(), &done, &content), CAP);
    let gone = done.iter().filter(|done| done.code == Some(GONE)).count();
    assert_eq!(gone, RECEIVERS - CAP, "{done:#?}");
    assert_eq!(share.downloads(), CAP as u64);
}

#[test]
fn t27_a_kill_and_restart_in_the_middle_serve_never_more_than_5() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let server = Server::start(&data);
    let proxy = Proxy::new(server.address);
    let (share, content) = capped(home.path(), &proxy.url, 9 << 20);
    let receivers = receive(home.path());
    proxy.gather(GRANTS, RECEIVERS);
    let middle = proxy.cut_after(12 << 20);
    let (done, server) = std::thread::scope(|scope| {
        let done = scope.spawn(|| received(receivers, &share.link));
        middle.recv_timeout(PATIENCE).unwrap();
        server.kill();
        let server = Server::start(&data);
        proxy.lead_to(server.address);
        (done.join().unwrap(), server)
    });
    let served = owners(home.path(), &done, &content);
    let gone = done.iter().filter(|done| done.code == Some(GONE)).count();
    eprintln!("{served} have it, {gone} were told that it is gone");
    assert!((1..=CAP).contains(&served), "{done:#?}");
    assert!(share.downloads() <= CAP as u64);
    drop(server);
}
