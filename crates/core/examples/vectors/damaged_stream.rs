//! Standalone streams that are damaged: one cause each.

use onekey_core::cipher::Suite;
use onekey_core::header::HEADER_LEN;
use onekey_core::size::ChunkSize;

use super::case::{Case, hex};
use super::random::Counter;
use super::stream::{C, SUITES, Stream};

const E: usize = C + 28;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = headers();
    for (suite, prefix) in SUITES {
        cases.extend(cuts(suite, prefix));
        cases.extend(chunks(suite, prefix));
        cases.extend(flags(suite, prefix));
    }
    cases
}

/// Three full chunks and one of 7 bytes.
fn stream(name: &str, suite: Suite) -> Stream {
    Stream::new(name, suite, ChunkSize::MIN, 3 * C + 7)
}

fn headers() -> Vec<Case> {
    let suite = Suite::Aes256Gcm;
    let changed = |name: &str, expect: &str, comment: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let stream = Stream::new(name, suite, ChunkSize::MIN, 5);
        let mut bytes = stream.bytes();
        change(&mut bytes);
        stream
            .case(name, expect, 0)
            .with("comment", comment)
            .body(bytes)
    };
    let byte = |name: &str, expect: &str, at: usize, to: u8| {
        let comment = format!("byte {at} of the header is {to}");
        changed(name, expect, &comment, &|bytes| bytes[at] = to)
    };
    let mut cases = vec![
        byte("header_magic_first", "header magic", 0, 0x88),
        byte("header_magic_last", "header magic", 7, b'\r'),
        byte("header_version_0", "header version", 8, 0),
        byte("header_version_2", "header version", 8, 2),
        byte("header_suite_0", "header suite", 9, 0),
        byte("header_suite_3", "header suite", 9, 3),
        byte("header_exponent_0", "header exponent", 10, 0),
        byte("header_exponent_9", "header exponent", 10, 9),
        byte("header_exponent_23", "header exponent", 10, 23),
        byte("header_exponent_64", "header exponent", 10, 64),
        byte("header_exponent_255", "header exponent", 10, 255),
        // Each of these is a sound header of another container.
        byte("header_suite_changed", "wrong-key", 9, 2),
        byte("header_exponent_changed", "wrong-key", 10, 11),
        changed("header_alone", "truncated", "no chunk follows", &|bytes| {
            bytes.truncate(HEADER_LEN);
        }),
        changed(
            "empty_file",
            "header truncated",
            "no byte at all",
            &Vec::clear,
        ),
        changed(
            "header_short",
            "header truncated",
            "one byte is missing",
            &|bytes| {
                bytes.truncate(HEADER_LEN - 1);
            },
        ),
        changed(
            "header_magic_alone",
            "header truncated",
            "8 bytes",
            &|bytes| {
                bytes.truncate(8);
            },
        ),
        changed(
            "wrong_key",
            "wrong-key",
            "the file is sound, the key is another",
            &|_| {},
        )
        .replace("share-key", hex(&Counter::new("another").bytes::<32>())),
    ];
    for at in 11..16 {
        cases.push(byte(
            &format!("header_reserved_{at}"),
            "header reserved",
            at,
            1,
        ));
    }
    for (name, at) in [
        ("salt_first", 16),
        ("salt_last", 39),
        ("commitment_first", 40),
    ] {
        let comment = format!("bit 0 of byte {at} is flipped");
        cases.push(changed(
            &format!("header_{name}"),
            "wrong-key",
            &comment,
            &|bytes| {
                bytes[at] ^= 1;
            },
        ));
    }
    let comment = "bit 7 of byte 71 is flipped: every byte is compared";
    cases.push(changed(
        "header_commitment_last",
        "wrong-key",
        comment,
        &|bytes| {
            bytes[71] ^= 0x80;
        },
    ));
    cases
}

/// T24.
fn cuts(suite: Suite, prefix: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let ends = (0..4).map(|chunk| (format!("chunk_{chunk}"), chunk * E));
    for (place, edge) in ends.chain([("the_end".to_owned(), 3 * E + 35)]) {
        for (near, cut) in [
            ("before", edge.wrapping_sub(1)),
            ("at", edge),
            ("behind", edge + 1),
        ] {
            if cut >= 3 * E + 35 {
                continue;
            }
            let name = format!("{prefix}_cut_{near}_{place}");
            let stream = stream(&name, suite);
            let (whole, left) = (cut / E, cut % E);
            let expect = if left < 28 {
                "truncated".to_owned()
            } else {
                format!("chunk {whole}")
            };
            let mut bytes = stream.bytes();
            bytes.truncate(HEADER_LEN + cut);
            cases.push(
                stream
                    .case(&name, &expect, whole * C)
                    .with("comment", format!("the payload is cut to {cut} bytes"))
                    .body(bytes),
            );
        }
    }
    let name = format!("{prefix}_cut_empty_last_chunk");
    let mut stream = Stream::new(&name, suite, ChunkSize::MIN, 2 * C);
    stream.chunks.pop();
    let comment = "all plaintext is there, the empty last chunk is not";
    cases.push(
        stream
            .case(&name, "truncated", 2 * C)
            .with("comment", comment),
    );
    cases
}

fn chunks(suite: Suite, prefix: &str) -> Vec<Case> {
    let changed = |name: &str, failing: usize, change: &dyn Fn(&mut Stream)| {
        let name = format!("{prefix}_{name}");
        let mut stream = stream(&name, suite);
        change(&mut stream);
        stream.case(&name, &format!("chunk {failing}"), failing * C)
    };
    vec![
        changed("chunk_dropped_first", 0, &|s| drop(s.chunks.remove(0))),
        changed("chunk_dropped_middle", 1, &|s| drop(s.chunks.remove(1))),
        changed("chunk_dropped_before_last", 2, &|s| {
            drop(s.chunks.remove(2))
        }),
        changed("chunk_swapped", 0, &|s| s.chunks.swap(0, 1)),
        changed("chunk_repeated", 1, &|s| {
            s.chunks.insert(1, s.chunks[0].clone())
        }),
        changed("chunk_inserted", 1, &|s| {
            let foreign = stream("foreign", suite).chunks.swap_remove(1);
            s.chunks.insert(1, foreign);
        })
        .with("comment", "a chunk of another stream"),
        changed("chunk_replaced", 1, &|s| {
            s.chunks[1] = stream("foreign", suite).chunks.swap_remove(1)
        })
        .with("comment", "the chunk at the same place of another stream"),
        changed("chunk_appended", 3, &|s| s.chunks.push(s.chunks[0].clone())),
        changed("last_chunk_repeated", 3, &|s| {
            s.chunks.push(s.chunks[3].clone())
        }),
        changed("byte_appended", 3, &|s| s.chunks.push(vec![0])),
        changed("bytes_appended", 3, &|s| s.chunks.push(vec![0; 28])),
        changed("nonce_flipped", 1, &|s| s.chunks[1][0] ^= 1),
        changed("text_flipped_first", 1, &|s| s.chunks[1][12] ^= 1),
        changed("text_flipped_last", 1, &|s| s.chunks[1][12 + C - 1] ^= 0x80),
        changed("tag_flipped_first", 1, &|s| s.chunks[1][12 + C] ^= 1),
        changed("tag_flipped_last", 1, &|s| s.chunks[1][E - 1] ^= 0x80),
        changed("last_chunk_flipped", 3, &|s| s.chunks[3][12] ^= 1),
    ]
}

fn flags(suite: Suite, prefix: &str) -> Vec<Case> {
    let case = |name: &str,
                len: usize,
                expect: &str,
                released: usize,
                comment: &str,
                change: &dyn Fn(&mut Stream)| {
        let name = format!("{prefix}_{name}");
        let mut stream = Stream::new(&name, suite, ChunkSize::MIN, len);
        change(&mut stream);
        stream
            .case(&name, expect, released)
            .with("comment", comment)
    };
    vec![
        case(
            "last_flag_on_first",
            3 * C + 7,
            "chunk 0",
            0,
            "chunk 0 of 4 is encrypted with last = 1",
            &|s| {
                s.chunks[0] = s.chunk(0, 0, true);
            },
        ),
        case(
            "last_flag_missing",
            3 * C + 7,
            "chunk 3",
            3 * C,
            "the last chunk is encrypted with last = 0",
            &|s| {
                s.chunks[3] = s.chunk(3, 3, false);
            },
        ),
        case(
            "last_chunk_full",
            C,
            "chunk 0",
            0,
            "a full chunk with last = 1 and nothing behind it",
            &|s| {
                s.chunks = vec![s.chunk(0, 0, true)];
            },
        ),
        case(
            "last_chunk_full_then_empty",
            C,
            "chunk 0",
            0,
            "a full chunk with last = 1, then an empty last one",
            &|s| {
                s.chunks[0] = s.chunk(0, 0, true);
            },
        ),
        case(
            "index_from_one",
            C + 1,
            "chunk 0",
            0,
            "a writer that counts from 1",
            &|s| {
                s.chunks = vec![s.chunk(0, 1, false), s.chunk(1, 2, true)];
            },
        ),
        case(
            "index_repeated",
            C + 1,
            "chunk 1",
            C,
            "both chunks are encrypted as chunk 0",
            &|s| {
                s.chunks[1] = s.chunk(1, 0, true);
            },
        ),
    ]
}
