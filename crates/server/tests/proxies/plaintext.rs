//! C7: what a proxy passes on in clear never lies on its disk: not while it is on its way, not when somebody goes away.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::blocks::block;
use crate::caddy::Caddy;
use crate::curl::Place;
use crate::nginx::{Nginx, with_upstream};
use crate::program::Program;
use crate::search::{search, search_open};
use crate::upstream::{FILM, Upstream};
use crate::{MARKER, wait_for};

/// Bytes of an upload that stands still: more than a proxy keeps in memory.
const SENT: u64 = 4 << 20;

/// What of them must have passed by then; the rest is in buffers.
const PASSED: u64 = SENT - (1 << 20);

/// A transfer that moves no byte for so long stands still.
const STILL: Duration = Duration::from_millis(500);

/// A proxy, and what is behind it.
struct Way<'w> {
    place: &'w Place,
    program: &'w Program,
    folder: &'w Path,
    upstream: &'w Upstream,
}

type Found = Vec<(PathBuf, &'static str)>;

impl Way<'_> {
    fn search(&self) -> Found {
        let needles = ["brown fox"];
        let mut found = search(self.folder, &needles);
        found.extend(search_open(self.program.pid(), &needles));
        found
    }

    /// What lies on the disk while an upload stands still, and after its sender went away.
    fn upload(&self, options: &[&str]) -> Found {
        let before = self.upstream.received();
        let options = [options, &["-T", "-"]].concat();
        let mut curl = self.place.begin("/notes.txt", &options);
        let mut pipe = curl.stdin.take().unwrap();
        let lines = SENT as usize / MARKER.len();
        let written = pipe.write_all(MARKER.repeat(lines).as_bytes());
        written.and_then(|()| pipe.flush()).unwrap();
        let mut found = wait_for("the upload", || {
            let passed = self.upstream.received() - before >= PASSED;
            let found = self.search();
            (passed || !found.is_empty()).then_some(found)
        });
        curl.kill().unwrap();
        curl.wait().unwrap();
        found.extend(self.search());
        found
    }

    /// What lies on the disk while a download stands still, and after its reader went away.
    fn download(&self, options: &[&str]) -> Found {
        let before = self.upstream.sent();
        let mut curl = self.place.begin("/notes.film", options);
        let mut start = [0; 4096];
        curl.stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut start)
            .unwrap();
        assert!(start.starts_with(MARKER.as_bytes()));
        let (mut sent, mut since) = (0, Instant::now());
        let mut found = wait_for("a pause", || {
            let now = self.upstream.sent() - before;
            if now != sent {
                (sent, since) = (now, Instant::now());
            }
            let found = self.search();
            (since.elapsed() > STILL || !found.is_empty()).then_some(found)
        });
        if found.is_empty() {
            assert!(sent < FILM, "nobody waits for the reader");
        }
        curl.kill().unwrap();
        curl.wait().unwrap();
        found.extend(self.search());
        found
    }

    fn everything(&self) {
        for version in ["--http1.1", "--http2"] {
            assert_eq!(self.upload(&[version]), [], "{version}");
            assert_eq!(self.download(&[version]), [], "{version}");
        }
        // Whole, and with its length in front.
        let file = format!("file={};filename=notes.txt", MARKER.repeat(2000));
        let options = ["-F", &file, "--http1.1"];
        assert_eq!(self.place.ask("/", &options).body, "stand-in");
        assert_eq!(self.search(), []);
    }
}

#[test]
fn c7_nginx_keeps_no_plaintext() {
    let upstream = Upstream::start("stand-in");
    let Some(nginx) = Nginx::start("c7_nginx_keeps_no_plaintext", upstream.address) else {
        return;
    };
    Way {
        place: &nginx.place,
        program: &nginx.program,
        folder: nginx.folder.path(),
        upstream: &upstream,
    }
    .everything();
}

#[test]
fn c7_nginx_keeps_plaintext_without_these_lines() {
    let test = "c7_nginx_keeps_plaintext_without_these_lines";
    let upstream = Upstream::start("stand-in");
    let block = with_upstream(&block("nginx"), upstream.address);
    for (lines, uploads) in [
        (&["proxy_request_buffering off;"][..], true),
        (&["proxy_http_version 1.1;"], true),
        (
            &["proxy_buffering off;", "proxy_max_temp_file_size 0;"],
            false,
        ),
    ] {
        let mut changed = block.clone();
        for line in lines {
            assert!(changed.contains(line), "{line}");
            changed = changed.replace(line, "");
        }
        let Some(nginx) = Nginx::with(test, &changed) else {
            return;
        };
        let way = Way {
            place: &nginx.place,
            program: &nginx.program,
            folder: nginx.folder.path(),
            upstream: &upstream,
        };
        let found = if uploads {
            way.upload(&["--http1.1"])
        } else {
            way.download(&["--http1.1"])
        };
        assert_ne!(found, [], "{lines:?}");
    }
}

#[test]
fn c7_caddy_keeps_no_plaintext() {
    let upstream = Upstream::start("stand-in");
    let Some(caddy) = Caddy::start("c7_caddy_keeps_no_plaintext", upstream.address) else {
        return;
    };
    Way {
        place: &caddy.place,
        program: &caddy.program,
        folder: caddy.folder.path(),
        upstream: &upstream,
    }
    .everything();
}
