//! The log of the real server at its most talkative, over everything that a direct link can be asked, damage and broken
//! connections included: no key, no grant, no name.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::caps::location;
use crate::share::{Direct, OnDisk};

/// In every name.
const CANARY: &str = "canarybird";

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn ask(address: &str, method: &str, path: &str, field: &str) -> Vec<u8> {
    let mut socket = TcpStream::connect(address).unwrap();
    write!(
        socket,
        "{method} {path} HTTP/1.1\r\nhost: x\r\nreferer: http://x{path}\r\n{field}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    answer
}

#[tokio::test]
async fn g1_no_key_grant_or_name_is_in_the_log() {
    let disk = OnDisk::new().await;
    let name = format!("{CANARY}.mp4");
    let file = Direct::file(&name, "video/mp4", 3 << 20)
        .chunks(16)
        .put(&disk.api)
        .await;
    let capped = Direct::file(&name, "video/mp4", 3000)
        .link(json!({"max_downloads": 9}))
        .put(&disk.api)
        .await;
    let files: [(&str, &str, &[u8]); 2] = [(&name, "a/b", b"a"), ("other", "a/b", b"b")];
    let several = Direct::of(&files).put(&disk.api).await;
    let broken = Direct::file(&name, "video/mp4", 3 << 20)
        .chunks(16)
        .put(&disk.api)
        .await;
    let mut flipped = broken.payload.clone();
    flipped[30 * 65_564] ^= 1;
    std::fs::write(disk.blob(&broken.payload), flipped).unwrap();
    let damaged = Direct::file(&name, "video/mp4", 3000).put(&disk.api).await;
    let mut flipped = damaged.payload.clone();
    flipped[0] ^= 1;
    std::fs::write(disk.blob(&damaged.payload), flipped).unwrap();
    let unsealed = Direct::file(&name, "video/mp4", 3000).put(&disk.api).await;
    disk.rows()
        .execute(
            "UPDATE links SET envelope = zeroblob(60) WHERE locator = ?1",
            [unsealed.key.locator().as_bytes()],
        )
        .unwrap();
    let grant = location(&capped.path(""), &capped.post(&disk.api, "").await);
    let grant_text = grant.split("grant=").nth(1).unwrap().to_owned();
    let folder = disk.stop().await;

    let mut server = Command::new(env!("CARGO_BIN_EXE_onekey-server"));
    server
        .env_clear()
        .args(["--listen=127.0.0.1:0", "--log=trace", "--data"])
        .arg(folder.path());
    let mut server = Process(server.stderr(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(server.0.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let address = lines
        .by_ref()
        .find_map(|line| {
            line.strip_prefix("onekey-server: listening on http://")
                .map(str::to_owned)
        })
        .unwrap();

    // All the while, or the server would wait for a full pipe.
    let log = std::thread::spawn(move || lines.collect());

    let behind = [
        "",
        "/",
        ".mp4",
        "/canarybird.mp4",
        "/other",
        "?zip",
        "?download",
        "/..",
        "/%ff",
        "?canarybird",
    ];
    let mut requests = 0;
    for shared in [&file, &capped, &several, &broken, &damaged, &unsealed] {
        for behind in behind {
            for (method, field) in [
                ("GET", "accept: text/html"),
                ("GET", "range: bytes=5-2000000"),
                ("HEAD", "accept: */*"),
                ("GET", "sec-fetch-dest: script"),
                ("POST", "content-length: 0"),
                ("DELETE", "authorization: Onekey-Owner canarybird"),
                ("PATCH", "accept: */*"),
            ] {
                let answer = ask(&address, method, &shared.path(behind), field);
                assert!(answer.starts_with(b"HTTP/1.1 "), "{behind}");
                requests += 1;
            }
        }
    }
    for field in ["accept: */*", "if-none-match: *", "range: bytes=0-1"] {
        assert!(ask(&address, "GET", &grant, field).starts_with(b"HTTP/1.1 "));
        requests += 1;
    }
    // Somebody goes away in the middle.
    let mut socket = TcpStream::connect(&address).unwrap();
    write!(
        socket,
        "GET {} HTTP/1.1\r\nhost: x\r\n\r\n",
        file.path(".mp4")
    )
    .unwrap();
    socket.read_exact(&mut [0; 1000]).unwrap();
    drop(socket);

    let _ = server.0.kill();
    let _ = server.0.wait();
    let log: Vec<String> = log.join().unwrap();
    let logged = log
        .iter()
        .filter(|line| line.contains("request method="))
        .count();
    assert!(logged >= requests, "{logged} of {requests}: {log:#?}");
    for words in [
        "a direct answer broke off",
        "a payload is damaged and was not sent",
        "a share is damaged and was not opened",
        "route=\"/{key}\"",
        "route=\"/{key}/{*name}\"",
    ] {
        assert!(
            log.iter().any(|line| line.contains(words)),
            "{words}: {log:#?}"
        );
    }
    let mut secrets = vec![CANARY.to_owned(), grant_text];
    for shared in [&file, &capped, &several, &broken, &damaged, &unsealed] {
        secrets.push(shared.key.to_base64url());
        secrets.push(shared.key.locator().to_base64url());
        secrets.push(shared.key.etag(&name));
        secrets.push(shared.id.clone());
        secrets.push(shared.owner.token().to_base64url());
    }
    for secret in secrets {
        let told = log.iter().find(|line| line.contains(&secret));
        assert_eq!(told, None);
    }
}
