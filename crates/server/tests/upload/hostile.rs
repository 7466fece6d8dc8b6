//! Forms that nobody sends by accident: an error, bounded in time and memory, and nothing left.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};

use crate::direct::{BOUNDARY, Direct, form, form_body, form_type, post, put, text, with_body};

const FILE: &str = r#"name="file"; filename="a.bin""#;

/// A form whose body is a stream without a length.
fn streamed(body: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Request<Body> {
    let request = post("/").header("content-type", form_type());
    request.body(Body::from_stream(body)).unwrap()
}

fn piece(bytes: impl Into<Bytes>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let bytes = bytes.into();
    stream::once(async { Ok(bytes) })
}

async fn refused(request: Request<Body>, word: &str) {
    let direct = Direct::new().await;
    let answer = direct.send(request).await;
    assert_eq!(answer.status, 400, "{}", text(&answer));
    assert!(text(&answer).contains(word), "{}", text(&answer));
    direct.nothing_left().await;
}

#[tokio::test]
async fn r5_a_form_without_its_last_boundary_is_never_stored() {
    let whole = form_body(&[(FILE, None, &[b'x'; 300]), (FILE, None, b"y")]);
    let end = whole.len() - "\r\n".len();
    // Also as a client sends it that says the shorter length: the body is whole, the form is not.
    for cut in [100, 200, 400, end - 60, end - 2, end - 1] {
        let request = post("/").header("content-type", form_type());
        refused(with_body(request, &whole[..cut]), "form").await;
    }
}

#[tokio::test]
async fn r5_boundaries_that_are_none() {
    for boundary in [
        "",
        "; boundary=",
        &format!("; boundary={}", "x".repeat(201)),
    ] {
        let request = post("/").header("content-type", format!("multipart/form-data{boundary}"));
        refused(with_body(request, b"x"), "boundary").await;
    }
    let another = post("/").header("content-type", "multipart/form-data; boundary=another");
    refused(
        with_body(another, &form_body(&[(FILE, None, b"x")])),
        "boundary",
    )
    .await;
}

#[tokio::test]
async fn r5_a_boundary_of_more_than_seventy_characters_is_taken() {
    let direct = Direct::new().await;
    let long = "x".repeat(200);
    let body = String::from_utf8(form_body(&[(FILE, None, b"content")])).unwrap();
    let request = post("/").header(
        "content-type",
        format!("multipart/form-data; boundary=\"{long}\""),
    );
    let opened = direct
        .stored(with_body(request, body.replace(BOUNDARY, &long).as_bytes()))
        .await;
    opened.is("a.bin", "application/octet-stream", b"content");
}

#[tokio::test]
async fn r5_ten_thousand_parts() {
    let empty = vec![(r#"name="x""#, None, &b""[..]); 10_000];
    refused(form(&empty), "1000").await;
    let files = vec![(FILE, None, &b"x"[..]); 10_000];
    refused(form(&files), "").await;
}

#[tokio::test]
async fn r5_a_head_without_end() {
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {FILE}\r\nx: ");
    let endless = stream::repeat_with(|| Ok(Bytes::from_static(&[b'x'; 1000])));
    refused(streamed(piece(head).chain(endless)), "header fields").await;
}

#[tokio::test]
async fn r5_a_preamble_without_end() {
    let endless = stream::repeat_with(|| Ok(Bytes::from_static(&[b'x'; 1000])));
    refused(streamed(endless), "boundary").await;
}

#[tokio::test]
async fn r5_fields_without_end() {
    for (name, word) in [("secret", "1024"), ("expires", "1024"), ("x", "`file`")] {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name={name}\r\n\r\n");
        // A gigabyte, of which little is read but what the drain throws away.
        let content =
            stream::repeat_with(|| Ok(Bytes::from_static(&[b'x'; 1 << 16]))).take(1 << 14);
        refused(streamed(piece(head).chain(content)), word).await;
    }
}

#[tokio::test]
async fn a_boundary_in_pieces_of_one_byte() {
    let direct = Direct::new().await;
    let body = form_body(&[
        (FILE, None, b"a\r\n--b\r"),
        (r#"name="expires""#, None, b"1h"),
    ]);
    let bytes = body.into_iter().map(|byte| Ok(Bytes::from(vec![byte])));
    let opened = direct.stored(streamed(stream::iter(bytes))).await;
    opened.is("a.bin", "application/octet-stream", b"a\r\n--b\r");
}

#[tokio::test]
async fn c8_a_body_that_breaks_off_leaves_nothing() {
    let direct = Direct::new().await;
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {FILE}\r\n\r\n");
    // Enough for a part that is stored already.
    let content = stream::repeat_with(|| Ok(Bytes::from_static(&[b'x'; 1 << 16]))).take(40 << 4);
    let broken = stream::once(async { Err(io::Error::other("gone")) });
    let answer = direct
        .send(streamed(piece(head).chain(content).chain(broken)))
        .await;
    assert_eq!(answer.status, 503, "{}", text(&answer));
    direct.nothing_left().await;
}

#[tokio::test(start_paused = true)]
async fn r6_a_sender_that_trickles_or_stalls_is_given_up() {
    let direct = Direct::new().await;
    let trickle = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(25)).await;
        Some((Ok::<_, io::Error>(Bytes::from_static(b"x")), ()))
    });
    let stalled = stream::pending::<io::Result<Bytes>>();
    for (body, seconds) in [(trickle.boxed(), 75..90), (stalled.boxed(), 30..40)] {
        let began = tokio::time::Instant::now();
        let answer = direct
            .send(put("/a").body(Body::from_stream(body)).unwrap())
            .await;
        assert_eq!(answer.status, 503, "{}", text(&answer));
        assert!(
            seconds.contains(&began.elapsed().as_secs()),
            "{:?}",
            began.elapsed()
        );
        direct.nothing_left().await;
    }
}
