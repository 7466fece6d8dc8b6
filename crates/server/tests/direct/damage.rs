//! Damage in the store: an answer breaks off or is refused, and never holds a wrong byte.

use axum::http::StatusCode;

use crate::Fetched;
use crate::share::{Direct, OnDisk, Shared};

/// Length of an encrypted chunk here.
const E: usize = 1024 + 28;

/// Asserts that `answer` gave what was sent, or said that it did not: by its status, or by its end.
#[track_caller]
fn never_wrong(answer: &Fetched, right: &[u8], what: &str) {
    if !answer.status.is_success() {
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{what}");
        assert!(answer.bytes.len() < 200 && !answer.broken, "{what}");
        return;
    }
    let announced: usize = answer.header("content-length").parse().unwrap();
    assert_eq!(announced, right.len(), "{what}");
    assert!(right.starts_with(&answer.bytes), "{what}: a wrong byte");
    assert_eq!(
        answer.broken,
        answer.bytes.len() < right.len(),
        "{what}: {} of {} bytes",
        answer.bytes.len(),
        right.len()
    );
}

/// The same, and that the damage was noticed.
#[track_caller]
fn noticed(answer: &Fetched, right: &[u8], what: &str) {
    never_wrong(answer, right, what);
    assert!(
        !answer.status.is_success() || answer.broken,
        "{what}: it was served as sound"
    );
}

/// A small share, its file on the disk, and the bytes in it.
async fn small(len: usize) -> (OnDisk, Shared, std::path::PathBuf, Vec<u8>) {
    let disk = OnDisk::new().await;
    let shared = Direct::file("a.png", "image/png", len).put(&disk.api).await;
    let blob = disk.blob(&shared.payload);
    let payload = shared.payload.clone();
    (disk, shared, blob, payload)
}

#[tokio::test]
async fn c1_a_flip_of_every_byte_is_noticed() {
    let (disk, shared, blob, payload) = small(2500).await;
    for at in 0..payload.len() {
        let mut flipped = payload.clone();
        flipped[at] ^= 1 << (at % 8);
        std::fs::write(&blob, &flipped).unwrap();
        let answer = shared.get(&disk.api, "", &[]).await;
        noticed(&answer, &shared.plaintext, &format!("byte {at}"));
    }
    std::fs::write(&blob, &payload).unwrap();
    let sound = shared.get(&disk.api, "", &[]).await;
    assert!(!sound.broken && sound.bytes == shared.plaintext);
}

#[tokio::test]
async fn c1_a_flip_in_the_middle_of_a_long_file_breaks_the_answer_off() {
    let disk = OnDisk::new().await;
    let shared = Direct::file("a.bin", "video/mp4", 3 << 20)
        .put(&disk.api)
        .await;
    let blob = disk.blob(&shared.payload);
    for chunk in [1100, 1500, 2000, 3070] {
        let mut flipped = shared.payload.clone();
        flipped[chunk * E + 500] ^= 1;
        std::fs::write(&blob, &flipped).unwrap();
        for range in ["", "bytes=5-"] {
            let fields = [("range", range)];
            let fields = if range.is_empty() { &[][..] } else { &fields };
            let answer = shared.get(&disk.api, "", fields).await;
            let right = &shared.plaintext[if range.is_empty() { 0 } else { 5 }..];
            noticed(&answer, right, &format!("chunk {chunk}, range {range:?}"));
            assert!(answer.status.is_success() && !answer.bytes.is_empty());
        }
        // What does not need the chunk is served.
        let before = shared.range(&disk.api, "bytes=0-99").await;
        assert_eq!(before.bytes, shared.plaintext[..100]);
    }
}

#[tokio::test]
async fn c2_cut_at_every_chunk_edge() {
    let (disk, shared, blob, payload) = small(3 * 1024 + 100).await;
    let edges = (0..=3).flat_map(|chunk| [chunk * E, chunk * E + 1, (chunk + 1) * E - 1]);
    for length in edges
        .chain([payload.len() - 1])
        .filter(|length| *length < payload.len())
    {
        std::fs::write(&blob, &payload[..length]).unwrap();
        let answer = shared.get(&disk.api, "", &[]).await;
        noticed(&answer, &shared.plaintext, &format!("cut to {length}"));
        // Rows that were cut along do not help: the last chunk says that it is the last.
        disk.rows()
            .execute("UPDATE shares SET size = ?1", [length as i64])
            .unwrap();
        let answer = shared.get(&disk.api, "", &[]).await;
        noticed(
            &answer,
            &shared.plaintext,
            &format!("cut to {length}, rows too"),
        );
        disk.rows()
            .execute("UPDATE shares SET size = ?1", [payload.len() as i64])
            .unwrap();
    }
    // More bytes than there should be change nothing.
    std::fs::write(&blob, [&payload[..], &payload[..E]].concat()).unwrap();
    let answer = shared.get(&disk.api, "", &[]).await;
    assert!(!answer.broken && answer.bytes == shared.plaintext);
}

#[tokio::test]
async fn c3_chunks_swapped_repeated_and_from_another_place() {
    let (disk, shared, blob, payload) = small(3 * 1024 + 100).await;
    let other = Direct::file("b.png", "image/png", 3 * 1024 + 100)
        .put(&disk.api)
        .await;
    let chunk = |payload: &[u8], index: usize| {
        payload[index * E..payload.len().min((index + 1) * E)].to_vec()
    };
    let build = |order: [usize; 3]| {
        let mut bytes: Vec<u8> = order
            .iter()
            .flat_map(|index| chunk(&payload, *index))
            .collect();
        bytes.extend(chunk(&payload, 3));
        bytes
    };
    for (what, bytes) in [
        ("swapped", build([1, 0, 2])),
        ("swapped in the middle", build([0, 2, 1])),
        ("repeated", build([0, 0, 2])),
        ("all of another share", other.payload.clone()),
        (
            "first chunks of another share",
            [&other.payload[..2 * E], &payload[2 * E..]].concat(),
        ),
        (
            "the end of another share",
            [&payload[..3 * E], &other.payload[3 * E..]].concat(),
        ),
        (
            "one chunk of another share",
            [&payload[..E], &other.payload[E..2 * E], &payload[2 * E..]].concat(),
        ),
        (
            "a chunk left out",
            [&payload[..E], &payload[2 * E..], &payload[..E]].concat(),
        ),
    ] {
        std::fs::write(&blob, &bytes).unwrap();
        let answer = shared.get(&disk.api, "", &[]).await;
        noticed(&answer, &shared.plaintext, what);
        let range = shared.range(&disk.api, "bytes=1000-2100").await;
        never_wrong(&range, &shared.plaintext[1000..2101], what);
    }
}

#[tokio::test]
async fn c3_two_files_of_one_share_do_not_change_places() {
    let disk = OnDisk::new().await;
    let (first, second) = (vec![1; 1024], vec![2; 1024]);
    let files: [(&str, &str, &[u8]); 2] = [
        ("a.txt", "text/plain", &first),
        ("b.txt", "text/plain", &second),
    ];
    let shared = Direct::of(&files).put(&disk.api).await;
    let blob = disk.blob(&shared.payload);
    let swapped = [
        &shared.payload[E..2 * E],
        &shared.payload[..E],
        &shared.payload[2 * E..],
    ];
    std::fs::write(&blob, swapped.concat()).unwrap();
    for name in ["/a.txt", "/b.txt", "?zip"] {
        let answer = shared.get(&disk.api, name, &[]).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{name}");
    }
}

#[tokio::test]
async fn c5_a_range_does_not_need_a_last_chunk_that_is_damaged_or_gone() {
    let (disk, shared, blob, payload) = small(5 * 1024 + 100).await;
    let mut flipped = payload.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for bytes in [flipped, payload[..5 * E].to_vec()] {
        std::fs::write(&blob, bytes).unwrap();
        let range = shared.range(&disk.api, "bytes=10-3000").await;
        assert_eq!(range.status, StatusCode::PARTIAL_CONTENT);
        assert_eq!(range.bytes, shared.plaintext[10..=3000]);
        for range in ["bytes=-1", "bytes=4000-", "bytes=0-5120"] {
            let answer = shared.range(&disk.api, range).await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{range}");
        }
        // A head says what a get would.
        for method in ["GET", "HEAD"] {
            let answer = crate::ask(&disk.api, method, &shared.path(""), &[]).await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{method}");
        }
    }
}

#[tokio::test]
async fn c5_the_first_and_the_last_needed_chunk_are_verified_before_the_status() {
    let disk = OnDisk::new().await;
    let shared = Direct::file("a.bin", "video/mp4", 3 << 20)
        .put(&disk.api)
        .await;
    let blob = disk.blob(&shared.payload);
    for chunk in [2, 3000] {
        let mut flipped = shared.payload.clone();
        flipped[chunk * E + 500] ^= 1;
        std::fs::write(&blob, &flipped).unwrap();
        let range = format!("bytes={}-{}", 2 * 1024 + 5, 3000 * 1024 + 5);
        let answer = shared.range(&disk.api, &range).await;
        assert_eq!(
            answer.status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "chunk {chunk}"
        );
    }
}
