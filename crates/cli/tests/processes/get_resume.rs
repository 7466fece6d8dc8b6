//! A get after `kill -9` of itself and of the server.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;

use crate::client::{Share, command, put, run, start};
use crate::files::{below, noise};
use crate::proxy::Proxy;
use crate::server::{PATIENCE, Server};

const MIB: usize = 1 << 20;

/// Bytes of the share: twelve windows.
const LEN: usize = 96 * MIB;

/// Bytes that come through before the kill.
const BEFORE: usize = 48 * MIB;

/// Bytes that a kill costs: what was not recorded yet, and the windows in flight.
const LOST: usize = 16 * MIB + 5 * 8 * MIB;

fn passed(proxy: &Proxy) -> usize {
    proxy.recorded().iter().map(Vec::len).sum()
}

/// An address where nothing listens.
fn nowhere() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn left(home: &Path) -> Vec<String> {
    let found = below(&home.join("got"));
    let names = found.iter().map(|path| path.file_name().unwrap());
    names
        .map(|name| name.to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn t35_a_get_and_a_server_that_were_killed_go_on_and_spend_one_download() {
    let home = tempfile::tempdir().unwrap();
    let (home, data) = (home.path(), home.path().join("data"));
    let server = Server::start(&data);
    let proxy = Proxy::recording(server.address);
    fs::create_dir(home.join("src")).unwrap();
    let content = noise(7, LEN);
    fs::write(home.join("src/big.bin"), &content).unwrap();
    fs::write(home.join("src/a.txt"), "small").unwrap();
    let share: Share = put(home, &server.url(), &["src", "--downloads", "1"]);
    let link = share.link.replace(&server.url(), &proxy.url);
    let arguments = ["get", "-o", "got"];

    let cut = proxy.cut_after(BEFORE);
    let mut child = start(command(home, "", &arguments));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(link.as_bytes())
        .unwrap();
    cut.recv_timeout(PATIENCE).unwrap();
    proxy.lead_to(nowhere());
    // SIGKILL, both: neither has time for anything.
    child.kill().unwrap();
    child.wait().unwrap();
    server.kill();
    let names = left(home);
    assert!(!names.contains(&"big.bin".to_owned()), "{names:?}");
    assert_eq!(below(&home.join(".local/state/onekey")).len(), 1);

    let server = Server::start(&data);
    proxy.lead_to(server.address);
    let before = passed(&proxy);
    let done = run(command(home, "", &arguments), link.as_bytes()).exits(0);
    assert!(done.stderr.contains("continuing: "), "{}", done.stderr);
    let again = passed(&proxy) - before;
    assert!(again < LEN - BEFORE + LOST, "{again} of {LEN}");
    assert_eq!(left(home).len(), 2);
    assert!(fs::read(home.join("got/src/big.bin")).unwrap() == content);
    assert_eq!(fs::read(home.join("got/src/a.txt")).unwrap(), b"small");
    assert!(below(&home.join(".local/state/onekey")).is_empty());

    // The cap was one, and one it was.
    let share = Share {
        manage_link: share.manage_link.replace(
            &format!("//{}", share.link.split('/').nth(2).unwrap()),
            &server.url()[5..],
        ),
        link: share.link,
    };
    assert_eq!(share.downloads(), 1);
    let elsewhere = ["get", "-o", "elsewhere"];
    run(command(home, "", &elsewhere), link.as_bytes()).exits(3);
}
