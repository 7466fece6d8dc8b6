//! G2, G3: whatever is asked, and however it fails, no log of the proxy holds a key, a secret, a grant or a name.

use std::fs;

use crate::blocks::{block, with};
use crate::caddy::Caddy;
use crate::curl::Place;
use crate::nginx::{HOST, Nginx, with_upstream};
use crate::search::search;
use crate::server::Server;
use crate::upstream::Upstream;
use crate::{GRANT, KEY, MARKER, OTHER_KEY, SECRET};

/// A file's name, and a locator.
const NAME: &str = "our holiday.png";
const NAME_IN_PATH: &str = "our%20holiday.png";
const LOCATOR: &str = "a3YdjfnN5kClv7jJywqdGg";

const NEEDLES: [&str; 8] = [
    KEY,
    OTHER_KEY,
    SECRET,
    GRANT,
    NAME,
    NAME_IN_PATH,
    LOCATOR,
    "brown fox",
];

/// Curl's exit codes for a transfer that broke off, over HTTP/1.1 and HTTP/2.
const BROKEN_OFF: [Option<i32>; 2] = [Some(18), Some(92)];

/// Asks the real server all that has something secret in it.
fn ask_everything(place: &Place) {
    let server = place.ask("/api/v1/server", &[]);
    assert_eq!(server.status, 200, "{server:?}");
    assert!(server.body.contains("\"max_part_size\""), "{server:?}");
    let referer = format!("https://{HOST}/{OTHER_KEY}.png");
    let etag = format!("If-None-Match: \"{OTHER_KEY}\"");
    let bearer = format!("Authorization: Bearer {SECRET}");
    let habit = format!("X-Wonkey-Secret: {SECRET}");
    let file = format!("file={MARKER};filename={NAME}");
    let field = format!("secret={SECRET}");
    let locator = format!("/api/v1/links/{LOCATOR}");
    for (path, options) in [
        (format!("/{KEY}.png"), &["-e", &referer, "-H", &etag][..]),
        (format!("/{KEY}.png"), &["-I"]),
        (
            format!("/{KEY}/{NAME_IN_PATH}?grant={GRANT}"),
            &["-r", "0-9"],
        ),
        (format!("/{KEY}"), &["-X", "POST"]),
        (format!("/s%23{KEY}"), &["-e", &referer]),
        (
            format!("/{NAME_IN_PATH}"),
            &["-T", "/etc/hostname", "-H", &bearer],
        ),
        ("/".to_owned(), &["-F", &field, "-F", &file, "-H", &habit]),
        (format!("/?secret={SECRET}"), &["-d", MARKER]),
        (locator, &["-e", &referer]),
        // What a proxy refuses by itself.
        (format!("/{KEY}/%zz"), &[]),
        (format!("/{KEY}/{}", "x".repeat(40_000)), &[]),
        (format!("/{KEY}"), &["-X", "BREW"]),
        (format!("/{KEY}"), &["-H", "Host: a b"]),
    ] {
        for version in ["--http1.1", "--http2"] {
            place.ask(&path, &[options, &[version]].concat());
        }
    }
}

/// Asks a server that breaks off, is silent, and answers an upload.
fn break_everything(place: &Place) {
    for version in ["--http1.1", "--http2"] {
        let referer = format!("https://{HOST}/{OTHER_KEY}.png");
        let asked = |end: &str| place.ask(&format!("/{KEY}.{end}"), &["-e", &referer, version]);
        let cut = asked("cut");
        assert!(BROKEN_OFF.contains(&cut.exit), "{cut:?}");
        assert_eq!(asked("silent").status, 502);
        let moved = asked("moved");
        assert_eq!((moved.exit, moved.status), (Some(0), 302), "{moved:?}");
        let file = format!("file={};filename={NAME}", MARKER.repeat(2500));
        let options = ["-F", &file, "-e", &referer, version];
        let broken = place.ask(&format!("/{KEY}.broken"), &options);
        assert_ne!(broken.status, 200, "{broken:?}");
    }
}

#[test]
fn g2_nginx_logs_no_key() {
    let test = "g2_nginx_logs_no_key";
    let mut server = Server::start(&format!("https://{HOST}"));
    let Some(nginx) = Nginx::start(test, server.address) else {
        return;
    };
    ask_everything(&nginx.place);
    let away = nginx.plain.ask(&format!("/{KEY}.png"), &[]);
    assert_eq!(away.status, 301, "{away:?}");
    server.kill();
    assert_eq!(nginx.place.ask(&format!("/{KEY}.png"), &[]).status, 502);
    let folder = nginx.folder;
    drop(nginx.program);
    assert_eq!(search(folder.path(), &NEEDLES), []);
    assert_eq!(search(server.folder(), &NEEDLES[..1]), []);
    // It has a log all the same.
    let log = fs::read_to_string(folder.path().join("logs/onekey.log")).unwrap();
    assert!(
        log.contains(" GET 200 ") && log.contains(" GET 502 "),
        "{log}"
    );

    let upstream = Upstream::start("stand-in");
    let nginx = Nginx::start(test, upstream.address).unwrap();
    break_everything(&nginx.place);
    let folder = nginx.folder;
    drop(nginx.program);
    assert_eq!(search(folder.path(), &NEEDLES), []);
}

#[test]
fn g2_nginx_logs_keys_without_these_lines() {
    let test = "g2_nginx_logs_keys_without_these_lines";
    let upstream = Upstream::start("stand-in");
    let block = with_upstream(&block("nginx"), upstream.address);
    // The first of two is that of the port with TLS.
    for (line, file) in [
        ("access_log /var/log/nginx/onekey.log onekey;", "access.log"),
        ("error_log /dev/null crit;", "error.log"),
        ("access_log off;", "access.log"),
    ] {
        assert!(block.contains(line), "{line}");
        let Some(nginx) = Nginx::with(test, &block.replacen(line, "", 1)) else {
            return;
        };
        break_everything(&nginx.place);
        nginx.plain.ask(&format!("/{KEY}.png"), &[]);
        let folder = nginx.folder;
        drop(nginx.program);
        let found = search(folder.path(), &[KEY]);
        let found: Vec<_> = found
            .iter()
            .filter(|(path, _)| path.ends_with(file))
            .collect();
        assert_eq!(found.len(), 1, "{line}");
    }
}

#[test]
fn g3_caddy_logs_no_key() {
    let test = "g3_caddy_logs_no_key";
    let mut server = Server::start(&format!("https://{HOST}"));
    let Some(caddy) = Caddy::start(test, server.address) else {
        return;
    };
    ask_everything(&caddy.place);
    server.kill();
    assert_eq!(caddy.place.ask(&format!("/{KEY}.png"), &[]).status, 502);
    let folder = caddy.folder;
    drop(caddy.program);
    assert_eq!(search(folder.path(), &NEEDLES), []);
    let log = fs::read_to_string(folder.path().join("logs/onekey.log")).unwrap();
    assert!(
        log.contains("\"status\":200") && log.contains("\"status\":502"),
        "{log}"
    );

    let upstream = Upstream::start("stand-in");
    let caddy = Caddy::start(test, upstream.address).unwrap();
    break_everything(&caddy.place);
    let folder = caddy.folder;
    drop(caddy.program);
    assert_eq!(search(folder.path(), &NEEDLES), []);
}

#[test]
fn g3_caddy_logs_keys_without_these_lines() {
    let test = "g3_caddy_logs_keys_without_these_lines";
    let upstream = Upstream::start("stand-in");
    // The first block is of what Caddy says by itself, the second of what it was asked.
    for (line, first, needle) in [
        ("request>uri delete", true, KEY),
        ("request>headers delete", true, OTHER_KEY),
        ("request>uri delete", false, KEY),
        ("request>headers delete", false, OTHER_KEY),
        ("resp_headers delete", false, KEY),
    ] {
        let block = block("caddy");
        let (errors, requests) = block.split_once("files.example.org {").unwrap();
        let changed = if first {
            format!(
                "{}files.example.org {{{requests}",
                with(errors, &[(line, "")])
            )
        } else {
            format!(
                "{errors}files.example.org {{{}",
                with(requests, &[(line, "")])
            )
        };
        let Some(caddy) = Caddy::with(test, &changed, upstream.address) else {
            return;
        };
        break_everything(&caddy.place);
        let folder = caddy.folder;
        drop(caddy.program);
        assert_ne!(search(folder.path(), &[needle]), [], "{line} {first}");
    }
}
