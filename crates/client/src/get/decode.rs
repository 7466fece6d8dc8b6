//! A file's stored bytes become the file: as they are, or decompressed.
//!
//! Nothing is trusted about a compressed stream: no output beyond the manifest's `size` is handed on, and a stream
//! that is shorter, longer or goes on behind its end is refused.

use std::io::{self, Write};

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use flate2::write::GzDecoder;
use onekey_core::manifest::{Codec, File};

use crate::error::{DamageError, GetError};

/// Takes pieces of a file.
pub(super) type Output<'o> = &'o mut dyn FnMut(&[u8]) -> Result<(), GetError>;

/// Bytes that the Brotli decoder hands out at once.
const BROTLI_OUTPUT: usize = 64 << 10;

/// Bytes that the gzip decoder takes at once: deflate grows at most about a thousandfold, so 4 MiB come out.
const GZIP_INPUT: usize = 4 << 10;

type Brotli = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

/// Decodes one file.
pub(super) struct Decoder {
    index: usize,
    /// Bytes that may still come out.
    left: u64,
    stream: Stream,
}

enum Stream {
    Stored,
    Brotli {
        state: Box<Brotli>,
        output: Box<[u8]>,
        ended: bool,
    },
    Gzip(Box<GzDecoder<Vec<u8>>>),
}

impl Decoder {
    /// Begins file `index` of the manifest.
    pub(super) fn new(index: usize, file: &File) -> Self {
        let stream = match file.codec {
            None => Stream::Stored,
            Some(Codec::Brotli) => Stream::Brotli {
                // Strict: RFC 7932 has windows of at most 24 bits, the large ones are an extension.
                state: Box::new(BrotliState::new_strict(
                    StandardAlloc::default(),
                    StandardAlloc::default(),
                    StandardAlloc::default(),
                )),
                output: vec![0; BROTLI_OUTPUT].into(),
                ended: false,
            },
            Some(Codec::Gzip) => Stream::Gzip(Box::new(GzDecoder::new(Vec::new()))),
        };
        Self {
            index,
            left: file.size,
            stream,
        }
    }

    /// Takes the next stored bytes and gives what they decode to.
    pub(super) fn push(&mut self, stored: &[u8], out: Output<'_>) -> Result<(), GetError> {
        let codec = DamageError::Codec { index: self.index };
        let mut limit = Limit {
            index: self.index,
            left: &mut self.left,
            out,
        };
        match &mut self.stream {
            Stream::Stored => limit.write(stored),
            Stream::Brotli {
                state,
                output,
                ended,
            } => {
                if *ended && !stored.is_empty() {
                    return Err(codec.into());
                }
                *ended = brotli(state, stored, output, &mut limit, codec)?;
                Ok(())
            }
            Stream::Gzip(decoder) => {
                for piece in stored.chunks(GZIP_INPUT) {
                    // Bytes behind the member are not taken, which is an error.
                    decoder.write_all(piece).map_err(|_| codec)?;
                    limit.write(decoder.get_ref())?;
                    decoder.get_mut().clear();
                }
                Ok(())
            }
        }
    }

    /// Ends the file: its stream must be complete and have given every byte.
    pub(super) fn finish(mut self, out: Output<'_>) -> Result<(), GetError> {
        let codec = DamageError::Codec { index: self.index };
        match self.stream {
            Stream::Stored | Stream::Brotli { ended: true, .. } => {}
            Stream::Brotli { .. } => return Err(codec.into()),
            Stream::Gzip(mut decoder) => {
                // Also compares checksum and length.
                decoder.try_finish().map_err(|_: io::Error| codec)?;
                let mut limit = Limit {
                    index: self.index,
                    left: &mut self.left,
                    out,
                };
                limit.write(decoder.get_ref())?;
            }
        }
        if self.left > 0 {
            return Err(DamageError::DecodedSize { index: self.index }.into());
        }
        Ok(())
    }
}

/// Passes on at most the file's size.
struct Limit<'l> {
    index: usize,
    left: &'l mut u64,
    out: Output<'l>,
}

impl Limit<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), GetError> {
        let index = self.index;
        *self.left = self
            .left
            .checked_sub(bytes.len() as u64)
            .ok_or(DamageError::DecodedSize { index })?;
        if bytes.is_empty() {
            return Ok(());
        }
        (self.out)(bytes)
    }
}

/// Feeds `stored` to the decoder. Returns whether the stream ended.
fn brotli(
    state: &mut Brotli,
    stored: &[u8],
    output: &mut [u8],
    limit: &mut Limit<'_>,
    codec: DamageError,
) -> Result<bool, GetError> {
    let (mut available_in, mut input_offset, mut total_out) = (stored.len(), 0, 0);
    loop {
        let (mut available_out, mut output_offset) = (output.len(), 0);
        let result = BrotliDecompressStream(
            &mut available_in,
            &mut input_offset,
            stored,
            &mut available_out,
            &mut output_offset,
            output,
            &mut total_out,
            state,
        );
        limit.write(&output[..output_offset])?;
        match result {
            BrotliResult::NeedsMoreOutput => {}
            BrotliResult::NeedsMoreInput => return Ok(false),
            BrotliResult::ResultSuccess if available_in == 0 => return Ok(true),
            BrotliResult::ResultSuccess | BrotliResult::ResultFailure => return Err(codec.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    /// `hello hello hello hello onekey` and a line feed, four times, by Node's Brotli.
    const BROTLI: &[u8] = b"\x1b\x7b\x00\xf8\x1d\x09\x36\x4e\x76\x6d\x9e\x89\x62\x85\xe6\xd6\x65\x6f\x6c\
        \x0a\x1b\x64\x8d\x2d\x4f\xd3\x32\xcc\x31\xf3\xe8\x00\x0e\xe0\xc0\x05\x83\x1e\xb2\xf4\x12\xfa\x01";
    /// 64 MiB of zeros.
    const BROTLI_BOMB: &str = "cbffff3ff82700e2b14020f7fe8fffff7ff04f00c4611180eefd1fffffffe09f0088c\
        30200ddfb3ffeffffc13f0110870500baf77ffcffff837f02200e0b0074effff8ffff07ff04401c1600e8defff1f\
        fff0ffe0980382c00d0bdffcbffff3ffc1300715800a07bff07";

    fn text() -> Vec<u8> {
        b"hello hello hello hello onekey\n".repeat(4)
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn hex(text: &str) -> Vec<u8> {
        let digits = text.as_bytes().chunks(2);
        let byte = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16);
        digits.map(|two| byte(two).unwrap()).collect()
    }

    /// Decodes in pieces, and tells what came out also when it fails.
    fn decode(
        codec: Option<Codec>,
        size: usize,
        stored: &[u8],
        piece: usize,
    ) -> (Vec<u8>, Result<(), GetError>) {
        let file = File {
            size: size as u64,
            codec,
            ..File::default()
        };
        let mut decoder = Decoder::new(7, &file);
        let mut written = Vec::new();
        let mut out = |bytes: &[u8]| {
            written.extend_from_slice(bytes);
            Ok(())
        };
        let run = || {
            for piece in stored.chunks(piece) {
                decoder.push(piece, &mut out)?;
            }
            decoder.finish(&mut out)
        };
        let result = run();
        (written, result)
    }

    fn cases() -> [(Option<Codec>, Vec<u8>); 3] {
        [
            (None, text()),
            (Some(Codec::Brotli), BROTLI.to_vec()),
            (Some(Codec::Gzip), gzip(&text())),
        ]
    }

    #[test]
    fn streams_decode_from_pieces_of_any_length() {
        for (codec, stored) in cases() {
            for piece in 1..=stored.len() {
                let (written, result) = decode(codec, text().len(), &stored, piece);
                result.unwrap();
                assert_eq!(written, text());
            }
        }
    }

    #[test]
    fn empty_files_decode() {
        for (codec, stored) in [
            (None, Vec::new()),
            (Some(Codec::Brotli), vec![0x3b]),
            (Some(Codec::Gzip), gzip(b"")),
        ] {
            decode(codec, 0, &stored, 1).1.unwrap();
        }
    }

    #[test]
    fn another_size_than_the_manifest_says_is_refused() {
        let len = text().len();
        for (codec, stored) in cases() {
            for size in [0, 1, len - 1, len + 1, usize::MAX >> 12] {
                for piece in [1, 5, 1000] {
                    let (written, result) = decode(codec, size, &stored, piece);
                    let error = result.unwrap_err();
                    let expected = DamageError::DecodedSize { index: 7 };
                    assert!(matches!(error, GetError::Damaged(damage) if damage == expected));
                    assert!(written.len() <= size);
                }
            }
        }
    }

    #[test]
    fn streams_that_are_cut_or_go_on_are_refused() {
        for (codec, stored) in cases() {
            if codec.is_none() {
                continue;
            }
            let broken = |stored: &[u8], piece| {
                let (_, result) = decode(codec, text().len(), stored, piece);
                assert!(
                    matches!(result, Err(GetError::Damaged(_))),
                    "{codec:?} {} {piece}",
                    stored.len()
                );
            };
            for piece in [1, 3, 1000] {
                for len in 0..stored.len() {
                    broken(&stored[..len], piece);
                }
                // One more byte, zeros, another stream.
                for more in [&[0][..], &[0; 100], &stored] {
                    broken(&[&stored, more].concat(), piece);
                }
            }
        }
    }

    #[test]
    fn a_changed_byte_is_refused_or_changes_nothing() {
        let stored = gzip(&text());
        // Behind the header, whose time and system mean nothing.
        for at in 10..stored.len() {
            let mut changed = stored.clone();
            changed[at] ^= 1;
            let (_, result) = decode(Some(Codec::Gzip), text().len(), &changed, 1000);
            assert!(result.is_err(), "{at}");
        }
    }

    #[test]
    fn bombs_stop_at_the_size() {
        let gzip = gzip(&vec![0; 64 << 20]);
        for (codec, stored) in [(Codec::Brotli, hex(BROTLI_BOMB)), (Codec::Gzip, gzip)] {
            let (written, result) = decode(Some(codec), 1000, &stored, stored.len());
            assert!(result.is_err());
            assert!(written.len() <= 1000);
            let (written, result) = decode(Some(codec), 64 << 20, &stored, stored.len());
            result.unwrap();
            assert_eq!(written.len(), 64 << 20);
        }
    }

    #[test]
    fn brotli_with_a_large_window_is_refused() {
        let large = hex(
            "115cec01e07724d838d9b579268a159a5b97bdb1296c9035b63c4dcb30c7cca30370000eb8c0a0872cbd847e",
        );
        let (_, result) = decode(Some(Codec::Brotli), text().len(), &large, 1000);
        assert!(matches!(
            result,
            Err(GetError::Damaged(DamageError::Codec { index: 7 }))
        ));
        // 24 bits are allowed.
        let widest = [&[0x1f], &BROTLI[1..]].concat();
        decode(Some(Codec::Brotli), text().len(), &widest, 1000)
            .1
            .unwrap();
    }
}
