//! Standalone streams: however they are written and read in pieces, the bytes are the same.

#![cfg(feature = "std")]
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{self, Read, Write};

use common::counting;
use onekey_core::cipher::Suite;
use onekey_core::io::{DecryptReader, StreamError, encrypt_writer};
use onekey_core::keys::ShareKey;
use onekey_core::payload::DecryptError;
use onekey_core::size::ChunkSize;
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

const SUITES: [Suite; 2] = [Suite::Aes256Gcm, Suite::ChaCha20Poly1305];

fn share_key() -> ShareKey {
    ShareKey::from_bytes(counting(0x40))
}

fn plaintext(len: usize) -> Vec<u8> {
    (0..len).map(|x| (7 * x % 256) as u8).collect()
}

fn seal(suite: Suite, plaintext: &[u8], pieces: &[usize]) -> Vec<u8> {
    let rng = StdRng::seed_from_u64(1);
    let mut writer = encrypt_writer(&share_key(), suite, ChunkSize::MIN, Vec::new(), rng).unwrap();
    let mut rest = plaintext;
    for &piece in pieces {
        let (now, later) = rest.split_at(piece.min(rest.len()));
        writer.write_all(now).unwrap();
        writer.flush().unwrap();
        rest = later;
    }
    writer.write_all(rest).unwrap();
    writer.finish().unwrap()
}

/// Gives its bytes in pieces, with a signal in between.
struct Pieces<'a> {
    bytes: &'a [u8],
    lens: std::iter::Cycle<std::slice::Iter<'a, usize>>,
    interrupted: bool,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let len = (*self.lens.next().unwrap()).min(buf.len());
        self.bytes.read(&mut buf[..len])
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pieces_do_not_matter(
        suite in prop::sample::select(&SUITES[..]),
        len in prop_oneof![0..5000_usize, Just(1023), Just(1024), Just(1025), Just(2048)],
        written in prop::collection::vec(0..3000_usize, 0..8),
        taken in prop::collection::vec(1..3000_usize, 1..8),
        asked in prop::collection::vec(1..3000_usize, 1..8),
    ) {
        let plaintext = plaintext(len);
        let sealed = seal(suite, &plaintext, &written);
        prop_assert_eq!(&sealed, &seal(suite, &plaintext, &[]));
        prop_assert_eq!(sealed.len() as u64, 72 + ChunkSize::MIN.payload_len(len as u64).unwrap());

        let pieces = Pieces { bytes: &sealed, lens: taken.iter().cycle(), interrupted: false };
        let mut reader = DecryptReader::new(&share_key(), pieces).unwrap();
        let mut read: Vec<u8> = Vec::new();
        for &asked in asked.iter().cycle() {
            let mut buf = vec![0; asked];
            match reader.read(&mut buf).unwrap() {
                0 => break,
                given => read.extend(&buf[..given]),
            }
        }
        prop_assert_eq!(read, plaintext);
        prop_assert_eq!(reader.read(&mut [0; 1]).unwrap(), 0, "the end stays the end");
    }
}

#[test]
fn a_failed_reader_stays_failed() {
    let mut sealed = seal(Suite::Aes256Gcm, &plaintext(3000), &[]);
    sealed[72 + 1052 + 20] ^= 1;
    let mut reader = DecryptReader::new(&share_key(), &sealed[..]).unwrap();
    let mut read: Vec<u8> = Vec::new();
    let error = reader.read_to_end(&mut read).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert_eq!(
        StreamError::of(&error),
        Some(DecryptError::Chunk { index: 1 }.into())
    );
    assert_eq!(read, plaintext(1024));
    let error = reader.read(&mut [0; 1]).unwrap_err();
    assert_eq!(StreamError::of(&error), Some(DecryptError::Failed.into()));
}

#[test]
fn an_error_of_the_reader_below_can_be_outlived() {
    struct Stutter<'a>(&'a [u8], bool);
    impl Read for Stutter<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 && self.0.len() < 2000 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let len = buf.len().min(100);
            self.0.read(&mut buf[..len])
        }
    }
    let sealed = seal(Suite::Aes256Gcm, &plaintext(3000), &[]);
    let mut reader = DecryptReader::new(&share_key(), Stutter(&sealed, false)).unwrap();
    let mut read: Vec<u8> = Vec::new();
    loop {
        let mut buf = [0; 77];
        match reader.read(&mut buf) {
            Ok(0) => break,
            Ok(given) => read.extend(&buf[..given]),
            Err(error) => assert_eq!(StreamError::of(&error), None),
        }
    }
    assert_eq!(read, plaintext(3000));
}

#[test]
fn a_writer_whose_chunk_was_lost_stays_failed() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            let taken = buf.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let rng = StdRng::seed_from_u64(1);
    let share = share_key();
    let mut writer =
        encrypt_writer(&share, Suite::Aes256Gcm, ChunkSize::MIN, Full(500), rng).unwrap();
    assert!(writer.write_all(&[0; 1023]).is_ok());
    assert_eq!(
        StreamError::of(&writer.write_all(&[0; 1]).unwrap_err()),
        None
    );
    let error = writer.write_all(&[0; 1]).unwrap_err();
    assert_eq!(StreamError::of(&error), Some(StreamError::Failed));
    let error = writer.finish().map(|_| ()).unwrap_err();
    assert_eq!(StreamError::of(&error), Some(StreamError::Failed));
}

#[test]
fn an_empty_buffer_reads_nothing() {
    let sealed = seal(Suite::Aes256Gcm, b"a", &[]);
    let mut reader = DecryptReader::new(&share_key(), &sealed[..]).unwrap();
    assert_eq!(reader.read(&mut []).unwrap(), 0);
    assert_eq!(io::read_to_string(reader).unwrap(), "a");
}

#[test]
fn t24_a_cut_stream_never_ends_well() {
    for suite in SUITES {
        let sealed = seal(suite, &plaintext(2 * 1024), &[]);
        for cut in (0..=sealed.len()).filter(|cut| cut % 97 < 2 || (cut - cut.min(&72)) % 1052 < 30)
        {
            let mut read = Vec::new();
            let result = DecryptReader::new(&share_key(), &sealed[..cut])
                .and_then(|mut reader| reader.read_to_end(&mut read));
            assert_eq!(result.is_ok(), cut == sealed.len(), "cut at {cut}");
            assert_eq!(
                read.len(),
                cut.saturating_sub(72) / 1052 * 1024,
                "cut at {cut}"
            );
        }
    }
}
