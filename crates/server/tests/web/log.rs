//! The log of the real server, asked for every kind of address of the page: routes, and never paths.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

#[test]
fn t36_no_path_of_the_page_is_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let web = folder.path().join("web");
    std::fs::create_dir(&web).unwrap();
    for own_page in [false, true] {
        let mut server = Command::new(env!("CARGO_BIN_EXE_onekey-server"));
        server.env_clear().args([
            "--listen=127.0.0.1:0",
            "--db=memory:",
            "--blobs=memory:",
            "--log=trace",
        ]);
        if own_page {
            server.arg("--web-dir").arg(&web);
        }
        let mut server = server.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(server.stderr.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let address = lines
            .by_ref()
            .find_map(|line| {
                line.strip_prefix("onekey-server: listening on http://")
                    .map(str::to_owned)
            })
            .unwrap();
        let paths = [
            "/?CANARY",
            "/send?CANARY",
            "/s/?CANARY",
            "/manage/CANARY",
            "/s%23CANARY",
            "/assets/CANARY/x.js",
            "/assets/dev/CANARY.js",
            "/assets/dev/%FFCANARY.js",
            "/download/CANARY",
            "/download/service-worker.js?CANARY",
        ];
        for path in paths {
            let mut socket = TcpStream::connect(&address).unwrap();
            write!(socket, "GET {path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nreferer: http://x/CANARY\r\n\
                connection: close\r\n\r\n").unwrap();
            let mut answer = Vec::new();
            socket.read_to_end(&mut answer).unwrap();
            assert!(answer.starts_with(b"HTTP/1.1 "), "{path}");
        }
        server.kill().unwrap();
        server.wait().unwrap();
        let log: Vec<String> = lines.collect();
        let requests = log
            .iter()
            .filter(|line| line.contains("request method=\"GET\""))
            .count();
        assert_eq!(requests, paths.len(), "{log:#?}");
        assert!(
            log.iter()
                .any(|line| line.contains("route=\"/assets/{folder}/{*name}\"")),
            "{log:#?}"
        );
        let told = log
            .iter()
            .find(|line| line.contains("CANARY") || line.contains(web.to_str().unwrap()));
        assert_eq!(told, None);
    }
}
