//! T24, T14: what is damaged is exit code 5 and leaves no file; a wrong key is 4 and writes nothing.

use super::*;

/// A header, and a chunk.
const HEADER: usize = 72;
const ENCRYPTED: usize = CHUNK + 28;

#[test]
fn t24_what_is_damaged_leaves_no_file() {
    let home = Home::new();
    let text = home.sealed(10 * CHUNK + 5);
    let sealed = home.read("sealed");
    let flipped = |at: usize| {
        let mut sealed = sealed.clone();
        sealed[at] ^= 1;
        sealed
    };
    let edge = HEADER + 3 * ENCRYPTED;
    let swapped = [
        &sealed[..HEADER],
        &sealed[HEADER + ENCRYPTED..][..ENCRYPTED],
        &sealed[HEADER..][..ENCRYPTED],
        &sealed[HEADER + 2 * ENCRYPTED..],
    ];
    let cases: [(&str, Vec<u8>); 10] = [
        ("cut to nothing", Vec::new()),
        ("cut within the header", sealed[..50].to_vec()),
        ("cut behind the header", sealed[..HEADER].to_vec()),
        ("cut at an edge", sealed[..edge].to_vec()),
        ("cut within a chunk", sealed[..edge + 1000].to_vec()),
        ("cut by a byte", sealed[..sealed.len() - 1].to_vec()),
        ("flipped in the middle", flipped(edge + 100)),
        ("flipped in the last chunk", flipped(sealed.len() - 1)),
        ("swapped", swapped.concat()),
        ("longer", [&sealed[..], b"\n"].concat()),
    ];
    for (what, damaged) in cases {
        home.write("damaged", &damaged);
        for threads in ["1", "3"] {
            let unseal = ["unseal", "-k", "key", "--threads", threads];
            let done = home.run(&[&unseal[..], &["damaged", "-o", "out"]].concat(), b"");
            done.refused(5, "stream");
            assert_eq!(home.names(), ["damaged", "in", "sealed"], "{what}");
            home.write("out", "old");
            let done = home.run(
                &[&unseal[..], &["damaged", "-o", "out", "--force"]].concat(),
                b"",
            );
            done.refused(5, "stream");
            assert_eq!(home.read("out"), b"old", "{what}");
            fs::remove_file(home.path("out")).unwrap();

            // What went down a pipe before is the beginning, and it is said that it is no more.
            let done = home.run(&unseal, &damaged).refused(5, "stream");
            assert!(
                text.starts_with(&done.stdout) && done.stdout.len() < text.len(),
                "{what}"
            );
            assert_eq!(
                done.stderr.contains("not the whole"),
                !done.stdout.is_empty(),
                "{what}"
            );
        }
    }
}

#[test]
fn a_wrong_key_is_4_and_writes_nothing() {
    let home = Home::new();
    home.sealed(3 * CHUNK);
    home.write(
        "other",
        "_____________________________________________w"
            .get(..43)
            .unwrap(),
    );
    home.write("other", "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8\n");
    let done = home
        .run(&["unseal", "-k", "other", "sealed"], b"")
        .refused(4, "wrong key");
    assert!(done.stdout.is_empty());
    home.run(&["unseal", "-k", "other", "sealed", "-o", "out"], b"")
        .refused(4, "wrong key");
    assert_eq!(home.names(), ["in", "other", "sealed"]);
    // A changed header is the same: the commitment does not fit.
    let mut sealed = home.read("sealed");
    sealed[20] ^= 1;
    let done = home
        .run(&["unseal", "-k", "key"], &sealed)
        .refused(4, "header is damaged");
    assert!(done.stdout.is_empty());
}

#[test]
fn what_is_no_stream_is_said_to_be_none() {
    let home = Home::new();
    let words = "not what `onekey seal` writes";
    home.run(&["unseal", "-k", "key"], b"hello")
        .refused(5, words);
    home.run(&["unseal", "-k", "key"], &[b'x'; 1000])
        .refused(5, words);
    home.run(&["unseal", "-k", "key"], b"")
        .refused(5, "ends within its header");
    home.run(&["unseal", "-k", "key"], b"\x89onekey\n")
        .refused(5, "ends within its header");
    let mut later = b"\x89onekey\n\x02".to_vec();
    later.resize(100, 0);
    // It may be sound.
    home.run(&["unseal", "-k", "key"], &later)
        .refused(1, "newer onekey");
    home.run(&["unseal", "-k", "key", "nothing"], b"")
        .refused(1, "no such file");
}
