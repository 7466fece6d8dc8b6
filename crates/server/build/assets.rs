//! Which files are assets: those of the page with a known ending, and the named files of third-party modules.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::files::read;
use super::names::{self, MODULES, Origin, PACKAGES};

/// Assets by name.
pub(crate) type Assets = BTreeMap<String, Vec<u8>>;

/// Returns the assets among the page's own files.
pub(crate) fn own(web: &Path) -> Result<Assets, String> {
    let mut assets = Assets::new();
    walk(web, "", &mut assets)?;
    Ok(assets)
}

/// Returns the named files of the packages in `packages`.
pub(crate) fn third_party(packages: &Path) -> Result<Assets, String> {
    let files = MODULES.iter().map(|module| {
        let bytes = read(&packages.join(module.package).join(module.file))?;
        Ok((module.name.to_owned(), bytes))
    });
    files.collect()
}

fn walk(folder: &Path, prefix: &str, assets: &mut Assets) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let Ok(file_name) = entry.file_name().into_string() else {
            continue;
        };
        let name = format!("{prefix}{file_name}");
        // Not behind symbolic links: what is embedded is in the repository. Packages have no names here, and many files.
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() && file_name != PACKAGES {
            walk(&entry.path(), &format!("{name}/"), assets)?;
        } else if kind.is_file() && matches!(names::origin(&name), Some(Origin::Own)) {
            assets.insert(name, read(&entry.path())?);
        }
    }
    Ok(())
}
