//! Sizes and room: refused by the header where it says enough, and while receiving where it does not.

use std::io;
use std::task::Poll;

use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use bytes::Bytes;
use futures_util::stream;
use onekey_server::Config;
use onekey_server::blobs::MemoryBlobs;
use onekey_server::config::FreeFloor;

use crate::direct::{Direct, form_body, form_type, post, put, text, with_body};

const MIB: u64 = 1 << 20;
const FILE: &str = r#"name="file"; filename="a.bin""#;

/// Announces `length` and panics when it is asked for a byte.
fn untouched(request: Builder, length: u64) -> Request<Body> {
    let body = stream::poll_fn(|_| -> Poll<Option<io::Result<Bytes>>> {
        panic!("the body was read");
    });
    let request = request.header("content-length", length);
    request.body(Body::from_stream(body)).unwrap()
}

/// A body that does not say its length.
fn streamed(request: Builder, bytes: Vec<u8>) -> Request<Body> {
    let pieces: Vec<_> = bytes
        .chunks(1 << 16)
        .map(|piece| Ok::<_, io::Error>(piece.to_vec()))
        .collect();
    request
        .body(Body::from_stream(stream::iter(pieces)))
        .unwrap()
}

fn max_size() -> Config {
    let mut config = Config::default();
    config.limits.max_size = Some(10 * MIB);
    config
}

#[tokio::test]
async fn l2_a_length_above_the_limit_is_refused_before_the_body() {
    let direct = Direct::with(max_size()).await;
    for length in [10 * MIB, 11 * MIB, u64::MAX] {
        // The payload is longer than the file, so the limit itself is too much.
        let answer = direct.send(with_expect(untouched(put("/a"), length))).await;
        assert_eq!(answer.status, 413, "{length}");
        assert!(text(&answer).contains("10485760"), "{}", text(&answer));
        let form = post("/").header("content-type", form_type());
        let with_form = length.saturating_add(MIB);
        let answer = direct.send(with_expect(untouched(form, with_form))).await;
        assert_eq!(answer.status, 413, "{length}");
    }
    direct.nothing_left().await;
}

/// Without it, the drain reads what nobody wanted.
fn with_expect(mut request: Request<Body>) -> Request<Body> {
    request
        .headers_mut()
        .insert("expect", "100-continue".parse().unwrap());
    request
}

#[tokio::test]
async fn l2_the_limit_holds_while_receiving() {
    let direct = Direct::with(max_size()).await;
    let content = vec![7; 11 * MIB as usize];
    let form = form_body(&[(FILE, None, &content)]);
    let half = &content[..6 << 20];
    let form_type = || post("/").header("content-type", form_type());
    for request in [
        streamed(put("/a"), content.clone()),
        streamed(form_type(), form),
        streamed(
            form_type(),
            form_body(&[(FILE, None, half), (FILE, None, half)]),
        ),
    ] {
        assert_eq!(direct.send(request).await.status, 413);
        direct.nothing_left().await;
    }
    let fits = &content[..10 * MIB as usize - 28 * 161];
    direct.stored(with_body(put("/a"), fits)).await;
    direct
        .stored(with_body(form_type(), &form_body(&[(FILE, None, fits)])))
        .await;
}

#[tokio::test]
async fn the_total_of_all_shares_is_a_limit() {
    let mut config = Config::default();
    config.limits.max_total = Some(20 * MIB);
    let direct = Direct::with(config).await;
    let answer = direct
        .send(with_expect(untouched(put("/a"), 21 * MIB)))
        .await;
    assert_eq!(answer.status, 507);
    direct.nothing_left().await;
    let content = vec![7; 50 * MIB as usize];
    assert_eq!(direct.send(streamed(put("/a"), content)).await.status, 507);
    direct.nothing_left().await;
    direct.stored(with_body(put("/a"), &[7; 15 << 20])).await;
    let answer = direct.send(with_body(put("/a"), &[7; 6 << 20])).await;
    assert_eq!(answer.status, 507);
}

#[tokio::test]
async fn l3_the_free_floor_stays_free() {
    let mut config = Config::default();
    config.free_floor = FreeFloor::Bytes(20 * MIB);
    let blobs = MemoryBlobs::with_capacity(100 * MIB);
    let direct = Direct::with_blobs(config, blobs).await;
    let form = post("/").header("content-type", form_type());
    for request in [untouched(put("/a"), 81 * MIB), untouched(form, 82 * MIB)] {
        let answer = direct.send(with_expect(request)).await;
        assert_eq!(answer.status, 507);
        assert!(text(&answer).contains("no room"), "{}", text(&answer));
        direct.nothing_left().await;
    }
    let answer = direct
        .send(streamed(put("/a"), vec![7; 90 * MIB as usize]))
        .await;
    assert_eq!(answer.status, 507);
    direct.nothing_left().await;
    direct.stored(with_body(put("/a"), &[7; 1 << 20])).await;
}
