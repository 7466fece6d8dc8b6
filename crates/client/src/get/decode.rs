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
