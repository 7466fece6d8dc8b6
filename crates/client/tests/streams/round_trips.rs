//! What goes in comes out.

use std::io::{Seek, Write};

use onekey_core::cipher::Suite;
use onekey_core::io::encrypt_writer;
use onekey_core::size::ChunkSize;

use super::*;

/// Around every edge of chunks and batches (8 chunks), and several batches for each worker.
const LENGTHS: [usize; 14] = [
    0,
    1,
    C - 1,
    C,
    C + 1,
    2 * C,
    8 * C - 1,
    8 * C,
    8 * C + 1,
    9 * C,
    16 * C,
    24 * C + 5,
    64 * C,
    65 * C + 17,
];

#[test]
fn every_length_comes_out_as_it_went_in() {
    for len in LENGTHS {
        let text = text(len);
        for workers in WORKERS {
            for by in WAYS {
                let stream = sealed_with(&text, by, options(workers)).unwrap();
                assert_eq!(stream.len(), H + len + 28 * (len / C + 1), "{len}");
                assert!(read_by_core(&stream) == text, "{len} {workers} {by:?}");
                let (back, done) = unsealed(&stream, &share_key(), by, workers);
                assert_eq!(done.unwrap(), stream.len() as u64, "{len} {workers} {by:?}");
                assert!(back == text, "{len} {workers} {by:?}");
            }
        }
    }
}

#[test]
fn streams_of_the_core_are_read_in_every_chunk_size_and_suite() {
    let text = text(5 * C + 3);
    for suite in [Suite::Aes256Gcm, Suite::ChaCha20Poly1305] {
        for exponent in [10, 13, 16, 19, 20, 22] {
            let size = ChunkSize::from_exponent(exponent).unwrap();
            let mut writer =
                encrypt_writer(&share_key(), suite, size, Vec::new(), rand::rng()).unwrap();
            writer.write_all(&text).unwrap();
            let stream = writer.finish().unwrap();
            for by in WAYS {
                let (back, done) = unsealed(&stream, &share_key(), by, 3);
                done.unwrap();
                assert!(back == text, "{suite:?} {exponent} {by:?}");
            }
        }
    }
}

#[test]
fn the_other_suite_is_written_as_well() {
    let text = text(3 * C);
    let options = StreamOptions {
        suite: Suite::ChaCha20Poly1305,
        workers: 2,
    };
    let stream = sealed_with(&text, By::File, options).unwrap();
    assert_eq!(stream[9], 2);
    assert!(read_by_core(&stream) == text);
}

#[test]
fn a_file_is_read_from_where_it_stands_and_left_at_its_end() {
    let text = text(10 * C + 1);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&text).unwrap();
    file.seek(std::io::SeekFrom::Start(C as u64 + 7)).unwrap();
    let mut stream = Vec::new();
    let shared = file.try_clone().unwrap();
    seal(&share_key(), shared, &mut stream, options(2), &NoProgress).unwrap();
    assert!(read_by_core(&stream) == text[C + 7..]);
    assert_eq!(file.stream_position().unwrap(), text.len() as u64);
}

/// Files in /proc say that they are empty.
#[test]
#[cfg(target_os = "linux")]
fn a_file_that_does_not_know_its_length_is_read_to_its_end() {
    let mut stream = Vec::new();
    let input = File::open("/proc/version").unwrap();
    assert_eq!(input.metadata().unwrap().len(), 0);
    seal(&share_key(), input, &mut stream, options(2), &NoProgress).unwrap();
    assert_eq!(
        read_by_core(&stream),
        std::fs::read("/proc/version").unwrap()
    );
}

#[test]
fn no_two_streams_and_no_two_nonces_are_the_same() {
    let text = vec![0; 40 * C];
    let mut seen = std::collections::HashSet::new();
    for _ in 0..2 {
        let stream = sealed_with(&text, By::File, options(4)).unwrap();
        assert!(seen.insert(stream[16..40].to_vec()), "the salt");
        for chunk in stream[H..].chunks(E) {
            assert!(seen.insert(chunk[..12].to_vec()), "a nonce");
        }
    }
}

#[test]
fn nobody_works_for_nobody() {
    assert!(matches!(
        sealed_with(b"", By::File, options(0)),
        Err(SealError::Zero)
    ));
    let (_, done) = unsealed(b"", &share_key(), By::File, 0);
    assert!(matches!(done, Err(UnsealError::Zero)));
}
