//! How a payload is cut into parts.

use onekey_core::size::{ChunkSize, MAX_PAYLOAD_LEN};
use onekey_core::wire::MAX_PART_SIZE;

/// About how long a part is.
const PART_SIZE: u64 = 8 << 20;

/// About how long a part is while nobody knows how many will follow.
const PART_SIZE_UNKNOWN: u64 = 32 << 20;

/// Parts of an upload whose length is known, with room to the protocol's bound.
const PARTS: u64 = 9_000;

/// Returns the length of a part: a multiple of the encrypted chunk, at least `least`, such that `payload` fits.
pub(super) fn part_size(chunk: ChunkSize, payload: Option<u64>, least: u64) -> u64 {
    let encrypted = chunk.encrypted() as u64;
    let about = if payload.is_some() {
        PART_SIZE
    } else {
        PART_SIZE_UNKNOWN
    };
    let mut chunks = (about / encrypted).max(least.div_ceil(encrypted)).max(1);
    let payload = payload.unwrap_or(0).min(MAX_PAYLOAD_LEN);
    let most = MAX_PART_SIZE / encrypted;
    while payload.div_ceil(chunks * encrypted) > PARTS && chunks < most {
        chunks = (2 * chunks).min(most);
    }
    chunks * encrypted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_whole_chunks_and_few_enough() {
        for exponent in 10..=22 {
            let chunk = ChunkSize::from_exponent(exponent).unwrap();
            for (payload, least) in [
                (Some(0), 1),
                (Some(1 << 30), 1),
                (Some(70 << 30), 1),
                (Some(400 << 30), 5 << 20),
                (None, 1),
                (None, 5 << 20),
                (Some(u64::MAX), 1),
            ] {
                let size = part_size(chunk, payload, least);
                assert!(size.is_multiple_of(chunk.encrypted() as u64), "{exponent}");
                assert!((least..=MAX_PART_SIZE).contains(&size), "{exponent} {size}");
                if payload.is_some_and(|payload| payload <= 400 << 30) {
                    assert!(
                        payload.unwrap().div_ceil(size) <= PARTS,
                        "{exponent} {payload:?}"
                    );
                }
            }
        }
        let size = |payload| part_size(ChunkSize::DEFAULT, payload, 1);
        assert!((7 << 20..=8 << 20).contains(&size(Some(1 << 30))));
        assert!((31 << 20..=32 << 20).contains(&size(None)));
    }
}
