//! T24, T14: whatever is cut, changed, moved or added is found, and what came out before is the beginning.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use onekey_client::Kind;
use onekey_core::payload::DecryptError;

use super::*;

/// Chunks of the stream: several batches, and a short one at the end.
const CHUNKS: usize = 20;

fn stream() -> (Vec<u8>, Vec<u8>) {
    let text = text((CHUNKS - 1) * C + 100);
    let stream = sealed_with(&text, By::File, options(2)).unwrap();
    (text, stream)
}

/// Asserts that a stream is refused as damaged, and that nothing but the first `released` bytes came out by a pipe,
/// nor more of them from a file.
#[track_caller]
fn refused(stream: &[u8], text: &[u8], released: usize, what: &str) {
    for workers in WORKERS {
        for by in WAYS {
            let (out, done) = unsealed(stream, &share_key(), by, workers);
            let error = done.unwrap_err();
            assert_eq!(
                error.exit_kind(),
                Kind::Damaged,
                "{what} {workers} {by:?}: {error}"
            );
            assert!(text.starts_with(&out), "{what} {workers} {by:?}");
            match by {
                By::Pipe => assert_eq!(out.len(), released, "{what} {workers}"),
                By::File => assert!(out.len() <= released, "{what} {workers}"),
            }
        }
    }
}

#[test]
fn t24_a_stream_that_was_cut_anywhere_is_refused() {
    let (text, stream) = stream();
    for chunk in 0..CHUNKS {
        let edge = H + chunk * E;
        for len in [edge, edge + 1, edge + 27, edge + 28, edge + 100] {
            if len < stream.len() {
                refused(&stream[..len], &text, chunk * C, &format!("cut to {len}"));
            }
        }
    }
    refused(
        &stream[..stream.len() - 1],
        &text,
        (CHUNKS - 1) * C,
        "its last byte",
    );
}

#[test]
fn t24_of_a_file_that_was_cut_nothing_comes_out() {
    let (_, stream) = stream();
    for len in [
        H,
        H + 5 * E,
        H + 5 * E + 27,
        H + 9 * E + 5000,
        stream.len() - 1,
    ] {
        let (out, done) = unsealed(&stream[..len], &share_key(), By::File, 2);
        assert!(
            matches!(done, Err(UnsealError::Damaged(_))),
            "{len}: {done:?}"
        );
        assert_eq!(out.len(), 0, "{len}");
    }
    let longer = [&stream[..], b"x"].concat();
    assert_eq!(unsealed(&longer, &share_key(), By::File, 2).0.len(), 0);
}

#[test]
fn a_flipped_bit_is_found_in_its_chunk() {
    let (text, stream) = stream();
    for chunk in [0, 1, 7, 8, 12, CHUNKS - 1] {
        let first = H + chunk * E;
        let end = stream.len().min(first + E);
        for at in [first, first + 12, end - 17, end - 1] {
            let mut stream = stream.clone();
            stream[at] ^= 0x10;
            refused(&stream, &text, chunk * C, &format!("byte {at}"));
            for workers in WORKERS {
                let (_, done) = unsealed(&stream, &share_key(), By::Pipe, workers);
                let index = chunk as u64;
                assert!(
                    matches!(done, Err(UnsealError::Damaged(DecryptError::Chunk { index: at })) if at == index),
                    "{done:?}"
                );
            }
        }
    }
}

#[test]
fn chunks_do_not_change_places() {
    let (text, stream) = stream();
    for (one, other) in [(0, 1), (2, 3), (7, 8), (1, 17)] {
        let mut stream = stream.clone();
        let (front, back) = stream.split_at_mut(H + other * E);
        front[H + one * E..][..E].swap_with_slice(&mut back[..E]);
        refused(&stream, &text, one * C, &format!("{one} and {other}"));
    }
    let without = [&stream[..H + 3 * E], &stream[H + 4 * E..]].concat();
    refused(&without, &text, 3 * C, "one is missing");
    let twice = [&stream[..H + 4 * E], &stream[H + 3 * E..]].concat();
    refused(&twice, &text, 4 * C, "one is there twice");
}

#[test]
fn what_is_added_is_found() {
    let (text, stream) = stream();
    let whole_chunks = (CHUNKS - 1) * C;
    for added in [&b"x"[..], &[0; 28], &stream[H..H + E], &stream] {
        let longer = [&stream[..], added].concat();
        refused(
            &longer,
            &text,
            whole_chunks,
            &format!("{} bytes", added.len()),
        );
    }
}

#[test]
fn another_streams_chunks_do_not_fit() {
    let (text, stream) = stream();
    let (_, other) = self::stream();
    let mixed = [&stream[..H + 2 * E], &other[H + 2 * E..]].concat();
    refused(&mixed, &text, 2 * C, "the end of another");
}

#[test]
fn a_wrong_key_is_told_before_anything_comes_out() {
    let (_, stream) = stream();
    let wrong = ShareKey::from_bytes([9; 32]);
    for by in WAYS {
        let (out, done) = unsealed(&stream, &wrong, by, 2);
        let error = done.unwrap_err();
        assert!(matches!(error, UnsealError::WrongKey), "{error}");
        assert_eq!(error.exit_kind(), Kind::WrongKey);
        assert!(out.is_empty());
    }
}

/// A writer that takes so many bytes and no more.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        if taken == 0 {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(taken)
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_output_that_fails_ends_it() {
    let (text, stream) = stream();
    for workers in WORKERS {
        for room in [0, 72, 5 * C, 9 * C] {
            for by in WAYS {
                let sealed = with(&text, by, |input| {
                    seal(
                        &share_key(),
                        input,
                        &mut Full(room),
                        options(workers),
                        &NoProgress,
                    )
                });
                assert!(matches!(sealed, Err(SealError::Write(_))), "{sealed:?}");
                let back = with(&stream, by, |input| {
                    unseal(
                        &share_key(),
                        input,
                        &mut Full(room),
                        options(workers),
                        &NoProgress,
                    )
                });
                assert!(matches!(back, Err(UnsealError::Write(_))), "{back:?}");
            }
        }
    }
}

/// Cuts the input while it is read.
struct Cutting<'c>(&'c File, AtomicUsize);

impl onekey_client::Progress for Cutting<'_> {
    fn advance(&self, _: u64) {
        if self.1.fetch_add(1, Ordering::Relaxed) == 0 {
            self.0.set_len(100).unwrap();
        }
    }
}

/// Counts what is written.
struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_file_that_becomes_shorter_is_never_taken_for_whole() {
    let mut input = tempfile::tempfile().unwrap();
    input.write_all(&text(200 * C)).unwrap();
    io::Seek::rewind(&mut input).unwrap();
    let cutting = Cutting(&input, AtomicUsize::new(0));
    let mut count = Count(0);
    let sealed = seal(
        &share_key(),
        input.try_clone().unwrap(),
        &mut count,
        options(2),
        &cutting,
    );
    assert!(matches!(sealed, Err(SealError::Changed)), "{sealed:?}");
}
