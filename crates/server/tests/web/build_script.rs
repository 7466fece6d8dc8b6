//! What the build script does, asked for its parts: they are compiled here as well.

#![allow(dead_code, reason = "the build script uses the rest")]

#[path = "../../build/assets.rs"]
mod assets;
#[path = "../../build/compress.rs"]
mod compress;
#[path = "../../build/files.rs"]
mod files;
#[path = "../../src/web/imports.rs"]
mod imports;
#[path = "../../build/modules.rs"]
mod modules;
#[path = "../../src/web/names.rs"]
mod names;
#[path = "../../src/web/policy.rs"]
mod policy;
#[path = "../../build/table.rs"]
mod table;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The page's folder in the repository.
fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("web")
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A page whose lock wants version 1.2.3 of everything.
fn locked(folder: &Path) -> PathBuf {
    let web = folder.join("web");
    let packages = ["brotli-wasm", "client-zip", "uqr"];
    let packages =
        packages.map(|name| format!("\"node_modules/{name}\":{{\"version\":\"1.2.3\"}}"));
    write(
        &web.join("package-lock.json"),
        &format!("{{\"packages\":{{{}}}}}", packages.join(",")),
    );
    write(&web.join("package.json"), "{}");
    write(&web.join(".npmrc"), "");
    web
}

/// Every file that is wanted of packages, and some that are not.
fn packages(folder: &Path, version: &str) {
    for module in &names::MODULES {
        let package = folder.join(module.package);
        write(&package.join(module.file), module.name);
        write(
            &package.join("package.json"),
            &format!("{{\"version\":\"{version}\"}}"),
        );
        write(&package.join("evil.js"), "evil");
    }
}

/// A program in the place of npm: it writes down how it was called and copies packages.
fn npm(folder: &Path, version: &str) -> PathBuf {
    let made = folder.join(format!("made-{version}"));
    packages(&made, version);
    let npm = folder.join("npm");
    let script = format!(
        "#!/bin/sh\necho \"$@\" >> {folder}/calls\nrm -rf node_modules\ncp -r {made} node_modules\n",
        folder = folder.display(),
        made = made.display()
    );
    write(&npm, &script);
    fs::set_permissions(&npm, fs::Permissions::from_mode(0o755)).unwrap();
    npm
}

fn names_three_ways(reason: &str) {
    for way in [
        "apt-get install npm",
        "ONEKEY_WEB_MODULES=DIR",
        "--no-default-features",
    ] {
        assert!(reason.contains(way), "{reason}");
    }
}

#[test]
fn without_npm_the_build_names_three_ways_on() {
    let folder = TempDir::new().unwrap();
    let missing = modules::installed(
        OsStr::new("/nonexistent/npm"),
        &web(),
        &folder.path().join("a"),
    );
    let missing = missing.unwrap_err();
    assert!(missing.starts_with("npm is missing"), "{missing}");
    names_three_ways(&missing);
    let failed =
        modules::installed(OsStr::new("false"), &web(), &folder.path().join("b")).unwrap_err();
    assert!(failed.contains("npm ci"), "{failed}");
    names_three_ways(&failed);
}

#[test]
fn npm_runs_once_for_a_lock_and_runs_no_scripts() {
    let folder = TempDir::new().unwrap();
    let (web, npm) = (locked(folder.path()), npm(folder.path(), "1.2.3"));
    let into = folder.path().join("out");
    let calls = || {
        fs::read_to_string(folder.path().join("calls"))
            .unwrap_or_default()
            .lines()
            .count()
    };
    for _ in 0..3 {
        let packages = modules::installed(npm.as_ref(), &web, &into).unwrap();
        assert!(packages.join("uqr/dist/index.mjs").exists());
        assert_eq!(calls(), 1);
    }
    let call = fs::read_to_string(folder.path().join("calls")).unwrap();
    assert!(call.starts_with("ci --ignore-scripts --omit=dev"), "{call}");
    // Another lock, or a package that somebody removed.
    write(&web.join(".npmrc"), "# changed");
    modules::installed(npm.as_ref(), &web, &into).unwrap();
    assert_eq!(calls(), 2);
    fs::remove_dir_all(into.join("node_modules/uqr")).unwrap();
    modules::installed(npm.as_ref(), &web, &into).unwrap();
    assert_eq!(calls(), 3);
}

#[test]
fn modules_have_the_versions_of_the_lock() {
    let folder = TempDir::new().unwrap();
    let (web, npm) = (locked(folder.path()), npm(folder.path(), "1.2.4"));
    let into = folder.path().join("out");
    let other = modules::installed(npm.as_ref(), &web, &into).unwrap_err();
    assert!(
        other.contains("is 1.2.4") && other.contains("wants 1.2.3"),
        "{other}"
    );

    let given = folder.path().join("given");
    let refused = |given: &Path| modules::given(&web, given.into()).unwrap_err();
    assert!(refused(&given).contains("brotli-wasm"));
    packages(&given, "1.2.4");
    assert!(refused(&given).starts_with("ONEKEY_WEB_MODULES: brotli-wasm is 1.2.4"));
    assert!(refused(Path::new("given")).contains("absolute"));
    packages(&given, "1.2.3");
    assert_eq!(modules::given(&web, given.clone()).unwrap(), given);
}

#[test]
fn only_named_files_are_embedded() {
    let folder = TempDir::new().unwrap();
    packages(folder.path(), "1.2.3");
    let third_party = assets::third_party(folder.path()).unwrap();
    let names: Vec<&str> = third_party.keys().map(String::as_str).collect();
    let mut wanted: Vec<&str> = names::MODULES.iter().map(|module| module.name).collect();
    wanted.sort_unstable();
    assert_eq!(names, wanted);

    let web = folder.path().join("web");
    for name in [
        "send.js",
        "views/list.js",
        "style/page.css",
        "icon.svg",
        "package.json",
        "package-lock.json",
        ".npmrc",
        "tsconfig.json",
        "service-worker.js",
        "html/send.html",
        "html/x.js.html",
        ".hidden.js",
        ".git/x.js",
        "notes.txt",
        "node_modules/uqr/dist/index.js",
        "types.d.ts",
        "sp ace.js",
    ] {
        write(&web.join(name), name);
    }
    symlink(folder.path().join("uqr/evil.js"), web.join("link.js")).unwrap();
    symlink(folder.path().join("uqr"), web.join("linked")).unwrap();
    let own = assets::own(&web).unwrap();
    let names: Vec<&str> = own.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["icon.svg", "send.js", "style/page.css", "views/list.js"]
    );
}

/// A page with one entry module, and its assets.
fn templates(folder: &Path) -> (PathBuf, assets::Assets) {
    let web = folder.join("web");
    for page in [
        "escaped",
        "manage",
        "open",
        "tools",
        "upload",
        "upload-form",
    ] {
        write(&web.join(format!("html/{page}.html")), "<p>");
    }
    let entry = "{preload}<script type=\"module\" src=\"{assets}/send.js\"></script>";
    write(&web.join("html/send.html"), entry);
    write(&web.join("service-worker.js"), "");
    let assets = [
        ("send.js", "import \"./a.js\";\n"),
        ("a.js", ""),
        ("b.css", "body {}"),
    ];
    let assets = assets.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    (web, BTreeMap::from(assets))
}

#[test]
fn the_folder_is_named_by_what_caches_keep() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let (web, assets) = templates(folder.path());
    let name = |assets: &assets::Assets| {
        table::write(&web, assets, &out).unwrap();
        let table = fs::read_to_string(out.join("web.rs")).unwrap();
        let (_, rest) = table.split_once("FOLDER: &str = \"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let first = name(&assets);
    assert_eq!(name(&assets), first);
    // HTML is not kept, and may change without them.
    write(&web.join("html/open.html"), "<p>another");
    assert_eq!(name(&assets), first);
    let mut changed = assets.clone();
    changed.insert("b.css".into(), b"body { }".to_vec());
    let mut renamed = assets.clone();
    let bytes = renamed.remove("b.css").unwrap();
    renamed.insert("c.css".into(), bytes);
    let mut more = assets.clone();
    more.insert("d.js".into(), Vec::new());
    let names = [first, name(&changed), name(&renamed), name(&more)];
    let different: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "{names:?}");
}

#[test]
fn a_build_compresses_what_changed_and_keeps_nothing_else() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let (web, mut assets) = templates(folder.path());
    let files = || -> BTreeMap<PathBuf, std::time::SystemTime> {
        let entries = fs::read_dir(out.join("web")).unwrap().map(Result::unwrap);
        let modified = |entry: &fs::DirEntry| entry.metadata().unwrap().modified().unwrap();
        entries
            .map(|entry| (entry.path(), modified(&entry)))
            .collect()
    };
    table::write(&web, &assets, &out).unwrap();
    let first = files();
    assets.insert("b.css".into(), b"body { color: red }".to_vec());
    table::write(&web, &assets, &out).unwrap();
    let second = files();
    assert_eq!(first.len(), second.len());
    let same = second
        .iter()
        .filter(|(path, modified)| first.get(*path) == Some(modified))
        .count();
    // Its own bytes and two encodings are new.
    assert_eq!(same, second.len() - 3);
}

#[test]
fn an_import_that_leads_nowhere_stops_the_build() {
    let folder = TempDir::new().unwrap();
    let (web, mut assets) = templates(folder.path());
    assets.remove("a.js");
    let reason = table::write(&web, &assets, &folder.path().join("out")).unwrap_err();
    assert_eq!(
        reason,
        "html/send.html: send.js imports ./a.js, which is not there"
    );
    fs::remove_file(web.join("html/open.html")).unwrap();
    assets.insert("a.js".into(), Vec::new());
    let reason = table::write(&web, &assets, &folder.path().join("out")).unwrap_err();
    assert!(reason.contains("open.html"), "{reason}");
}

#[test]
fn large_files_are_compressed_best_where_the_program_is_optimised() {
    let large = 1 << 20;
    assert_eq!(compress::quality(large, "3"), 11);
    assert_eq!(compress::quality(large, "0"), 5);
    assert_eq!(compress::quality(50_000, "0"), 11);
}

/// Mirrors serve as well as the registry: the lock names versions and digests, and no host.
#[test]
fn the_lock_pins_versions_and_names_no_host() {
    let read = |name: &str| fs::read_to_string(web().join(name)).unwrap();
    let (lock, package) = (read("package-lock.json"), read("package.json"));
    assert!(
        !lock.contains("resolved") && !lock.contains("http"),
        "{lock}"
    );
    assert!(read(".npmrc").contains("omit-lockfile-registry-resolved=true"));
    let package: serde_json::Value = serde_json::from_str(&package).unwrap();
    let lock: serde_json::Value = serde_json::from_str(&lock).unwrap();
    let wanted = package["dependencies"].as_object().unwrap();
    assert_eq!(wanted.len(), 3);
    for (name, version) in wanted {
        let locked = &lock["packages"][format!("node_modules/{name}")];
        assert_eq!(&locked["version"], version, "{name}");
        assert!(
            locked["integrity"].as_str().unwrap().starts_with("sha512-"),
            "{name}"
        );
    }
}
