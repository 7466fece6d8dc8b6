//! The page in a folder, for whoever writes it: a reload shows the change. Nothing outside the folder is read,
//! whatever the address says and whatever links lie in it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::imports;
use super::names::{self, Origin, PACKAGES};

/// Most bytes of one file: sixteen times the largest of today. Another is not of the page.
const MAX_FILE: u64 = 16 << 20;

/// Returns the asset `name` of the page in `root`.
pub(super) fn asset(root: &Path, name: &str) -> Option<Vec<u8>> {
    match names::origin(name)? {
        // The packages may lie elsewhere, behind a link by this one name.
        Origin::Module(module) => {
            let within = Path::new(module.package).join(module.file);
            read(&root.join(PACKAGES), &within)
        }
        Origin::Own => read(root, Path::new(name)),
    }
}

/// Returns a text with placeholders, and the modules that it needs at once: none if one of them is missing, as the browser
/// then says so.
pub(super) fn template(root: &Path, file: &str) -> Option<(String, Vec<String>)> {
    let text = String::from_utf8(read(root, Path::new(file))?).ok()?;
    let module = |name: &str| String::from_utf8(asset(root, name)?).ok();
    let preload = imports::entry(&text).and_then(|entry| imports::graph(entry, module).ok());
    Some((text, preload.unwrap_or_default()))
}

/// Reads a file that lies in `root` when all links are followed.
fn read(root: &Path, file: &Path) -> Option<Vec<u8>> {
    let root = root.canonicalize().ok()?;
    let path = root.join(file).canonicalize().ok()?;
    if !path.starts_with(&root) || !path.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MAX_FILE).then_some(bytes)
}
