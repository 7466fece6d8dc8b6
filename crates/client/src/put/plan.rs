//! How a payload is cut into parts.

use onekey_core::size::ChunkSize;
use onekey_core::wire::{MAX_PART_SIZE, ServerDescription};

use crate::error::PutError;

/// What parts are about: enough to amortise a request, little enough to send again.
const USUAL: u64 = 8 << 20;

/// Parts of a pipe, whose length nobody knows: 9,999 of them are 312 GiB.
const PIPE: u64 = 32 << 20;

/// Parts behind a proxy that refuses more than 1 MB, as nginx does by default: less than this.
const PROXY_LIMIT: u64 = 1_000_000;

/// Parts double until there are no more of them.
const PLENTY: u64 = 9_000;

/// Returns the part size for a payload of `len` bytes, or of unknown length: a multiple of the encrypted
/// chunk that the server takes.
pub(super) fn part_size(
    chunk_size: ChunkSize,
    len: Option<u64>,
    server: &ServerDescription,
) -> Result<u64, PutError> {
    let chunk = chunk_size.encrypted() as u64;
    let least = server.min_part_size.div_ceil(chunk).max(1) * chunk;
    let most = server.max_part_size.min(MAX_PART_SIZE) / chunk * chunk;
    if most < least {
        return Err(PutError::PartSize);
    }
    let wanted = len.map_or(PIPE, |_| USUAL) / chunk * chunk;
    let mut size = wanted.clamp(least, most);
    let Some(len) = len else {
        return Ok(size);
    };
    while len.div_ceil(size) > PLENTY && size < most {
        size = (size * 2).min(most);
    }
    check_count(len, size)
}

/// Returns the part size that gets through a proxy with the usual limit, if the server takes it.
pub(super) fn small_part_size(
    chunk_size: ChunkSize,
    len: u64,
    server: &ServerDescription,
) -> Result<u64, PutError> {
    let chunk = chunk_size.encrypted() as u64;
    let size = (PROXY_LIMIT - 1) / chunk * chunk;
    if size == 0 || size < server.min_part_size {
        return Err(PutError::PartSize);
    }
    check_count(len, size)
}

fn check_count(len: u64, size: u64) -> Result<u64, PutError> {
    let limit = size * u64::from(onekey_core::wire::MAX_PARTS);
    if len > limit {
        return Err(PutError::TooLarge { limit });
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use onekey_core::wire::{MAX_PARTS, MIN_PART_SIZE};

    use super::*;

    const CHUNK: u64 = ChunkSize::DEFAULT.encrypted() as u64;

    fn server(min: u64, max: u64) -> ServerDescription {
        ServerDescription {
            version: String::new(),
            assets: None,
            upload_secret_required: false,
            direct: true,
            max_size: None,
            max_expiry: None,
            default_expiry: None,
            expiry_choices: Vec::new(),
            min_part_size: min,
            max_part_size: max,
            report_address: None,
        }
    }

    #[test]
    fn parts_are_whole_chunks_within_every_limit() {
        let lens = [0, 1, 28, USUAL, 75 << 30, 300 << 30, 600 << 30];
        for (min, max) in [
            (CHUNK, MAX_PART_SIZE),
            (MIN_PART_SIZE, MAX_PART_SIZE),
            (MIN_PART_SIZE, MIN_PART_SIZE + CHUNK),
            (20 << 20, 30 << 20),
        ] {
            for len in lens.into_iter().map(Some).chain([None]) {
                let size = match part_size(ChunkSize::DEFAULT, len, &server(min, max)) {
                    Ok(size) => size,
                    Err(PutError::TooLarge { limit }) => {
                        assert!(len.unwrap() > limit && limit >= max / 2 * 9_999);
                        continue;
                    }
                    Err(error) => panic!("{error}"),
                };
                assert!(size % CHUNK == 0 && (min..=max).contains(&size), "{size}");
                assert!(len.unwrap_or(0).div_ceil(size) <= u64::from(MAX_PARTS));
            }
        }
    }

    #[test]
    fn usual_pipe_and_small_sizes() {
        let server = server(CHUNK, MAX_PART_SIZE);
        let of = |len| part_size(ChunkSize::DEFAULT, len, &server).unwrap();
        assert_eq!(of(Some(1)), 127 * CHUNK);
        assert_eq!(of(Some(9_000 * 127 * CHUNK)), 127 * CHUNK);
        assert_eq!(of(Some(9_000 * 127 * CHUNK + 1)), 254 * CHUNK);
        assert_eq!(of(None), (32 << 20) / CHUNK * CHUNK);
        let small = small_part_size(ChunkSize::DEFAULT, 1, &server).unwrap();
        assert!(small == 15 * CHUNK && small < PROXY_LIMIT);
    }

    #[test]
    fn contradictions_are_errors() {
        let narrow = server(CHUNK + 1, 2 * CHUNK - 1);
        assert!(matches!(
            part_size(ChunkSize::DEFAULT, Some(1), &narrow),
            Err(PutError::PartSize)
        ));
        let store = server(MIN_PART_SIZE, MAX_PART_SIZE);
        assert!(matches!(
            small_part_size(ChunkSize::DEFAULT, 1, &store),
            Err(PutError::PartSize)
        ));
        let many = 15 * CHUNK * 9_999 + 1;
        let store = server(CHUNK, MAX_PART_SIZE);
        assert!(matches!(
            small_part_size(ChunkSize::DEFAULT, many, &store),
            Err(PutError::TooLarge { .. })
        ));
    }
}
