//! Passwords: from a file and from the environment, and never from an argument.

use crate::harness::{Done, Share, World};

fn with_password(world: &World, arguments: &[&str], password: &str, stdin: &str) -> Done {
    let mut command = world.command(arguments);
    command.env("ONEKEY_PASSWORD", password);
    Done::of(command, stdin)
}

#[test]
fn a_password_opens_and_a_wrong_one_is_4() {
    let world = World::new();
    world.file("a.txt", "content");
    let put = with_password(
        &world,
        &["put", "--json", "--password", "a.txt"],
        "e\u{301}",
        "",
    )
    .ok();
    let share = Share::of(&put.stdout);

    // Another keyboard's way to write the same.
    let done = with_password(&world, &["get", "-o", "-"], "\u{e9}", &share.link).ok();
    assert_eq!(done.stdout, "content");
    with_password(&world, &["get", "-o", "-"], "e", &share.link).refused(4, "wrong password");
    world.file("password", "\u{e9}\r\n");
    let arguments = ["info", "--json", "--password-file", "password"];
    let done = world.run(&arguments, &share.link).ok();
    assert!(done.stdout.contains("\"password\":true"), "{}", done.stdout);
}

#[test]
fn the_environment_alone_sets_no_password() {
    let world = World::new();
    world.file("a.txt", "content");
    let put = with_password(&world, &["put", "a.txt"], "forgotten", "").ok();
    let done = world.run(&["get", "-o", "-"], &put.stdout).ok();
    assert_eq!(done.stdout, "content");
}

#[test]
fn a_password_file_for_a_link_without_one_is_worth_a_word() {
    let world = World::new();
    world.file("a.txt", "content");
    world.file("password", "x");
    let share = world.put(&["a.txt"]);
    let arguments = ["get", "-o", "-", "--password-file", "password"];
    let done = world.run(&arguments, &share.link).ok();
    assert!(
        done.stderr.contains("--password-file was not used"),
        "{}",
        done.stderr
    );
}

#[test]
fn without_a_terminal_nothing_asks_for_a_password() {
    let world = World::new();
    world.file("a.txt", "content");
    world.file("password", "x");
    let share = world.put(&["a.txt", "--password-file", "password"]);
    for (arguments, stdin) in [
        (&["put", "--password", "a.txt"][..], ""),
        (&["get", "-o", "b.txt"], share.link.as_str()),
    ] {
        // A session of its own has no terminal, wherever the tests run.
        let mut command = std::process::Command::new("setsid");
        command
            .arg("--wait")
            .arg(env!("CARGO_BIN_EXE_onekey"))
            .args(arguments)
            .current_dir(world.home())
            .env("ONEKEY_SERVER", &world.url)
            .env_remove("ONEKEY_PASSWORD")
            .env_remove("ONEKEY_LINK")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        Done::of(command, stdin).refused(2, "there is no terminal");
    }
}
