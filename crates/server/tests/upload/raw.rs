//! Bodies that are the file itself.

use axum::body::Body;
use futures_util::stream;
use onekey_core::size::ChunkSize;
use onekey_core::url::Form;
use onekey_server::Config;

use crate::direct::{Direct, post, put, text, with_body};

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|x| (x % 251) as u8).collect()
}

/// A body without a length, in pieces of odd sizes.
fn streamed(content: &[u8]) -> Body {
    let pieces: Vec<_> = content
        .chunks(70_001)
        .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()))
        .collect();
    Body::from_stream(stream::iter(pieces))
}

#[tokio::test]
async fn a_put_names_its_file_in_the_path() {
    let direct = Direct::new().await;
    let answer = direct.send(with_body(put("/a%20b.png"), b"pixels")).await;
    assert_eq!(answer.status, 201);
    let url = text(&answer);
    assert_eq!(url, format!("{}\n", answer.header("location")));
    assert!(
        url.starts_with("http://files.example/") && url.ends_with(".png\n"),
        "{url}"
    );
    let opened = crate::opened::Opened::of(&direct.router, &url).await;
    opened.is("a b.png", "image/png", b"pixels");
    let Form::Direct { suffix } = &opened.link.form else {
        panic!("not direct");
    };
    assert_eq!(suffix.as_extension(), Some("png"));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn f6_f20_names_that_are_none_take_the_type_that_was_sent() {
    let direct = Direct::new().await;
    for (request, name, media_type) in [
        (
            post("/").header("content-type", "image/png"),
            "file.png",
            "image/png",
        ),
        (
            post("/").header("content-type", "text/plain; charset=utf-8"),
            "file.txt",
            "text/plain",
        ),
        (post("/"), "file", "application/octet-stream"),
        (put("/"), "file", "application/octet-stream"),
        (put("/Makefile"), "Makefile", "application/octet-stream"),
        (put("/%E6%97%A5.png"), "日.png", "image/png"),
        (put("/a%2F..%2Fb.txt"), "b.txt", "text/plain"),
        (put("/%ff%00.txt"), "\u{fffd}.txt", "text/plain"),
        (
            post("/").header("content-disposition", "attachment; filename=\"s h.mp4\""),
            "s h.mp4",
            "video/mp4",
        ),
        // Names of pages are names of files as well.
        (put("/send"), "send", "application/octet-stream"),
        (put("/robots.txt"), "robots.txt", "text/plain"),
        (put("/upload.sh"), "upload.sh", "application/x-sh"),
        (put("/healthz"), "healthz", "application/octet-stream"),
    ] {
        let opened = direct.stored(with_body(request, b"x")).await;
        opened.is(name, media_type, b"x");
    }
}

#[tokio::test]
async fn f8_a_body_that_curl_calls_a_form_is_stored() {
    let direct = Direct::new().await;
    let curls = "application/x-www-form-urlencoded";
    let request = post("/").header("content-type", curls);
    let opened = direct.stored(with_body(request, b"a=b&secret=c")).await;
    opened.is("file", "application/octet-stream", b"a=b&secret=c");
}

#[tokio::test]
async fn f7_c11_files_of_every_length() {
    let mut config = Config::default();
    // A part of this size is one chunk, so that several are quickly filled.
    config.direct_chunk_size = ChunkSize::MAX;
    let direct = Direct::with(config).await;
    let chunk = ChunkSize::MAX.plaintext();
    for length in [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 2 * chunk + 1] {
        let content = bytes(length);
        let opened = direct.stored(with_body(put("/a.bin"), &content)).await;
        opened.is("a.bin", "application/octet-stream", &content);
        let opened = direct
            .stored(put("/a.bin").body(streamed(&content)).unwrap())
            .await;
        opened.is("a.bin", "application/octet-stream", &content);
    }
    assert_eq!(direct.totals().await.shares, 14);
    assert_eq!(direct.server.check(true).await.unwrap().problems(), 0);
}

#[tokio::test]
async fn parts_follow_each_other_whatever_the_length() {
    let direct = Direct::new().await;
    let content = bytes((35 << 20) + 77);
    let opened = direct.stored(with_body(put("/a.bin"), &content)).await;
    opened.is("a.bin", "application/octet-stream", &content);
    let opened = direct
        .stored(put("/a.bin").body(streamed(&content)).unwrap())
        .await;
    opened.is("a.bin", "application/octet-stream", &content);
    assert_eq!(direct.server.check(true).await.unwrap().problems(), 0);
}

#[tokio::test]
async fn a_body_of_another_length_is_refused_and_leaves_nothing() {
    let direct = Direct::new().await;
    for announced in [0, 3, 5, 1 << 20] {
        let request = put("/a").header("content-length", announced);
        let answer = direct.send(request.body(Body::from("abcd")).unwrap()).await;
        assert_eq!(answer.status, 400, "{announced}");
        direct.nothing_left().await;
    }
}
