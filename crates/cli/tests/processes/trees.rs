//! A folder with everything that a file system can hold, sent and restored.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::client::{command, get, put, run};
use crate::files::noise;
use crate::server::Server;

/// Files of the large tree.
const FILES: u64 = if cfg!(feature = "long") {
    20_000
} else {
    2_000
};

/// Largest file of the tree.
const LARGEST: u64 = 3_000;

/// What must be the same of an entry: `None` for a folder; content, right to run, time.
type Entry = Option<(Vec<u8>, bool, SystemTime)>;

/// Names that somebody else's program would stumble over.
fn strange_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "caf\u{e9}",   // NFC
        "cafe\u{301}", // NFD, another file
        "\u{212b}ngstr\u{f6}m",
        " leading and trailing ",
        "two  spaces",
        "'single' \"double\" `back`",
        "$HOME; rm -rf *?[a]",
        "back\\slash",
        ".hidden",
        "...",
        "-rf",
        "--help",
        "\u{1f511}\u{1f469}\u{200d}\u{1f4bb}",
        "\u{202e}gpj.exe",
        "\u{65e5}\u{672c}\u{8a9e}",
        "con",
        "nul.txt",
        "a:b",
        "%2e%2e%2f",
        "#hash",
        "UPPER",
        "upper",
        "trailing.",
        "~",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("x".repeat(255));
    // 255 bytes of two-byte and one-byte characters.
    names.push(format!("{}y", "\u{e4}".repeat(127)));
    names
}

/// Returns whole seconds since 1970, or before.
fn time(seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        UNIX_EPOCH - distance
    } else {
        UNIX_EPOCH + distance
    }
}

/// Makes a file whose content, mode and time depend on `number`.
fn make_file(path: &Path, number: u64) {
    fs::write(
        path,
        noise(number, usize::try_from(number * 37 % LARGEST).unwrap()),
    )
    .unwrap();
    let mode = if number.is_multiple_of(3) {
        0o755
    } else {
        0o644
    };
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    let modified = match number % 4 {
        0 => time(-1 - i64::try_from(number).unwrap() * 86_400),
        1 => time(0),
        _ => time(1_500_000_000 + i64::try_from(number).unwrap() * 3_601),
    };
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(modified)
        .unwrap();
}

fn make_tree(root: &Path) {
    let strange = root.join("strange");
    fs::create_dir_all(&strange).unwrap();
    for (number, name) in (0..).zip(strange_names()) {
        make_file(&strange.join(&name), number);
        let folder = root.join("folders").join(&name);
        fs::create_dir_all(folder.join("empty")).unwrap();
        make_file(&folder.join("file"), number);
    }
    fs::create_dir_all(root.join("empty/in/empty")).unwrap();
    for number in 0..FILES {
        let folder = root.join(format!("many/{}", number % 97));
        fs::create_dir_all(&folder).unwrap();
        make_file(&folder.join(format!("{number} \u{1f5dd}.bin")), number);
    }
}

fn entries(root: &Path) -> BTreeMap<PathBuf, Entry> {
    let mut entries = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let found = fs::symlink_metadata(&path).unwrap();
            let entry = if found.is_dir() {
                folders.push(path.clone());
                None
            } else {
                let runs = found.permissions().mode() & 0o111 != 0;
                Some((fs::read(&path).unwrap(), runs, found.modified().unwrap()))
            };
            entries.insert(path.strip_prefix(root).unwrap().to_owned(), entry);
        }
    }
    entries
}

#[test]
fn a_tree_comes_out_with_the_same_names_bytes_rights_and_times() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(&home.path().join("data"));
    let tree = home.path().join("tree");
    make_tree(&tree);
    let expected = entries(&tree);
    let share = put(home.path(), &server.url(), &["tree"]);
    get(&home.path().join("out"), &share.link).exits(0);
    let restored = entries(&home.path().join("out/tree"));
    let names = |entries: &BTreeMap<PathBuf, Entry>| entries.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&restored), names(&expected));
    for (path, entry) in &expected {
        assert!(restored[path] == *entry, "{} differs", path.display());
    }
    // Its home, too: the folder of states.
    let beside = fs::read_dir(home.path().join("out")).unwrap();
    let beside = beside.map(|entry| entry.unwrap().file_name());
    let beside: Vec<_> = beside.filter(|name| name != ".local").collect();
    assert_eq!(beside, ["tree"]);
}

#[test]
fn t6_names_that_no_receiver_could_hold_are_refused_before_anything_is_sent() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(&home.path().join("data"));
    let cases: &[(&[u8], &str)] = &[
        (b"escape-\x1b[2Jq", "escape-"),
        (b"line\nbreak", "line"),
        (b"carriage\rreturn", "carriage"),
        (b"delete-\x7f", "delete-"),
        (b"c1-\xc2\x9bq", "c1-"),
        (b"latin-\xe9t\xe9", "latin-"),
        (b"lone-surrogate-\xed\xa0\x80", "lone-surrogate-"),
    ];
    for (number, &(name, shown)) in cases.iter().enumerate() {
        let folder = format!("folder-{number}");
        let path = home.path().join(&folder);
        fs::create_dir(&path).unwrap();
        fs::write(path.join("fine.txt"), "content").unwrap();
        fs::write(path.join(OsStr::from_bytes(name)), "content").unwrap();
        let put = command(home.path(), &server.url(), &["put", &folder]);
        let done = run(put, b"").exits(1);
        assert!(done.stdout.is_empty());
        assert!(
            done.stderr.contains(shown),
            "{shown} is not named: {}",
            done.stderr
        );
        // Its own message must not do what the name would.
        let steers = |character: char| character.is_control() && character != '\n';
        assert!(!done.stderr.contains(steers), "{:?}", done.stderr);
        assert!(
            done.stderr.lines().all(|line| line.starts_with("onekey: ")),
            "{}",
            done.stderr
        );
    }
    let log = server.stop().log;
    assert!(!log.contains("method"), "something was asked: {log}");
}
