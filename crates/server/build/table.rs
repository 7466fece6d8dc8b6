//! The table that the program includes: every asset in its encodings, every text with the modules that it needs at once,
//! and the name of the assets' folder.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::assets::Assets;
use super::names::SERVICE_WORKER;
use super::{compress, imports, policy};

/// Texts that are not assets: they have fixed names and hold the address of the assets.
const TEMPLATES: [&str; 8] = [
    "html/escaped.html",
    "html/manage.html",
    "html/open.html",
    "html/send.html",
    "html/tools.html",
    "html/upload-form.html",
    "html/upload.html",
    SERVICE_WORKER,
];

/// Hexadecimal digits of the folder's name: 128 bits.
const FOLDER_DIGITS: usize = 32;

/// Writes `web.rs` and the files that it names into `out`.
pub(crate) fn write(web: &Path, assets: &Assets, out: &Path) -> Result<(), String> {
    let folder = out.join("web");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // A build script cannot ask how it is itself built; the program says how much its builder wants to wait.
    let opt_level = std::env::var("OPT_LEVEL").unwrap_or_default();
    let mut kept = BTreeSet::new();
    let mut keep = |bytes: &[u8]| -> Result<String, String> {
        let name = hex(&Sha256::digest(bytes));
        compress::once(&folder.join(&name), || Ok(bytes.to_vec()))?;
        kept.insert(name.clone());
        Ok(name)
    };

    let mut table = format!(
        "/// Names the folder of the assets.\npub(super) const FOLDER: &str = {:?};\n\n\
         static ASSETS: &[Embedded] = &[\n",
        folder_name(assets)
    );
    for (name, bytes) in assets {
        let file = keep(bytes)?;
        let quality = compress::quality(bytes.len(), &opt_level);
        let (brotli, gzip) = (format!("{file}.{quality}.br"), format!("{file}.gz"));
        compress::brotli(bytes, quality, &folder.join(&brotli))?;
        compress::gzip(bytes, &folder.join(&gzip))?;
        let _ = writeln!(
            table,
            "    Embedded {{ name: {name:?}, identity: {}, brotli: {}, gzip: {} }},",
            include("bytes", &file),
            include("bytes", &brotli),
            include("bytes", &gzip),
        );
    }
    table.push_str("];\n\nstatic TEMPLATES: &[Template] = &[\n");
    for template in TEMPLATES {
        let path = web.join(template);
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = keep(text.as_bytes())?;
        let _ = writeln!(
            table,
            "    Template {{ file: {template:?}, text: {}, preload: &{:?} }},",
            include("str", &file),
            preload(&text, assets).map_err(|error| format!("{template}: {error}"))?,
        );
    }
    table.push_str("];\n");
    fs::write(out.join("web.rs"), table).map_err(|error| format!("web.rs: {error}"))?;
    remove_others(&folder, &kept);
    Ok(())
}

/// Returns the modules that a page needs at once, but the one that it names itself.
fn preload(text: &str, assets: &Assets) -> Result<Vec<String>, String> {
    let read = |name: &str| String::from_utf8(assets.get(name)?.clone()).ok();
    imports::entry(text).map_or(Ok(Vec::new()), |entry| imports::graph(entry, read))
}

/// Returns the hash of all that caches keep: names, bytes, and the fields that go with them.
fn folder_name(assets: &Assets) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in assets {
        for part in [name.as_bytes(), policy::of_asset(name).as_bytes(), bytes] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    let mut digits = hex(&hash.finalize());
    digits.truncate(FOLDER_DIGITS);
    digits
}

fn include(kind: &str, file: &str) -> String {
    format!("include_{kind}!(concat!(env!(\"OUT_DIR\"), \"/web/{file}\"))")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Removes what earlier builds left; if that fails, it only takes space.
fn remove_others(folder: &Path, kept: &BTreeSet<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let of = name.split('.').next().unwrap_or_default();
        if !kept.contains(of) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
