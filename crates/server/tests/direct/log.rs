//! The log of the real server at its most talkative, over everything that a direct link can be asked, damage and broken
//! connections included: no key, no grant, no name.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use crate::caps::location;
use crate::common::process::Process;
use crate::share::{Direct, OnDisk};

/// In every name.
const CANARY: &str = "canarybird";

fn ask(server: &Process, method: &str, path: &str, field: &str) -> Vec<u8> {
    server.ask(method, path, &format!("referer: http://x{path}\r\n{field}"))
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

    let server = Process::start(|server| {
        server.args(["--log=trace", "--data"]).arg(folder.path());
    });
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
                ask(&server, method, &shared.path(behind), field);
                requests += 1;
            }
        }
    }
    for field in ["accept: */*", "if-none-match: *", "range: bytes=0-1"] {
        ask(&server, "GET", &grant, field);
        requests += 1;
    }
    // Somebody goes away in the middle.
    let mut socket = TcpStream::connect(server.address).unwrap();
    write!(
        socket,
        "GET {} HTTP/1.1\r\nhost: x\r\n\r\n",
        file.path(".mp4")
    )
    .unwrap();
    socket.read_exact(&mut [0; 1000]).unwrap();
    drop(socket);

    let log = server.into_log();
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
