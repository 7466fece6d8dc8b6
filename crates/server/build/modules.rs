//! Where third-party modules come from: npm, in a copy of the lock under `OUT_DIR`, or a folder that somebody filled.
//! Either way they are of the versions that the lock names.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::files::{read, write};
use super::names::{MODULES, PACKAGES};

/// Names a folder of packages, in the place of npm.
pub(crate) const FOLDER_VARIABLE: &str = "ONEKEY_WEB_MODULES";

/// What npm reads.
const NPM_FILES: [&str; 3] = [".npmrc", "package-lock.json", "package.json"];

/// Names versions and digests of packages.
const LOCK: &str = "package-lock.json";

/// Written when npm is done: what it did it for.
const STAMP: &str = "onekey-installed";

/// Longest wait for one answer of the registry, in milliseconds, which npm tries three times: the packages are small.
const FETCH_TIMEOUT: &str = "--fetch-timeout=60000";

/// What to do where npm does not work.
const WAYS_OUT: &str = "There are three ways on:\n\
    1. install npm (Debian: apt-get install npm) and build again; it fetches three small packages once\n\
    2. ONEKEY_WEB_MODULES=DIR, an absolute path of a folder that holds brotli-wasm/, client-zip/ and uqr/ as npm unpacks them\n\
    3. --no-default-features, which builds the server without its page: the API alone";

/// Returns the folder of packages that `npm` installs into `into` by the lock in `web`, unless it did so before.
pub(crate) fn installed(npm: &OsStr, web: &Path, into: &Path) -> Result<PathBuf, String> {
    let mut wanted = Vec::new();
    fs::create_dir_all(into).map_err(|error| format!("{}: {error}", into.display()))?;
    for file in NPM_FILES {
        let bytes = read(&web.join(file))?;
        write(&into.join(file), &bytes)?;
        wanted.extend(bytes);
    }
    let (stamp, packages) = (into.join(STAMP), into.join(PACKAGES));
    let current = fs::read(&stamp).is_ok_and(|done| done == wanted);
    if current && check(web, &packages).is_ok() {
        return Ok(packages);
    }
    run(npm, into)?;
    check(web, &packages)?;
    write(&stamp, &wanted)?;
    Ok(packages)
}

/// Returns `folder`, which somebody filled with packages.
pub(crate) fn given(web: &Path, folder: PathBuf) -> Result<PathBuf, String> {
    if !folder.is_absolute() {
        return Err(format!(
            "{FOLDER_VARIABLE} must be an absolute path: {}",
            folder.display()
        ));
    }
    check(web, &folder).map_err(|error| format!("{FOLDER_VARIABLE}: {error}"))?;
    for module in &MODULES {
        let package = folder.join(module.package);
        for file in ["package.json", module.file] {
            println!("cargo::rerun-if-changed={}", package.join(file).display());
        }
    }
    Ok(folder)
}

fn run(npm: &OsStr, into: &Path) -> Result<(), String> {
    // No script of a package runs, and nothing is asked but the packages.
    let done = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--omit=dev"])
        .args(["--no-audit", "--no-fund", FETCH_TIMEOUT])
        .current_dir(into)
        .stdin(Stdio::null())
        .output();
    match done {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => Err(format!(
            "npm ci cannot install the modules of the page ({}).\n{}\n{WAYS_OUT}",
            done.status,
            String::from_utf8_lossy(&done.stderr).trim()
        )),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(format!(
            "npm is missing: it fetches the third-party modules of the page.\n{WAYS_OUT}"
        )),
        Err(error) => Err(format!("npm does not start: {error}\n{WAYS_OUT}")),
    }
}

/// Checks that every package has the version of the lock.
fn check(web: &Path, packages: &Path) -> Result<(), String> {
    let lock = json(&web.join(LOCK))?;
    for module in &MODULES {
        let name = module.package;
        let wanted = lock["packages"][format!("node_modules/{name}")]["version"]
            .as_str()
            .ok_or_else(|| format!("{LOCK} names no version of {name}"))?;
        let found = json(&packages.join(name).join("package.json"))?;
        let found = found["version"].as_str().unwrap_or("no version");
        if found != wanted {
            return Err(format!("{name} is {found}, and {LOCK} wants {wanted}"));
        }
    }
    Ok(())
}

fn json(path: &Path) -> Result<serde_json::Value, String> {
    serde_json::from_slice(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))
}
