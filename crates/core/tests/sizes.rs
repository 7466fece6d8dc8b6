//! Sizes and places: the two directions are inverse, and nothing else is accepted.

#![allow(clippy::unwrap_used)]

use onekey_core::cipher::OVERHEAD;
use onekey_core::size::{ChunkSize, MAX_CHUNKS, MAX_PAYLOAD_LEN, SizeError};
use proptest::prelude::*;

fn chunk_size() -> impl Strategy<Value = ChunkSize> {
    (10..=22_u8).prop_map(|exponent| ChunkSize::from_exponent(exponent).unwrap())
}

/// Lengths of every magnitude, most of them near a chunk's edge.
fn length() -> impl Strategy<Value = u64> {
    (0..54_u32, any::<u64>(), -30..30_i64).prop_map(|(bits, low, near)| {
        let edge = (low >> (63 - bits) >> 1) & !1023;
        edge.saturating_add_signed(near)
    })
}

proptest! {
    #[test]
    fn lengths_are_inverse(size in chunk_size(), plaintext in length()) {
        if let Ok(payload) = size.payload_len(plaintext) {
            prop_assert!(payload < MAX_PAYLOAD_LEN);
            prop_assert_eq!(payload, plaintext + size.chunks(plaintext) * OVERHEAD as u64);
            prop_assert_eq!(size.plaintext_len(payload), Ok(plaintext));
        }
    }

    #[test]
    fn every_accepted_payload_is_one_that_encryption_makes(size in chunk_size(), payload in length()) {
        match size.plaintext_len(payload) {
            Ok(plaintext) => prop_assert_eq!(size.payload_len(plaintext), Ok(payload)),
            Err(SizeError::NotAPayload) => {
                prop_assert!(payload % (size.encrypted() as u64) < OVERHEAD as u64);
            }
            Err(_) => prop_assert!(
                payload >= MAX_PAYLOAD_LEN || payload / size.encrypted() as u64 >= MAX_CHUNKS
            ),
        }
    }

    #[test]
    fn chunks_of_a_range_hold_it_and_no_more(
        size in chunk_size(),
        start in 0..1_u64 << 40,
        len in 1..1_u64 << 25,
    ) {
        let c = size.plaintext() as u64;
        let chunks = size.chunks_of(&(start..start + len));
        prop_assert!(chunks.start * c <= start && start < (chunks.start + 1) * c);
        prop_assert!((chunks.end - 1) * c < start + len && start + len <= chunks.end * c);
    }

    #[test]
    fn places_of_all_chunks_are_the_payload(size in chunk_size(), plaintext in 0..1_u64 << 24) {
        let payload = size.payload_len(plaintext).unwrap();
        let n = size.chunks(plaintext);
        prop_assert_eq!(size.place_of(&(0..n), payload), 0..payload);
        let last = size.place_of(&(n - 1..n), payload);
        prop_assert_eq!(last.end, payload);
        let last_len = (last.end - last.start) as usize;
        prop_assert!(last_len >= OVERHEAD && last_len < size.encrypted());
    }
}

#[test]
fn lengths_that_no_payload_has() {
    for exponent in 10..=22 {
        let size = ChunkSize::from_exponent(exponent).unwrap();
        let full = size.encrypted() as u64;
        for cut in (0..28)
            .chain(full..full + 28)
            .chain(9 * full..9 * full + 28)
        {
            assert_eq!(
                size.plaintext_len(cut),
                Err(SizeError::NotAPayload),
                "{cut}"
            );
        }
        assert_eq!(size.plaintext_len(28), Ok(0));
        assert_eq!(
            size.plaintext_len(full - 1),
            Ok(size.plaintext() as u64 - 1)
        );
        assert_eq!(size.plaintext_len(full + 28), Ok(size.plaintext() as u64));
    }
}

#[test]
fn the_largest_payload() {
    for exponent in 10..=22 {
        let size = ChunkSize::from_exponent(exponent).unwrap();
        let (mut fits, mut too_large) = (0, MAX_PAYLOAD_LEN);
        while too_large - fits > 1 {
            let middle = fits.midpoint(too_large);
            match size.payload_len(middle) {
                Ok(_) => fits = middle,
                Err(_) => too_large = middle,
            }
        }
        let payload = size.payload_len(fits).unwrap();
        assert_eq!(size.plaintext_len(payload), Ok(fits));
        assert_eq!(size.payload_len(too_large), Err(SizeError::TooLarge));
        let at_the_end = size.chunks(fits) == MAX_CHUNKS || payload + 29 >= MAX_PAYLOAD_LEN;
        assert!(at_the_end, "exponent {exponent}: {fits}");
    }
    assert_eq!(
        ChunkSize::MIN.plaintext_len(u64::MAX),
        Err(SizeError::TooLarge)
    );
    assert_eq!(
        ChunkSize::MAX.payload_len(u64::MAX),
        Err(SizeError::TooLarge)
    );
    assert_eq!(ChunkSize::MIN.chunks_of(&(5..5)), 0..0);
}

#[test]
fn exponents_out_of_range() {
    for exponent in (0..10).chain(23..=255) {
        assert_eq!(ChunkSize::from_exponent(exponent), None, "{exponent}");
    }
}
