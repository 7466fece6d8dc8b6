//! Shares with compressed files: what decompression must refuse.

use super::case::Case;
use super::shares::Share;

/// 720 bytes: `one key, one link` and a line end, forty times.
const TEXT_LINE: &str = "one key, one link\n";
const TEXT_LINES: usize = 40;

// Made with Node's zlib from that text, and from 1 MiB of zeros.
const TEXT_BR: &[u8] = include_bytes!("data/text.br");
const TEXT_GZ: &[u8] = include_bytes!("data/text.gz");
const ZEROS_BR: &[u8] = include_bytes!("data/zeros.br");
const ZEROS_GZ: &[u8] = include_bytes!("data/zeros.gz");
/// A window of 26 bits, which is not RFC 7932's.
const LARGE_WINDOW_BR: &[u8] = include_bytes!("data/large_window.br");

pub(crate) fn cases() -> Vec<Case> {
    let content = TEXT_LINE.repeat(TEXT_LINES);
    let content = content.as_bytes();
    let mut cases = Vec::new();
    for (codec, text, zeros) in [("br", TEXT_BR, ZEROS_BR), ("gzip", TEXT_GZ, ZEROS_GZ)] {
        // A sound file stands before it, so that the failing one is known.
        let case = |name: &str, stored: &[u8], size: usize, expect: &str, comment: &str| {
            let share = Share::new(&format!("{codec}_{name}")).text(b"sound");
            let case = share
                .file(Some(codec), stored, size, content)
                .padded()
                .case(expect);
            if comment.is_empty() {
                case
            } else {
                case.with("comment", comment)
            }
        };
        let with_zero = [text, &[0]].concat();
        let twice = [text, text].concat();
        let cut = &text[..text.len() - 1];
        cases.extend([
            case("text", text, content.len(), "ok", ""),
            case(
                "size_too_small",
                text,
                content.len() - 1,
                "file 1 size",
                "it gives one byte more",
            ),
            case(
                "size_too_large",
                text,
                content.len() + 1,
                "file 1 size",
                "it gives one byte less",
            ),
            case(
                "size_zero",
                text,
                0,
                "file 1 size",
                "it gives bytes where none are promised",
            ),
            case(
                "bomb",
                zeros,
                10,
                "file 1 size",
                "1 MiB of zeros: not more than 10 bytes may be written",
            ),
            case(
                "cut",
                cut,
                content.len(),
                "file 1 codec",
                "the compressed stream does not end",
            ),
            case("empty", b"", 0, "file 1 codec", "no stream at all"),
            case(
                "byte_behind",
                &with_zero,
                content.len(),
                "file 1 codec",
                "a byte of `stored` follows the stream",
            ),
            case(
                "twice",
                &twice,
                content.len(),
                "file 1 codec",
                "two streams in one file: a decoder that reads both finds too many bytes",
            ),
            case(
                "not_a_stream",
                b"\xff\xff\xff\xff\xff\xff",
                6,
                "file 1 codec",
                "",
            ),
        ]);
        if codec == "gzip" {
            let mut flipped = text.to_vec();
            flipped[text.len() - 8] ^= 1;
            let comment = "the check sum is wrong";
            cases.push(case(
                "crc_flipped",
                &flipped,
                content.len(),
                "file 1 codec",
                comment,
            ));
        } else {
            let comment = "a window of 26 bits: RFC 7932 ends at 24";
            let stored = LARGE_WINDOW_BR;
            cases.push(case(
                "large_window",
                stored,
                content.len(),
                "file 1 codec",
                comment,
            ));
        }
    }
    let other = |name: &str, codec: &str, stored: &[u8]| {
        Share::new(name)
            .text(b"sound")
            .file(Some(codec), stored, content.len(), content)
            .case("file 1 codec")
    };
    cases.push(other("br_holds_gzip", "br", TEXT_GZ));
    cases.push(other("gzip_holds_br", "gzip", TEXT_BR));
    cases
}
