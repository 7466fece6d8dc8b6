//! Runs every vector of `vectors/` (its README says the grammar), and makes them anew.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

mod links;
mod manifests;
mod shares;
mod streams;
mod texts;
mod vector;
mod words;

// The generator's `main` is the example's.
#[allow(dead_code)]
#[path = "../../examples/vectors/main.rs"]
mod generator;

use vector::Vector;

/// Fewer would mean that the folder was not found whole.
const MIN_CASES: usize = 500;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(
                fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
    }
    files.sort();
    files
}

#[test]
fn every_vector() {
    let mut ran = BTreeMap::<String, usize>::new();
    let mut failures = Vec::new();
    for path in files(&generator::vectors()) {
        let vector = Vector::read(&path);
        let run: fn(&Vector) -> String = match vector.get("kind") {
            "base64url" => texts::base64url,
            "envelope" => links::envelope,
            "label" => links::label,
            "link" => texts::link,
            "manage-link" => texts::manage_link,
            "manifest" => manifests::sealed,
            "manifest-json" => manifests::json,
            "owner-envelope" => links::owner_envelope,
            "padding" => texts::padding,
            "password" => links::password,
            "share" => shares::share,
            "size" => texts::size,
            "stream" => streams::stream,
            // A later version's.
            _ => continue,
        };
        let (result, expected) = (run(&vector), vector.get("expect"));
        if result != expected {
            failures.push(format!("{}: {result}, and not {expected}", vector.name));
        }
        *ran.entry(vector.get("kind").to_owned()).or_default() += 1;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(ran.len(), 13, "kinds that ran: {ran:?}");
    let cases: usize = ran.values().sum();
    assert!(cases >= MIN_CASES, "only {cases} cases ran: {ran:?}");
}

#[test]
fn the_generator_writes_the_same_bytes_again() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vectors");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    let written = generator::write(&folder).unwrap();
    let relative = |root: &Path| {
        let mut paths = files(root);
        for path in &mut paths {
            *path = path.strip_prefix(root).unwrap().to_owned();
        }
        paths
    };
    let paths = relative(&folder);
    assert_eq!(paths.len(), written);
    assert_eq!(
        paths,
        relative(&generator::vectors()),
        "run the example `vectors`"
    );
    for path in paths {
        let again = fs::read(folder.join(&path)).unwrap();
        let kept = fs::read(generator::vectors().join(&path)).unwrap();
        assert!(again == kept, "{} changed", path.display());
    }
}

#[test]
fn vectors_are_small() {
    for path in files(&generator::vectors()) {
        let len = fs::metadata(&path).unwrap().len();
        assert!(len < 80 << 10, "{} has {len} bytes", path.display());
    }
}
