//! C7, G1, G2, G3: a real upload and download through each proxy leave neither key nor secret nor plaintext on a disk.

use std::fs;
use std::path::Path;

use crate::caddy::Caddy;
use crate::curl::Place;
use crate::nginx::{HOST, Nginx};
use crate::search::search;
use crate::server::Server;
use crate::{MARKER, SECRET};

/// More than a proxy keeps in memory.
const LINES: usize = (3 << 20) / MARKER.len();

/// Uploads a file in every habit, and fetches it. Returns the keys.
fn there_and_back(place: &Place, folder: &Path) -> Vec<String> {
    let content = MARKER.repeat(LINES);
    let file = folder.join("notes.txt");
    fs::write(&file, &content).unwrap();
    let (path, file) = (file.to_str().unwrap(), format!("file=@{}", file.display()));
    let field = format!("secret={SECRET}");
    let bearer = format!("Authorization: Bearer {SECRET}");
    let habit = format!("X-Wonkey-Secret: {SECRET}");
    let mut keys = Vec::new();
    for (to, options) in [
        ("/", &["-F", &field, "-F", &file][..]),
        ("/", &["-F", &file, "-F", &field]),
        ("/notes.txt", &["-T", path, "-H", &bearer]),
        ("/", &["--data-binary", &format!("@{path}"), "-H", &habit]),
    ] {
        for version in ["--http1.1", "--http2"] {
            let seen = place.ask(to, &[options, &[version]].concat());
            assert!(
                matches!(seen.status, 201 | 302),
                "{options:?} {version} {seen:?}"
            );
            let url = seen.body.trim_end();
            let path = url.strip_prefix(&format!("https://{HOST}")).expect(url);
            let got = place.ask(path, &[version]);
            assert_eq!((got.exit, got.status), (Some(0), 200));
            assert!(got.body == content);
            keys.push(path[1..44].to_owned());
        }
    }
    let wrong = place.ask("/", &["-F", "secret=wrong", "-F", &file]);
    assert_eq!(wrong.status, 403);
    keys
}

fn nothing_is_left(folder: &Path, keys: &[String]) {
    let mut needles: Vec<_> = keys.iter().map(String::as_str).collect();
    needles.extend([SECRET, "brown fox", "notes.txt"]);
    assert_eq!(search(folder, &needles), []);
}

#[test]
fn c7_g2_a_file_goes_through_nginx_and_leaves_nothing() {
    let test = "c7_g2_a_file_goes_through_nginx_and_leaves_nothing";
    let (server, files) = (
        Server::start(&format!("https://{HOST}")),
        tempfile::tempdir().unwrap(),
    );
    let Some(nginx) = Nginx::start(test, server.address) else {
        return;
    };
    let keys = there_and_back(&nginx.place, files.path());
    let folder = nginx.folder;
    drop(nginx.program);
    nothing_is_left(folder.path(), &keys);
    nothing_is_left(server.folder(), &keys);
}

#[test]
fn c7_g3_a_file_goes_through_caddy_and_leaves_nothing() {
    let test = "c7_g3_a_file_goes_through_caddy_and_leaves_nothing";
    let (server, files) = (
        Server::start(&format!("https://{HOST}")),
        tempfile::tempdir().unwrap(),
    );
    let Some(caddy) = Caddy::start(test, server.address) else {
        return;
    };
    let keys = there_and_back(&caddy.place, files.path());
    let folder = caddy.folder;
    drop(caddy.program);
    nothing_is_left(folder.path(), &keys);
    nothing_is_left(server.folder(), &keys);
}
