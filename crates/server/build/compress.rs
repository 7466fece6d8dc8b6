//! Assets compressed once, at build time. Results are kept by the hash of what they were made of, so that a build after a
//! change compresses one file.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Brotli's best.
const BEST: u32 = 11;

/// Files above this length take seconds at their best. They are loaded when they are needed, and not to show a page.
const LARGE: usize = 256 << 10;

/// Brotli's quality for large files while the program is not optimised either: a tenth of the time, a third more bytes.
const LARGE_QUALITY: u32 = 5;

/// Brotli's window, in bits: the largest that every browser takes.
const WINDOW: u32 = 24;

/// Bytes of the encoder's buffer.
const BUFFER: usize = 64 << 10;

/// Returns the quality for a file of `len` bytes in a program that is built with `opt_level`.
pub(crate) fn quality(len: usize, opt_level: &str) -> u32 {
    if len > LARGE && opt_level == "0" {
        LARGE_QUALITY
    } else {
        BEST
    }
}

/// Writes `bytes` as Brotli to `path`, if it is not there.
pub(crate) fn brotli(bytes: &[u8], quality: u32, path: &Path) -> Result<(), String> {
    once(path, || {
        let mut encoder = brotli::CompressorWriter::new(Vec::new(), BUFFER, quality, WINDOW);
        encoder.write_all(bytes)?;
        Ok(encoder.into_inner())
    })
}

/// Writes `bytes` as gzip to `path`, if it is not there.
pub(crate) fn gzip(bytes: &[u8], path: &Path) -> Result<(), String> {
    once(path, || {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes)?;
        encoder.finish()
    })
}

/// Writes what `make` gives to `path`, whole or not at all.
pub(crate) fn once(
    path: &Path,
    make: impl FnOnce() -> std::io::Result<Vec<u8>>,
) -> Result<(), String> {
    if path.exists() {
        return Ok(());
    }
    let half = path.with_extension("half");
    make()
        .and_then(|bytes| fs::write(&half, bytes))
        .and_then(|()| fs::rename(&half, path))
        .map_err(|error| format!("{}: {error}", path.display()))
}
