//! The real server under the path of `--public-url`.

use onekey_server::{Config, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn every_address_of_the_page_stands_under_the_prefix() {
    let mut config = Config::default();
    config.public_url = Some("http://x/some/files".parse().unwrap());
    let server = Server::new(config).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let running = tokio::spawn(server.run(listener, std::future::pending()));
    let ask = async |path: &str| {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nconnection: close\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.to_owned())
    };
    for (path, status) in [
        ("/", 200),
        ("/send", 200),
        ("/s", 200),
        ("/s/", 200),
        ("/manage/x", 200),
        ("/tools", 200),
        ("/upload", 200),
        ("/s%23x", 404),
    ] {
        let (head, body) = ask(&format!("/some/files{path}")).await;
        assert!(
            head.starts_with(&format!("http/1.1 {status}")),
            "{path}: {head}"
        );
        assert!(head.contains("content-type: text/html"), "{path}: {head}");
        // Relative, so that they hold under any prefix.
        assert!(!body.contains("=\"/"), "{path}: {body}");
        let (head, body) = ask(path).await;
        assert!(head.starts_with("http/1.1 404"), "{path}: {head}");
        assert_eq!(
            body.lines().count() > 1,
            path.contains("%23"),
            "{path}: {body}"
        );
    }
    let (head, _) = ask("/some/files").await;
    assert!(
        head.starts_with("http/1.1 308") && head.contains("\r\nlocation: files/\r\n"),
        "{head}"
    );
    let (_, described) = ask("/some/files/api/v1/server").await;
    let described: serde_json::Value = serde_json::from_str(&described).unwrap();
    let folder = described["assets"].as_str().unwrap();
    let (head, _) = ask(&format!("/some/files/assets/{folder}/modules/uqr/index.js")).await;
    assert!(
        head.contains("cache-control: public, max-age=31536000, immutable"),
        "{head}"
    );
    let (head, _) = ask("/some/files/download/service-worker.js").await;
    assert!(
        head.contains("content-security-policy: default-src 'none'"),
        "{head}"
    );
    running.abort();
}
