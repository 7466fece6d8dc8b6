//! Brotli, piece by piece.

use brotli::enc::StandardAlloc;
use brotli::enc::encode::{
    BrotliEncoderDestroyInstance, BrotliEncoderOperation, BrotliEncoderParameter,
    BrotliEncoderStateStruct,
};

use super::super::PutError;

/// Brotli's quality: higher ones cost much more time for little.
const QUALITY: u32 = 5;

/// Window of 4 MiB, what every decoder of Brotli expects; the format allows 24 bits.
const WINDOW_BITS: u32 = 22;

/// Bytes that the encoder hands out at once.
const OUTPUT: usize = 64 << 10;

/// What the output depends on beside the input: whoever continues a put must have the same. The last number is for changes
/// of the library's output, and of our rules for what is compressed.
pub(in crate::put) const VERSION: &str = "br-5-22-1";

/// Compresses one file.
pub(super) struct Encoder {
    state: Box<BrotliEncoderStateStruct<StandardAlloc>>,
    output: Box<[u8]>,
    /// Bytes that came out.
    len: u64,
}

impl Encoder {
    /// Begins a file of `size` bytes.
    pub(super) fn new(size: u64) -> Self {
        let mut state = BrotliEncoderStateStruct::new(StandardAlloc::default());
        let hint = u32::try_from(size).unwrap_or(u32::MAX);
        for (parameter, value) in [
            (BrotliEncoderParameter::BROTLI_PARAM_QUALITY, QUALITY),
            (BrotliEncoderParameter::BROTLI_PARAM_LGWIN, WINDOW_BITS),
            (BrotliEncoderParameter::BROTLI_PARAM_LARGE_WINDOW, 0),
            (BrotliEncoderParameter::BROTLI_PARAM_SIZE_HINT, hint),
        ] {
            state.set_parameter(parameter, value);
        }
        Self {
            state: Box::new(state),
            output: vec![0; OUTPUT].into(),
            len: 0,
        }
    }

    /// Returns how many bytes came out so far.
    pub(super) const fn len(&self) -> u64 {
        self.len
    }

    /// Takes the next bytes of the file; adds what comes out to `out`.
    pub(super) fn push(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), PutError> {
        self.run(BrotliEncoderOperation::BROTLI_OPERATION_PROCESS, text, out)
    }

    /// Ends the file; adds the rest to `out`.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), PutError> {
        self.run(BrotliEncoderOperation::BROTLI_OPERATION_FINISH, &[], out)
    }

    fn run(
        &mut self,
        operation: BrotliEncoderOperation,
        text: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), PutError> {
        let (mut available_in, mut input_offset) = (text.len(), 0);
        let is_finish = matches!(operation, BrotliEncoderOperation::BROTLI_OPERATION_FINISH);
        loop {
            let (mut available_out, mut output_offset) = (self.output.len(), 0);
            let sound = self.state.compress_stream(
                operation,
                &mut available_in,
                text,
                &mut input_offset,
                &mut available_out,
                &mut self.output,
                &mut output_offset,
                &mut None,
                &mut |_, _, _, _| (),
            );
            if !sound {
                return Err(PutError::Compression);
            }
            out.extend_from_slice(&self.output[..output_offset]);
            self.len += output_offset as u64;
            let is_done = if is_finish {
                self.state.is_finished()
            } else {
                available_in == 0 && !self.state.has_more_output()
            };
            if is_done {
                return Ok(());
            }
        }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        BrotliEncoderDestroyInstance(&mut self.state);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Read;

    use onekey_core::base64url;
    use sha2::{Digest, Sha256};

    use super::*;

    /// Compresses in pieces of `piece` bytes, as if it were a part of a file of `size` bytes.
    fn compressed(text: &[u8], size: u64, piece: usize) -> Vec<u8> {
        let mut encoder = Encoder::new(size);
        let mut out = Vec::new();
        for piece in text.chunks(piece) {
            encoder.push(piece, &mut out).unwrap();
        }
        encoder.finish(&mut out).unwrap();
        assert_eq!(encoder.len(), out.len() as u64);
        out
    }

    /// Text that has words again and again, but never whole sentences.
    pub(in crate::put::compress) fn prose(len: usize) -> Vec<u8> {
        const WORDS: [&str; 8] = [
            "share ", "link ", "key ", "of ", "the ", "part ", "is ", "a\n",
        ];
        let mut state = 7_u64;
        let mut text = Vec::with_capacity(len + 8);
        while text.len() < len {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            text.extend_from_slice(WORDS[(state >> 61) as usize].as_bytes());
        }
        text.truncate(len);
        text
    }

    /// The encoder works in another way from each of these on.
    const SIZES: [u64; 3] = [1 << 10, 2 << 20, 5 << 20];

    #[test]
    fn every_length_comes_back() {
        for size in SIZES {
            for len in [0, 1, 255, 256, 65_535, 65_536, 300_001] {
                let text = prose(len);
                let stream = compressed(&text, size, 256 << 10);
                let mut back = Vec::new();
                let mut decoder = brotli_decompressor::Decompressor::new(&stream[..], 4096);
                decoder.read_to_end(&mut back).unwrap();
                assert!(back == text, "{len}");
            }
        }
    }

    /// Else a resumed put would not find its own bytes again.
    #[test]
    fn the_output_does_not_depend_on_the_pieces() {
        let text = prose(300_001);
        for size in SIZES {
            let whole = compressed(&text, size, text.len());
            for piece in [1 << 10, 65_537] {
                assert!(compressed(&text, size, piece) == whole, "{piece}");
            }
        }
    }

    /// RFC 7932, section 9.1: the stream's first bits tell the window. Large windows begin with 0x11.
    #[test]
    fn the_window_has_22_bits() {
        for size in SIZES {
            let first = compressed(&prose(1000), size, 1000)[0];
            assert_eq!(first & 0x0f, 0b1011, "{size}");
        }
    }

    /// When this fails, the library compresses differently: raise the last number of `VERSION`, then change the digest.
    #[test]
    fn the_output_is_the_one_that_the_version_stands_for() {
        assert_eq!(VERSION, format!("br-{QUALITY}-{WINDOW_BITS}-1"));
        let mut digest = Sha256::new();
        for size in SIZES {
            digest.update(compressed(&prose(300_000), size, 256 << 10));
        }
        let digest = base64url::encode(&digest.finalize());
        assert_eq!(digest, "3klLDn56KL3rp52btHLdt9YxMTkhSPgIQlS5g-ZarAA");
    }
}
