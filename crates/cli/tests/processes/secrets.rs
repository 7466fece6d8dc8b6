//! The canary: marked files go through everything, then blobs, rows, log and wire are searched for what must not
//! be there.

mod known;
mod requests;

use std::fs;
use std::path::{Path, PathBuf};

use onekey_core::url::Link;
use tempfile::TempDir;

use crate::client::{Done, Share, command, run};
use crate::files::{below, noise};
use crate::needles::Needles;
use crate::proxy::Proxy;
use crate::server::{PATIENCE, Server};
use known::Known;

const UPLOAD_SECRET: &str = "otter-upload-secret-77c1";
const PASSWORD: &str = "falcon-password-51d8";
const WRONG_PASSWORD: &str = "falcon-password-52e9";
const FOLDER: &str = "badger-folder-90aa";
const TITLE: &str = "walrus-title-3b14";
const NOTE: &str = "lemur-note-e7f2";
const LABEL: &str = "gannet-label-18c3";
const SECOND_LABEL: &str = "dunlin-label-b64f";

/// Repeated for more than a part, it is as compressible as content can be.
const LINE: &str = "heron-content-4c09 again and again\n";

/// Bytes of the large file: more than a part of 8 MiB.
const LARGE: usize = 9 << 20;

/// Files of the first share, below its folder.
const FILES: [&str; 2] = ["marmot-large-61fe.log", "ibex-small-d083.bin"];

/// The file of the second share, which has a password.
const PROTECTED: &str = "puffin-protected-2a65.txt";

/// Words that stand in names, texts and content.
fn marks() -> Vec<&'static str> {
    let content = LINE.split(' ').next().unwrap();
    [
        &FILES[..],
        &[
            PROTECTED,
            FOLDER,
            TITLE,
            NOTE,
            LABEL,
            SECOND_LABEL,
            content,
            PASSWORD,
            WRONG_PASSWORD,
        ],
    ]
    .concat()
}

/// Two shares on a server that logs as much as it can, behind a wire that keeps every byte.
struct Scene {
    home: TempDir,
    server: Server,
    proxy: Proxy,
    open: Share,
    protected: Share,
    /// A second link of the first share.
    second: Share,
}

impl Scene {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut loud = crate::server::command(&home.path().join("data"));
        loud.args(["--log", "trace"])
            .env("RUST_LOG", "trace")
            .env("ONEKEY_UPLOAD_SECRET", UPLOAD_SECRET);
        let server = Server::run(loud);
        let proxy = Proxy::recording(server.address);

        let folder = home.path().join(FOLDER);
        fs::create_dir(&folder).unwrap();
        let large = LINE.repeat(LARGE / LINE.len());
        fs::write(folder.join(FILES[0]), large).unwrap();
        let small = [LINE.as_bytes(), &noise(1, 5_000)].concat();
        fs::write(folder.join(FILES[1]), small).unwrap();
        fs::write(home.path().join(PROTECTED), LINE).unwrap();
        let put = |path, more: &[&str]| {
            let arguments = [&["put", "--json", path], more].concat();
            let mut put = command(home.path(), &proxy.url, &arguments);
            put.env("ONEKEY_UPLOAD_SECRET", UPLOAD_SECRET)
                .env("ONEKEY_PASSWORD", PASSWORD);
            Share::of(&run(put, b"").exits(0))
        };
        let open = put(
            FOLDER,
            // As it is: compressed content would not be found in what leaked.
            &[
                "--title",
                TITLE,
                "--note",
                NOTE,
                "--label",
                LABEL,
                "--no-compress",
            ],
        );
        let protected = put(PROTECTED, &["--password"]);
        let add = ["link", "add", "-q", "--label", SECOND_LABEL];
        let add = command(home.path(), &proxy.url, &add);
        let added = run(add, open.manage_link.as_bytes()).exits(0).stdout;
        let second = Share {
            link: String::from_utf8(added).unwrap().trim().to_owned(),
            manage_link: open.manage_link.clone(),
        };
        Self {
            server,
            proxy,
            open,
            protected,
            second,
            home,
        }
    }

    /// Runs `onekey` with a link on its standard input.
    fn run(&self, arguments: &[&str], link: &str, password: &str) -> Done {
        let mut command = command(self.home.path(), &self.proxy.url, arguments);
        command.env("ONEKEY_PASSWORD", password);
        run(command, link.as_bytes())
    }

    /// Asserts that a folder holds the first share.
    fn assert_restored(&self, folder: &str) {
        let read = |path: PathBuf| fs::read(path).unwrap();
        for name in FILES {
            let (expected, restored) =
                (self.home.path().join(FOLDER), self.home.path().join(folder));
            assert!(read(expected.join(name)) == read(restored.join(FOLDER).join(name)));
        }
    }

    /// Does everything that a receiver can do, rightly and wrongly.
    fn receive(&self) {
        let (open, protected) = (&self.open.link, &self.protected.link);
        self.run(&["get", "-o", "out/"], open, "").exits(0);
        self.assert_restored("out");
        let list = self.run(&["get", "--list"], open, "").exits(0);
        assert!(String::from_utf8(list.stdout).unwrap().contains(FILES[0]));
        self.run(&["info"], open, "").exits(0);
        self.run(&["info"], &self.open.manage_link, "").exits(0);
        self.run(&["get", "--list"], protected, WRONG_PASSWORD)
            .exits(4);
        self.run(&["get", "-o", "protected/"], protected, PASSWORD)
            .exits(0);
        self.run(&["get", "-o", "second/"], &self.second.link, "")
            .exits(0);
        self.assert_restored("second");
        // Another key names another link, which is not there.
        let mut other = Link::parse(open).unwrap();
        other.key = onekey_core::keys::LinkKey::generate(&mut rand::rng());
        self.run(&["get"], &other.to_url(), "").exits(3);

        let downloads = self.open.downloads();
        let cut = self.proxy.cut_after(4 << 20);
        self.run(&["get", "-o", "cut/"], open, "").exits(0);
        cut.recv_timeout(PATIENCE).unwrap();
        self.assert_restored("cut");
        assert_eq!(
            self.open.downloads(),
            downloads + 1,
            "a reconnect spent a download"
        );
    }

    /// Does what an owner can do with links.
    fn manage(&self) {
        let manage = &self.open.manage_link;
        let list = self.run(&["link", "list"], manage, "").exits(0);
        let list = String::from_utf8(list.stdout).unwrap();
        assert!(
            list.contains(LABEL) && list.contains(SECOND_LABEL),
            "{list}"
        );
        self.run(
            &["link", "change", SECOND_LABEL, "--downloads", "9"],
            manage,
            "",
        )
        .exits(0);
        self.run(&["link", "revoke", SECOND_LABEL], manage, "")
            .exits(0);
        self.run(&["get"], &self.second.link, "").exits(3);
    }
}

/// Returns all bytes of the server's folder: blobs, database and what is beside it, lock.
fn stored(data: &Path) -> Vec<u8> {
    let files = below(data);
    let has = |name| files.iter().any(|file| file.ends_with(name));
    assert!(has("onekey.db") && has("lock"), "{files:?}");
    // Names as well: a blob's could tell something.
    let names = files
        .iter()
        .map(|file| file.to_string_lossy().into_owned().into_bytes());
    let bytes = files.iter().map(|file| fs::read(file).unwrap());
    names.chain(bytes).collect::<Vec<_>>().join(&b'\n')
}

#[test]
fn t1_t34_t36_no_secret_and_nothing_of_the_plaintext_is_stored_logged_or_sent() {
    let scene = Scene::new();
    let data = scene.home.path().join("data");
    scene.receive();
    let mut known = Known::default();
    known.share(&scene.server, &scene.open, None);
    known.share(&scene.server, &scene.protected, Some(PASSWORD));
    known.share(&scene.server, &scene.second, None);
    scene.manage();
    known.plaintext(scene.home.path());
    for share in [&scene.open, &scene.protected] {
        requests::send_all(&scene.server, share);
    }
    let full = stored(&data);
    for share in [&scene.open, &scene.protected] {
        scene.run(&["rm"], &share.manage_link, "").exits(0);
    }
    let ended = scene.server.stop();
    assert_eq!(ended.status.code(), Some(0));
    let wire = scene.proxy.recorded();
    known.grants(&wire);

    // The search works: it finds what is there, in each of the places.
    let everything = known.everything();
    let expect = |hay: &[u8], names: &[&str]| {
        let found = everything.found_in(hay);
        for name in names {
            assert!(
                found.iter().any(|found| found.starts_with(name)),
                "{name}: {found:?}"
            );
        }
    };
    let wire = wire.concat();
    let travels = [
        "locator",
        "share id",
        "verifier",
        "proof",
        "owner token",
        "grant",
        "upload secret",
    ];
    expect(&wire, &travels);
    expect(
        &full,
        &["locator", "share id", "verifier", "owner verifier"],
    );
    let source = fs::read(scene.home.path().join(FOLDER).join(FILES[1])).unwrap();
    expect(&source, &["heron"]);
    assert!(ended.log.contains("/open"), "it logs requests");
    assert!(full.len() > LARGE, "blobs were there");

    known.secrets.are_not_in("the wire", &wire);
    for (moment, stored) in [("live", full), ("deleted", stored(&data))] {
        let place = format!("the folder while shares are {moment}");
        let kept = Needles::default()
            .and(&known.secrets)
            .and(&known.credentials);
        kept.are_not_in(&place, &stored);
    }
    known
        .everything()
        .are_not_in("the log", ended.log.as_bytes());
    let addresses = ended.log.matches("127.0.0.1").count();
    assert_eq!(addresses, 1, "only the start line has one: {}", ended.log);
}
