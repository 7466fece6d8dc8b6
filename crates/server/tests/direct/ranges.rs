//! Ranges by RFC 9110.

use axum::http::StatusCode;

use crate::common::Api;
use crate::share::{Direct, OnDisk};

#[tokio::test]
async fn r1_every_range_gives_exactly_its_bytes() {
    let api = Api::new().await;
    let len = 5000_usize;
    let shared = Direct::file("a.mp4", "video/mp4", len).put(&api).await;
    for (range, first, last) in [
        ("bytes=0-0", 0, 0),
        ("bytes=0-1", 0, 1),
        ("bytes=0-4999", 0, 4999),
        ("bytes=0-99999", 0, 4999),
        ("bytes=4999-", 4999, 4999),
        ("bytes=1023-1024", 1023, 1024),
        ("bytes=1024-2047", 1024, 2047),
        ("bytes=1025-4096", 1025, 4096),
        ("bytes=-1", 4999, 4999),
        ("bytes=-5", 4995, 4999),
        ("bytes=-99999", 0, 4999),
        ("Bytes=7-9", 7, 9),
        (" bytes = 7 - 9 ", 7, 9),
    ] {
        let answer = shared.range(&api, range).await;
        assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert_eq!(
            answer.header("content-range"),
            format!("bytes {first}-{last}/{len}")
        );
        assert_eq!(
            answer.header("content-length"),
            (last - first + 1).to_string()
        );
        assert!(
            answer.bytes == shared.plaintext[first..=last] && !answer.broken,
            "{range}"
        );
    }
}

#[tokio::test]
async fn r1_ranges_over_many_pieces_and_in_every_file() {
    let api = Api::new().await;
    for exponent in [10, 13, 16, 20] {
        let first = crate::share::bytes(700);
        let second: Vec<u8> = (0..2_300_000_u32).map(|x| (x * 7 / 3) as u8).collect();
        let files: [(&str, &str, &[u8]); 2] = [("a", "a/b", &first), ("b", "a/b", &second)];
        let shared = Direct::of(&files).chunks(exponent).put(&api).await;
        for (start, end) in [
            (0, second.len()),
            (1, second.len() - 1),
            (500_000, 1_700_000),
            (1_048_576 - 700, 2_097_152 - 700),
            (2_299_999, 2_300_000),
        ] {
            let range = format!("bytes={start}-{}", end - 1);
            let answer = shared.get(&api, "/b", &[("range", &range)]).await;
            assert!(
                answer.bytes == second[start..end],
                "chunks of 2^{exponent}, {range}"
            );
        }
    }
}

#[tokio::test]
async fn r2_unsatisfiable_and_ignored_ranges() {
    let api = Api::new().await;
    let shared = Direct::file("a.mp4", "video/mp4", 5000).put(&api).await;
    let empty = Direct::file("a.mp4", "video/mp4", 0).put(&api).await;
    for (shared, range, len) in [
        (&shared, "bytes=5000-", 5000),
        (&shared, "bytes=5000-6000", 5000),
        (&shared, "bytes=-0", 5000),
        (&empty, "bytes=0-0", 0),
        (&empty, "bytes=0-", 0),
        (&empty, "bytes=-1", 0),
    ] {
        let answer = shared.range(&api, range).await;
        assert_eq!(answer.status, StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(answer.header("content-range"), format!("bytes */{len}"));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.bytes.is_empty());
    }
    for range in [
        "bytes=5-2",
        "items=0-1",
        "bytes",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "bytes=99999999999999999999999-",
    ] {
        let answer = shared.range(&api, range).await;
        assert_eq!(answer.status, StatusCode::OK, "{range}");
        assert!(answer.bytes == shared.plaintext, "{range}");
    }
}

#[tokio::test]
async fn r2_if_range_keeps_versions_apart() {
    let api = Api::new().await;
    let shared = Direct::file("a.mp4", "video/mp4", 5000).put(&api).await;
    let etag = format!("\"{}\"", shared.key.etag("a.mp4"));
    let weak = format!("W/{etag}");
    for (if_range, status) in [
        (&*etag, StatusCode::PARTIAL_CONTENT),
        (&weak, StatusCode::OK),
        ("\"x\"", StatusCode::OK),
        ("Wed, 21 Oct 2026 07:28:00 GMT", StatusCode::OK),
    ] {
        let fields = [("range", "bytes=10-19"), ("if-range", if_range)];
        let answer = shared.get(&api, "", &fields).await;
        assert_eq!(answer.status, status, "{if_range}");
        let past = [("range", "bytes=9999-"), ("if-range", if_range)];
        let answer = shared.get(&api, "", &past).await;
        let status = match status {
            StatusCode::OK => StatusCode::OK,
            _ => StatusCode::RANGE_NOT_SATISFIABLE,
        };
        assert_eq!(answer.status, status, "{if_range}");
    }
}

#[tokio::test]
async fn r4_a_tiny_range_reads_one_chunk() {
    let disk = OnDisk::new().await;
    let shared = Direct::file("a.mp4", "video/mp4", 100 * 1024 + 5)
        .put(&disk.api)
        .await;
    // Whatever else lies there is never looked at.
    let blob = disk.blob(&shared.payload);
    let mut bytes = vec![0; shared.payload.len()];
    let place = 50 * 1052..51 * 1052;
    bytes[place.clone()].copy_from_slice(&shared.payload[place]);
    std::fs::write(&blob, bytes).unwrap();
    let (first, last) = (50 * 1024, 51 * 1024 - 1);
    for range in [
        first..=first,
        first + 5..=first + 5,
        last..=last,
        first..=last,
    ] {
        let field = format!("bytes={}-{}", range.start(), range.end());
        let answer = shared.range(&disk.api, &field).await;
        assert_eq!(answer.bytes, shared.plaintext[range], "{field}");
    }
    let beside = format!("bytes={first}-{}", last + 1);
    let answer = shared.range(&disk.api, &beside).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn r4_many_ranges_are_answered_as_one_file() {
    let api = Api::new().await;
    let shared = Direct::file("a.mp4", "video/mp4", 5000).put(&api).await;
    let many = format!("bytes={}0-", "0-1,".repeat(10_000));
    let answer = shared.range(&api, &many).await;
    assert_eq!((answer.status, answer.bytes.len()), (StatusCode::OK, 5000));
    let fields = [("range", "bytes=0-1"), ("range", "bytes=3-4")];
    let answer = shared.get(&api, "", &fields).await;
    assert_eq!((answer.status, answer.bytes.len()), (StatusCode::OK, 5000));
}
