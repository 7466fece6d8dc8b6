//! Standalone streams on several threads: the same bytes as the core's on one, and the same refusals.

#![allow(clippy::unwrap_used)]

mod damage;
mod new_file;
mod round_trips;
mod vectors;

use std::fs::File;
use std::io::{Read, Write};
use std::thread;

use onekey_client::{NoProgress, SealError, StreamOptions, UnsealError, seal, unseal};
use onekey_core::keys::ShareKey;

/// Plaintext of a chunk.
const C: usize = 64 << 10;

/// A chunk.
const E: usize = C + 28;

/// A header.
const H: usize = 72;

/// Numbers of threads: alone, as many as this machine likely has, and far more.
const WORKERS: [usize; 3] = [1, 2, 7];

/// How an input comes.
#[derive(Clone, Copy, Debug)]
enum By {
    File,
    Pipe,
}

const WAYS: [By; 2] = [By::File, By::Pipe];

fn share_key() -> ShareKey {
    ShareKey::from_bytes(std::array::from_fn(|x| x as u8))
}

/// Returns bytes of which no two chunks are the same.
fn text(len: usize) -> Vec<u8> {
    let words = (0_u64..).flat_map(|x| x.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    words.take(len).collect()
}

fn options(workers: usize) -> StreamOptions {
    StreamOptions {
        workers,
        ..StreamOptions::default()
    }
}

/// Gives `bytes` to `run` as an open input.
fn with<T>(bytes: &[u8], by: By, run: impl FnOnce(File) -> T) -> T {
    match by {
        By::File => {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            std::io::Seek::rewind(&mut file).unwrap();
            run(file)
        }
        By::Pipe => {
            let (reader, mut writer) = std::io::pipe().unwrap();
            thread::scope(|scope| {
                // A reader that refuses does not read to the end.
                scope.spawn(move || writer.write_all(bytes));
                run(std::os::fd::OwnedFd::from(reader).into())
            })
        }
    }
}

fn sealed_with(bytes: &[u8], by: By, options: StreamOptions) -> Result<Vec<u8>, SealError> {
    let mut sealed = Vec::new();
    let len = with(bytes, by, |input| {
        seal(&share_key(), input, &mut sealed, options, &NoProgress)
    })?;
    assert_eq!(len, bytes.len() as u64);
    Ok(sealed)
}

/// Returns what was written, and how it ended.
fn unsealed(
    stream: &[u8],
    share: &ShareKey,
    by: By,
    workers: usize,
) -> (Vec<u8>, Result<u64, UnsealError>) {
    let mut text = Vec::new();
    let done = with(stream, by, |input| {
        unseal(share, input, &mut text, options(workers), &NoProgress)
    });
    (text, done)
}

/// Reads a stream as the core does, on one thread.
fn read_by_core(stream: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut reader = onekey_core::io::DecryptReader::new(&share_key(), stream).unwrap();
    reader.read_to_end(&mut text).unwrap();
    text
}
