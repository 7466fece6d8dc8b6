//! Direct links: made, shown, kept, and opened by the command.

use onekey_server::Config;
use serde_json::Value;

use crate::harness::{Done, Share, World};

/// Compresses well.
fn text() -> String {
    "the same words again and again\n".repeat(100)
}

fn put_json(world: &World, arguments: &[&str], stdin: &str) -> Value {
    let arguments = [&["put", "--json"], arguments].concat();
    serde_json::from_str(&world.run(&arguments, stdin).ok().stdout).unwrap()
}

/// What this machine shared.
fn ls(world: &World) -> Vec<Value> {
    let done = world.run(&["ls", "--json"], "").ok();
    let value: Value = serde_json::from_str(&done.stdout).unwrap();
    value["shares"].as_array().unwrap().clone()
}

fn links(world: &World, manage_link: &str) -> Vec<Value> {
    let done = world.run(&["link", "list", "--json"], manage_link);
    let value: Value = serde_json::from_str(&done.ok().stdout).unwrap();
    value["links"].as_array().unwrap().clone()
}

/// A link without its key: what of it is the same each time.
fn form(world: &World, link: &str) -> String {
    let rest = link.strip_prefix(&world.url).unwrap();
    let start = rest.find(['#', '/']).unwrap() + 1;
    let start = if rest.starts_with("/s#") { 3 } else { start };
    format!("{}KEY{}", &rest[..start], &rest[start + 43..])
}

#[test]
fn the_direct_link_stands_alone_on_stdout_and_its_meaning_beside_it() {
    let world = World::new();
    world.file("shot.png", "content");
    let done = world.run(&["put", "--direct", "shot.png"], "").ok();
    let link = done.stdout.strip_suffix('\n').unwrap();
    assert_eq!(form(&world, link), "/KEY.png");
    for words in [
        "whoever runs the server can read the whole share",
        "chats that show a preview fetch the file and keep a copy",
        "gives the server no key",
        "/s#",
        "/manage/",
    ] {
        assert!(done.stderr.contains(words), "{words}: {}", done.stderr);
    }
    assert!(!done.stderr.contains("button"), "{}", done.stderr);

    let quiet = world.run(&["put", "--direct", "-q", "shot.png"], "").ok();
    assert_eq!(form(&world, quiet.stdout.trim_end()), "/KEY.png");
    assert!(quiet.stderr.is_empty(), "{}", quiet.stderr);
    let capped = ["put", "--direct", "--downloads", "1", "shot.png"];
    let capped = world.run(&capped, "").ok();
    assert!(capped.stderr.contains("button"), "{}", capped.stderr);
    let private = world.run(&["put", "shot.png"], "").ok();
    assert!(!private.stderr.contains("direct"), "{}", private.stderr);
}

#[test]
fn both_forms_open_it_and_nothing_is_compressed_or_padded() {
    let world = World::new();
    world.file("a.txt", text());
    let value = put_json(&world, &["--direct", "a.txt"], "");
    let (link, direct) = (value["link"].as_str(), value["direct_link"].as_str());
    let (link, direct) = (link.unwrap(), direct.unwrap());
    assert_eq!(form(&world, link), "/s#KEY");
    assert_eq!(form(&world, direct), "/KEY.txt");
    let queried = format!("{direct}?download&grant=x#y");
    for link in [link, direct, &queried] {
        assert_eq!(world.run(&["get", "-o", "-"], link).ok().stdout, text());
        world.run(&["info"], link).ok();
    }
    let stored = |manage_link: &Value| {
        let done = world.run(&["info", "--json"], manage_link.as_str().unwrap());
        let value: Value = serde_json::from_str(&done.ok().stdout).unwrap();
        value["size"].as_u64().unwrap()
    };
    assert_eq!(stored(&value["manage_link"]), 3100 + 28);
    let padded = put_json(&world, &["--direct", "--pad", "a.txt"], "");
    assert_eq!(stored(&padded["manage_link"]), 3200 + 28);
    // Which is the default without it.
    let compressed = put_json(&world, &["a.txt"], "");
    assert_eq!(stored(&compressed["manage_link"]), 1024 + 28);
    let arguments = ["put", "--direct", "--pad", "--no-pad", "a.txt"];
    world.run(&arguments, "").refused(2, "--no-pad");
}

#[test]
fn several_files_and_pipes_have_direct_links() {
    let world = World::new();
    world.file("dir/a.txt", "first");
    world.file("dir/sub/b.txt", "second");
    let value = put_json(&world, &["--direct", "dir"], "");
    let direct = value["direct_link"].as_str().unwrap();
    assert_eq!(form(&world, direct), "/KEY");
    world.run(&["get", "-q", "-o", "all/", direct], "").ok();
    assert_eq!(world.read("all/dir/sub/b.txt"), b"second");

    // A name behind the key means one of them.
    let one = format!("{direct}/dir/sub/b.txt?download");
    world.run(&["get", "-q", "-o", "one/", &one], "").ok();
    assert_eq!(world.read("one/dir/sub/b.txt"), b"second");
    assert!(!world.path("one/dir/a.txt").exists());
    assert_eq!(
        world.run(&["get", "-o", "-", &one], "").ok().stdout,
        "second"
    );
    let other = ["get", "-o", "-", "--file", "dir/a.txt", &one];
    assert_eq!(world.run(&other, "").ok().stdout, "first");
    let none = format!("{direct}/dir/c.txt");
    let none = world.run(&["get", "-o", "-", &none], "");
    none.refused(2, "no file named `dir/c.txt`");

    for (name, end) in [("shot.png", "/KEY.png"), ("Makefile", "/KEY")] {
        let value = put_json(&world, &["--direct", "-", "--name", name], "piped");
        let direct = value["direct_link"].as_str().unwrap();
        assert_eq!(form(&world, direct), end);
        assert_eq!(
            world.run(&["get", "-o", "-", direct], "").ok().stdout,
            "piped"
        );
    }
}

#[test]
fn a_password_and_a_server_without_direct_mode_refuse_it() {
    let world = World::new();
    world.file("a.txt", "content");
    world.file("password", "correct horse");
    let share = world.put(&["a.txt", "--no-compress"]);
    for password in [&["--password"][..], &["--password-file", "password"]] {
        let put = [&["put", "--direct", "a.txt"], password].concat();
        let done = world.run(&put, "").refused(2, "--direct takes no password");
        assert!(done.stderr.contains("without asking"), "{}", done.stderr);
        let add = [&["link", "add", "--direct"], password].concat();
        let done = world.run(&add, &share.manage_link);
        done.refused(2, "--direct takes no password");
    }
    assert_eq!(links(&world, &share.manage_link).len(), 1);

    let mut config = Config::default();
    config.direct = false;
    let world = World::with(config);
    world.file("a.txt", "content");
    let put = world.run(&["put", "--direct", "a.txt"], "");
    put.refused(1, "opens no links directly");
    let piped = world.run(&["put", "--direct", "-"], "content");
    piped.refused(1, "opens no links directly");
    let share = world.put(&["a.txt"]);
    let add = world.run(&["link", "add", "--direct"], &share.manage_link);
    add.refused(1, "opens no links directly");
    assert_eq!(links(&world, &share.manage_link).len(), 1);
    // Nothing of it was recorded.
    assert_eq!(ls(&world).len(), 1);
}

#[test]
fn a_direct_link_is_added_where_nothing_is_compressed() {
    let world = World::new();
    world.file("a.txt", text());
    let raw = world.put(&["a.txt", "--no-compress"]);
    let add = ["link", "add", "--direct", "--label", "for the forum"];
    let done = world.run(&add, &raw.manage_link).ok();
    let direct = done.stdout.trim_end();
    assert_eq!(form(&world, direct), "/KEY.txt");
    assert!(done.stderr.contains("keep a copy"), "{}", done.stderr);
    assert_eq!(
        world.run(&["get", "-o", "-", direct], "").ok().stdout,
        text()
    );
    let listed = links(&world, &raw.manage_link);
    assert_eq!([&listed[0]["direct"], &listed[1]["direct"]], [false, true]);
    let info = world.run(&["info"], &raw.manage_link).ok();
    assert!(info.stdout.contains("(direct link)"), "{}", info.stdout);
    let json = world.run(&["link", "add", "--direct", "--json"], &raw.manage_link);
    let json: Value = serde_json::from_str(&json.ok().stdout).unwrap();
    let added = [&json["link"], &json["direct_link"]].map(|link| link.as_str().unwrap());
    assert_eq!(added.map(|link| form(&world, link)), ["/s#KEY", "/KEY.txt"]);

    let compressed = world.put(&["a.txt"]);
    let add = world.run(&["link", "add", "--direct"], &compressed.manage_link);
    let done = add.refused(1, "compressed");
    assert!(done.stderr.contains("put --direct"), "{}", done.stderr);
    let listed = links(&world, &compressed.manage_link);
    let is_open = |link: &Value| link["direct"] == true && link["state"] != "revoked";
    assert!(!listed.iter().any(is_open), "{listed:?}");
    let first = world.run(&["get", "-o", "-"], &compressed.link);
    assert_eq!(first.ok().stdout, text());
}

#[test]
fn the_history_keeps_both_forms_and_either_stands_for_the_share() {
    let world = World::new();
    world.file("a.png", "content");
    let share = world.put(&["a.png", "--direct", "--label", "for Bob"]);
    let add = ["link", "add", "--direct", "--no-compress"];
    world
        .run(&add, &share.manage_link)
        .refused(2, "--no-compress");
    let added = world.run(&["link", "add", "--direct"], &share.manage_link);
    let added = added.ok().stdout.trim_end().to_owned();
    world.run(&["link", "add"], &share.manage_link).ok();

    let listed = &ls(&world)[0]["links"];
    let direct = listed[0]["direct_link"].as_str().unwrap().to_owned();
    assert_eq!(direct, format!("{}/{}.png", world.url, share.key()));
    assert_eq!(listed[0]["link"], share.link);
    assert_eq!(listed[1]["direct_link"], added);
    assert!(listed[2]["direct_link"].is_null());
    let marks = [0, 1, 2].map(|number| &listed[number]["direct"]);
    assert_eq!(marks, [true, true, false]);
    let table = world.run(&["ls"], "").ok().stdout;
    assert!(table.contains("a.png (for Bob, direct)\n"), "{table}");
    for link in [&direct, &share.link, &added] {
        assert!(table.contains(&format!("  {link}\n")), "{table}");
    }

    // Elsewhere nobody knows it.
    let mut elsewhere = world.command(&["link", "list", &direct]);
    elsewhere.env("XDG_DATA_HOME", world.path("elsewhere"));
    Done::of(elsewhere, "").refused(2, "not in the history");
    world.run(&["link", "revoke", &added], "").ok();
    assert_eq!(ls(&world)[0]["links"][1]["state"], "revoked");
    world.run(&["get", "-o", "-", &added], "").refused(3, "");
    world.run(&["rm", &direct], "").ok();
    assert!(ls(&world).is_empty());
}

#[test]
fn a_history_from_before_direct_links_is_read() {
    let world = World::new();
    world.file("a.png", "content");
    let share = world.put(&["a.png"]);
    let history = world.path(".local/share/onekey/history");
    let line = std::fs::read_to_string(&history).unwrap();
    assert!(!line.contains("direct"), "{line}");
    let links = &ls(&world)[0]["links"];
    assert_eq!(links[0]["link"], share.link);
    assert_eq!(links[0]["direct"], false);
    let again = Share::of(
        &world
            .run(&["put", "--json", "--direct", "a.png"], "")
            .ok()
            .stdout,
    );
    let line = std::fs::read_to_string(&history).unwrap();
    assert!(line.contains(&format!("/{}.png", again.key())), "{line}");
}
