//! A server's disk that changed a bit (T14).

use std::fs;
use std::path::{Path, PathBuf};

use onekey_server::Config;

use crate::harness::World;

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn a_changed_bit_is_5_and_leaves_no_file() {
    let data = tempfile::tempdir().unwrap();
    let world = World::with(Config::in_folder(data.path()));
    // Random enough not to be compressed, and several chunks long.
    let content: Vec<u8> = (0..300_000_u32)
        .flat_map(|x| x.wrapping_mul(2_654_435_761).to_be_bytes())
        .collect();
    world.file("a.bin", &content);
    let share = world.put(&["a.bin"]);

    let blobs = files_in(&data.path().join("blobs"));
    let is_payload = |path: &&PathBuf| fs::metadata(path).unwrap().len() > 1_000_000;
    let payload = blobs.iter().find(is_payload).unwrap();
    let mut bytes = fs::read(payload).unwrap();
    bytes[800_000] ^= 1;
    fs::write(payload, bytes).unwrap();

    fs::create_dir(world.path("out")).unwrap();
    for arguments in [&["get", "-o", "out"][..], &["get", "-o", "out/b.bin"]] {
        world.run(arguments, &share.link).refused(5, "damaged");
    }
    assert_eq!(files_in(&world.path("out")), Vec::<PathBuf>::new());

    // What went down the pipe before is the file's start, and the exit code says that it ends there.
    let output = world
        .command(&["get", "-o", "-", &share.link])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(content.starts_with(&output.stdout));
}
