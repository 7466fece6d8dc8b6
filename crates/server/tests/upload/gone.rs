//! Clients that go away, and what stays of a file: nothing in the clear, nowhere, at no time.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::direct::{Direct, Listening, form_body, form_type, put};

/// What is sent, over and over, and must be found nowhere.
const MARKER: &[u8; 32] = b"this-text-must-not-be-on-a-disk!";

/// Counts the files below `folder` that were written since `began`, and names those that hold the marker.
fn holding_marker(folder: &Path, began: SystemTime, found: &mut Vec<String>) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => holding_marker(&entry.path(), began, found),
            _ => look_into(&entry.path(), began, found),
        })
        .sum()
}

/// Looks into one file, and counts it, if it was written since `began`.
fn look_into(path: &Path, began: SystemTime, found: &mut Vec<String>) -> usize {
    let about = fs::metadata(path);
    let written = about.and_then(|about| Ok(about.is_file() && about.modified()? >= began));
    if !written.unwrap_or(false) {
        return 0;
    }
    let bytes = fs::read(path).unwrap_or_default();
    if memchr::memmem::find(&bytes, MARKER).is_some() {
        found.push(path.display().to_string());
    }
    1
}

fn blobs(listening: &Listening) -> usize {
    let folder = listening.folder.path().join("data/blobs");
    holding_marker(&folder, SystemTime::UNIX_EPOCH, &mut Vec::new())
}

/// Waits until there are as many blobs.
async fn wait_for_blobs(listening: &Listening, wanted: usize) {
    timeout(Duration::from_secs(20), async {
        while blobs(listening) != wanted {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
}

#[track_caller]
fn no_marker(listening: &Listening, began: SystemTime) {
    let mut found = Vec::new();
    let files = holding_marker(listening.folder.path(), began, &mut found);
    assert!(files > 0, "it looks where files are");
    // What a program spools is in the temporary folder itself, or has no name any more.
    for folder in [std::env::temp_dir(), "/proc/self/fd".into()] {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            look_into(&entry.path(), began, &mut found);
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test]
async fn c7_c8_nothing_is_in_the_clear_and_nothing_stays_of_a_client_that_hangs_up() {
    let began = SystemTime::now();
    let listening = Listening::with(|_| {}).await;
    let content = MARKER.repeat((20 << 20) / MARKER.len());
    let form = form_body(&[(r#"name="file"; filename="a.txt""#, None, &content)]);
    for (body, fields) in [
        (
            &content,
            format!("PUT /a.txt HTTP/1.1\r\ncontent-length: {}", content.len()),
        ),
        (
            &form,
            format!(
                "POST / HTTP/1.1\r\ncontent-type: {}\r\ncontent-length: {}",
                form_type(),
                form.len()
            ),
        ),
    ] {
        let mut socket = TcpStream::connect(listening.address).await.unwrap();
        let head = format!("{fields}\r\nhost: a.example\r\nconnection: close\r\n\r\n");
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(&body[..body.len() - 100]).await.unwrap();
        wait_for_blobs(&listening, 1).await;
        no_marker(&listening, began);
        drop(socket);
        wait_for_blobs(&listening, 0).await;
        no_marker(&listening, began);
    }
    let mut socket = TcpStream::connect(listening.address).await.unwrap();
    let head = format!(
        "PUT /a.txt HTTP/1.1\r\ncontent-length: {}\r\nhost: a.example\r\nconnection: close\r\n\r\n",
        content.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&content).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(blobs(&listening), 1);
    no_marker(&listening, began);
}

#[tokio::test]
async fn c8_a_request_that_is_dropped_leaves_nothing() {
    let direct = Direct::new().await;
    for pieces in [0, 10, 200, 700] {
        let piece = || Ok::<_, std::io::Error>(Bytes::from_static(&[7; 1 << 16]));
        let stalled = stream::repeat_with(piece).take(pieces);
        let body = Body::from_stream(stalled.chain(stream::pending()));
        let request = put("/a").header("content-length", 100 << 20);
        let asked = direct.router.clone().oneshot(request.body(body).unwrap());
        let answer = timeout(Duration::from_millis(500), asked).await;
        assert!(answer.is_err(), "it waits for more");
        direct.nothing_left().await;
    }
}
