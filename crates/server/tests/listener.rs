//! The real listener: deadlines, early refusals, the prefix of `--public-url`, an orderly stop.

#![allow(clippy::unwrap_used)]

mod common;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use common::sender::Sender;
use onekey_server::config::UploadSecret;
use onekey_server::{Config, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

async fn start(config: Config) -> Running {
    let server = Server::new(config).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(server.run(listener, async {
        let _ = stopped.await;
    }));
    Running {
        address,
        stop,
        task,
    }
}

async fn send(address: SocketAddr, request: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(Duration::from_secs(20), socket.read_to_string(&mut answer))
        .await
        .unwrap()
        .unwrap();
    answer
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_header_that_dribbles_in_ends_at_its_deadline() {
    let running = start(Config::default()).await;
    let mut socket = TcpStream::connect(running.address).await.unwrap();
    let began = Instant::now();
    socket.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let (mut read, mut write) = socket.split();
    let dribble = async {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if write.write_all(b"x: y\r\n").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut rest = Vec::new();
    tokio::select! {
        () = dribble => {}
        read = timeout(Duration::from_secs(20), read.read_to_end(&mut rest)) => {
            let _ = read.unwrap();
        }
    }
    assert!(
        (9..15).contains(&began.elapsed().as_secs()),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn an_early_refusal_is_seen_by_a_client_that_still_sends() {
    let mut config = Config::default();
    config.upload_secret = Some(UploadSecret::new("open-sesame").unwrap());
    let running = start(config).await;
    let body = "x".repeat(8 << 20);
    let length = body.len();
    let request = format!(
        "POST /api/v1/uploads HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    assert!(
        send(running.address, &request)
            .await
            .starts_with("HTTP/1.1 401")
    );
}

#[tokio::test]
async fn the_public_urls_path_is_in_front_of_every_route() {
    let mut config = Config::default();
    config.public_url = Some("https://example.org/files".parse().unwrap());
    let running = start(config).await;
    for path in [
        "/files/",
        "/files/s",
        "/files/healthz",
        "/files/api/v1/server",
    ] {
        let answer = send(running.address, &get(path)).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }
    for path in ["/s", "/healthz", "/api/v1/server"] {
        assert!(
            send(running.address, &get(path))
                .await
                .starts_with("HTTP/1.1 404"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_stop_lets_requests_in_flight_finish_and_takes_no_more() {
    let running = start(Config::default()).await;
    let body = Sender::new(10).create_body().to_string();
    let (head, tail) = body.split_at(20);
    let mut socket = TcpStream::connect(running.address).await.unwrap();
    let request = format!(
        "POST /api/v1/uploads HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{head}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    running.stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(
        TcpStream::connect(running.address).await.is_err(),
        "no new connections"
    );
    socket.write_all(tail.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    timeout(Duration::from_secs(5), running.task)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_a_stop_up() {
    let running = start(Config::default()).await;
    let _idle = TcpStream::connect(running.address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop.send(()).unwrap();
    timeout(Duration::from_secs(35), running.task)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn r7_a_request_with_two_lengths_is_refused() {
    let running = start(Config::default()).await;
    let smuggled = "POST /api/v1/uploads HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                    content-length: 4\r\ncontent-length: 5\r\n\r\nabcde";
    assert!(
        send(running.address, smuggled)
            .await
            .starts_with("HTTP/1.1 400")
    );
}
