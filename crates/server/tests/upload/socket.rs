//! What only a socket shows: when a body is asked for, what a refused client sees, what ends a connection.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::direct::{Listening, SECRET, form_body, form_type, wanting_secret};
use crate::opened::Opened;

async fn listening() -> Listening {
    Listening::with(|config| config.upload_secret = wanting_secret().upload_secret).await
}

/// Sends bytes and returns what comes within a moment.
async fn talk(listening: &Listening, bytes: &[u8]) -> (TcpStream, String) {
    let mut socket = TcpStream::connect(listening.address).await.unwrap();
    socket.write_all(bytes).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = timeout(Duration::from_secs(10), socket.read(&mut answer));
    let read = read.await.unwrap().unwrap();
    answer.truncate(read);
    (socket, String::from_utf8(answer).unwrap())
}

fn head(secret: &str, more: &str) -> String {
    format!("PUT /a.txt HTTP/1.1\r\nhost: a.example\r\nx-wonkey-secret: {secret}\r\n{more}\r\n")
}

#[tokio::test]
async fn l1_a_wrong_secret_never_gets_100_continue() {
    let listening = listening().await;
    let expecting = "content-length: 4\r\nexpect: 100-continue\r\n";
    let (_, answer) = talk(&listening, head("wrong", expecting).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    let large = "content-length: 99999999999999\r\nexpect: 100-continue\r\n";
    let (_, answer) = talk(&listening, head(SECRET, large).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 507"), "{answer}");
    let (mut socket, answer) = talk(&listening, head(SECRET, expecting).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 100"), "{answer}");
    socket.write_all(b"text").await.unwrap();
    let mut answer = vec![0; 4096];
    let read = socket.read(&mut answer).await.unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 201"));
}

#[tokio::test]
async fn an_early_refusal_is_seen_by_a_client_that_still_sends() {
    let listening = listening().await;
    let content = vec![b'x'; 30 << 20];
    let form = form_body(&[
        (r#"name="secret""#, None, b"wrong"),
        (r#"name="file"; filename="a""#, None, &content),
    ]);
    for expect in ["", "expect: 100-continue\r\n"] {
        let head = format!(
            "POST / HTTP/1.1\r\nhost: a.example\r\ncontent-type: {}\r\ncontent-length: {}\r\nconnection: close\r\n{expect}\r\n",
            form_type(),
            form.len()
        );
        let mut socket = TcpStream::connect(listening.address).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        if !expect.is_empty() {
            let mut answer = [0; 4];
            socket.read_exact(&mut answer).await.unwrap();
        }
        socket.write_all(&form).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        assert!(answer.contains("HTTP/1.1 403"), "{expect}: {answer}");
    }
}

/// hyper takes the chunks for the body, as RFC 9112, section 6.1, says, and closes: what was smuggled behind is not
/// looked at.
#[tokio::test]
async fn r7_two_lengths_smuggle_nothing() {
    let listening = listening().await;
    let smuggled = "GET /healthz HTTP/1.1\r\nhost: a.example\r\n\r\n";
    for fields in [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
    ] {
        let request = head(SECRET, fields) + "4\r\ntext\r\n0\r\n\r\n" + smuggled;
        let mut socket = TcpStream::connect(listening.address).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answers = String::new();
        let read = socket.read_to_string(&mut answers);
        timeout(Duration::from_secs(10), read)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(answers.matches("HTTP/1.1").count(), 1, "{answers}");
        assert!(answers.starts_with("HTTP/1.1 201"), "{answers}");
    }
    let two = head(SECRET, "content-length: 4\r\ncontent-length: 5\r\n") + "text";
    let (_, answer) = talk(&listening, two.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

/// ShareX: fields before the file, names raw in UTF-8, the length of all of it.
#[tokio::test]
async fn a_request_of_sharex_byte_for_byte() {
    let listening = listening().await;
    let boundary = "----------------------8dc9e1b8f2a3c4d";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"secret\"\r\n\r\n{SECRET}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Bildschirm ü 日.png\"\r\n\
         Content-Type: image/png\r\n\r\n\u{89}PNG\r\n--{boundary}--\r\n"
    );
    let head = format!(
        "POST / HTTP/1.1\r\nAccept: application/json\r\nContent-Type: multipart/form-data; boundary={boundary}\r\n\
         User-Agent: ShareX/17.0.0\r\nHost: {}\r\nContent-Length: {}\r\nConnection: Keep-Alive\r\n\r\n",
        listening.address,
        body.len()
    );
    let (_, answer) = talk(&listening, (head + &body).as_bytes()).await;
    let (head, json) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 201 Created"), "{head}");
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(json["name"], "Bildschirm ü 日.png");
    assert_eq!(json["thumbnail_url"], json["url"]);
    let opened = Opened::of(&listening.router, json["url"].as_str().unwrap()).await;
    opened.is("Bildschirm ü 日.png", "image/png", "\u{89}PNG".as_bytes());
}

/// ShareX as it was set up for the old server: it follows the redirect, and the link still has its only download.
#[tokio::test]
async fn the_redirect_of_an_upload_spends_nothing() {
    let listening = listening().await;
    let form = form_body(&[
        (r#"name="secret""#, None, SECRET.as_bytes()),
        (r#"name="downloads""#, None, b"1"),
        (r#"name="file"; filename="a.png""#, None, b"pixels"),
    ]);
    let head = format!(
        "POST / HTTP/1.1\r\nhost: {}\r\ncontent-type: {}\r\ncontent-length: {}\r\n\r\n",
        listening.address,
        form_type(),
        form.len()
    );
    let (mut socket, answer) = talk(&listening, &[head.as_bytes(), &form].concat()).await;
    assert!(answer.starts_with("HTTP/1.1 302"), "{answer}");
    let url = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap();
    let path = url.strip_prefix(&listening.url("")).unwrap();
    let follow = format!(
        "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
        listening.address
    );
    socket.write_all(follow.as_bytes()).await.unwrap();
    let mut rest = String::new();
    socket.read_to_string(&mut rest).await.unwrap();
    let opened = Opened::of(&listening.router, url).await;
    assert_eq!(opened.answer["downloads_left"], 1);
}
