//! Writes `vectors/`: `cargo run -p onekey-core --example vectors`.
//!
//! Every run writes the same bytes. Vectors of a release never change; a new case is added here, and the
//! test `vectors` compares this program's output with the folder.

use std::path::{Path, PathBuf};
use std::{fs, io};

mod case;
mod compressed_shares;
mod damaged_stream;
mod links;
mod manifest_json;
mod manifest_rules;
mod manifests;
mod numbers;
mod random;
mod seal;
mod shares;
mod stream;
mod texts;

/// Where the vectors are: beside `crates/`, as they belong to every implementation.
pub(crate) fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors")
}

/// Writes every case as `folder/KIND/NAME`, where there must be none, and returns their number.
pub(crate) fn write(folder: &Path) -> io::Result<usize> {
    let cases = [
        stream::cases(),
        damaged_stream::cases(),
        links::cases(),
        texts::cases(),
        numbers::cases(),
        manifests::cases(),
        shares::cases(),
        compressed_shares::cases(),
    ];
    let cases = cases.iter().flatten();
    cases.clone().try_for_each(|case| case.write(folder))?;
    Ok(cases.count())
}

fn main() -> io::Result<()> {
    let folder = vectors();
    // The README stays; cases that are no longer made go.
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    println!("{} cases", write(&folder)?);
    Ok(())
}
