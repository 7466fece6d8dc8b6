//! Zips of more than 4 GiB and of more than 65,535 entries, from the records themselves: no test sends that much. The
//! files are zeros, which no disk stores.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::process::Command;

use crate::zip::run;

#[path = "../../src/direct/zip/records.rs"]
mod records;

use records::{Entry, Written, around, descriptor, directory, header};

const GIB_4: u64 = 1 << 32;

fn entry(name: &str, size: u64) -> Entry {
    Entry {
        name: name.into(),
        size,
        mode: 0o100_644,
        modified: None,
    }
}

/// The checksum of so many zeros, of as many as a test reads.
fn checksum(size: u64) -> u32 {
    crc32fast::hash(&vec![0; size.min(1000) as usize])
}

/// Writes a zip of files of zeros, as long as it must be.
fn write(file: &File, entries: &[Entry]) {
    let mut place = 0;
    let mut written = Vec::new();
    for entry in entries {
        let before = header(entry);
        file.write_all_at(&before, place).unwrap();
        let done = Written::of(entry, place, checksum(entry.size));
        if entry.size > 0 {
            let behind = place + before.len() as u64 + entry.size;
            file.write_all_at(&descriptor(&done), behind).unwrap();
        }
        written.push(done);
        place += around(entry) + entry.size;
    }
    let directory = directory(&written, place);
    file.write_all_at(&directory, place).unwrap();
    assert_eq!(
        file.metadata().unwrap().len(),
        place + directory.len() as u64
    );
}

#[test]
fn t33_sizes_and_places_beyond_4_gib_are_read() {
    let folder = tempfile::tempdir().unwrap();
    // What is read is small; the zeros of the others would take half a minute.
    for (number, read, entries) in [
        // The largest size that needs no wide record, and a place that needs one.
        (0, "b", vec![entry("a", GIB_4 - 2), entry("b", 5)]),
        // All ones mean "look in the wide record". The last one, as unzip 6.0 reads what follows such a file wrong.
        (1, "a", vec![entry("a", 5), entry("b", GIB_4 - 1)]),
        (
            2,
            "b",
            vec![entry("a", GIB_4 + 3), entry("empty", 0), entry("b", 5)],
        ),
    ] {
        let path = folder.path().join(format!("{number}.zip"));
        write(&File::create(&path).unwrap(), &entries);
        let mut unzip = Command::new("unzip");
        let Some(text) = run("unzip_reads", unzip.arg("-tq").arg(&path).arg(read)) else {
            return;
        };
        assert!(text.contains("No errors detected"), "{number}: {text}");
        let mut bsdtar = Command::new("bsdtar");
        if let Some(listed) = run("bsdtar_reads", bsdtar.arg("-tvf").arg(&path)) {
            for entry in &entries {
                let size = format!(" {} ", entry.size);
                assert!(listed.contains(&size), "{number}: {listed}");
            }
        }
    }
}

/// Those programs believe the directory, so nobody else looks at it.
#[test]
fn t33_sizes_behind_a_file_are_wide_from_4_gib_on() {
    let behind = |size| descriptor(&Written::of(&entry("a", size), 0, 7));
    let narrow = [
        &b"PK\x07\x08"[..],
        &7_u32.to_le_bytes(),
        &0xffff_fffe_u32.to_le_bytes(),
        &0xffff_fffe_u32.to_le_bytes(),
    ];
    assert_eq!(behind(GIB_4 - 2), narrow.concat());
    for size in [GIB_4 - 1, GIB_4 + 3] {
        let sizes = [size.to_le_bytes(), size.to_le_bytes()].concat();
        let wide = [&b"PK\x07\x08"[..], &7_u32.to_le_bytes(), &sizes];
        assert_eq!(behind(size), wide.concat());
    }
}

#[test]
fn t33_more_entries_than_16_bits_count_are_read() {
    let folder = tempfile::tempdir().unwrap();
    for count in [65_534, 65_535, 65_536] {
        let path = folder.path().join(format!("{count}.zip"));
        let entries: Vec<Entry> = (0..count)
            .map(|number| entry(&format!("{number}"), 0))
            .collect();
        write(&File::create(&path).unwrap(), &entries);
        let Some(text) = run("unzip_reads", Command::new("unzip").arg("-Z1").arg(&path)) else {
            return;
        };
        assert_eq!(text.lines().count(), count);
        assert_eq!(text.lines().next_back(), Some(&*entries[count - 1].name));
    }
}
