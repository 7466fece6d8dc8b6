//! `onekey completions` and `onekey man`: what they write is accepted by those who read it.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Commands that every script and the first page name.
const COMMANDS: [&str; 10] = [
    "put",
    "get",
    "info",
    "ls",
    "link",
    "rm",
    "seal",
    "unseal",
    "completions",
    "man",
];

/// Each shell with the program that reads a script from standard input and runs nothing of it.
const SHELLS: [(&str, &[&str]); 5] = [
    ("bash", &["bash", "-n"]),
    ("zsh", &["zsh", "-n"]),
    ("fish", &["fish", "--no-execute"]),
    ("elvish", &["elvish", "-compileonly", "/dev/stdin"]),
    ("powershell", &[]),
];

fn onekey(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_onekey"))
        .args(arguments)
        .output()
        .unwrap()
}

#[track_caller]
fn written(arguments: &[&str]) -> String {
    let output = onekey(arguments);
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Gives `text` to a program, if it is installed.
fn read_by(program: &[&str], text: &str) -> Option<Output> {
    let (name, arguments) = program.split_first()?;
    let mut command = Command::new(name);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        skip(name, "it is not installed");
        return None;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    Some(child.wait_with_output().unwrap())
}

/// Writes the skip where `./test` looks for it, and where people do.
fn skip(program: &str, reason: &str) {
    let line = format!("{program}_reads: {reason}\n");
    let _ = write!(std::io::stderr(), "SKIPPED {line}");
    if let Some(path) = std::env::var_os("ONEKEY_SKIPPED") {
        let mut file = fs::OpenOptions::new().append(true).create(true).open(path);
        file.as_mut().unwrap().write_all(line.as_bytes()).unwrap();
    }
}

#[test]
fn every_shell_accepts_its_script_and_finds_every_command_in_it() {
    for (shell, program) in SHELLS {
        let script = written(&["completions", shell]);
        for word in COMMANDS
            .into_iter()
            .chain(["revoke", "--new-key", "--resume"])
        {
            // fish writes long options without their dashes.
            let word = word.trim_start_matches("--");
            assert!(script.contains(word), "{shell} {word}");
        }
        if program.is_empty() {
            skip(shell, "it has no way to read a script without running it");
        }
        if let Some(read) = read_by(program, &script) {
            assert!(read.status.success(), "{shell}: {read:?}");
            assert!(read.stderr.is_empty(), "{shell}: {read:?}");
        }
    }
}

#[test]
fn bash_completes_what_was_begun() {
    let script = written(&["completions", "bash"]);
    let ask = "COMP_WORDS=(onekey uns); COMP_CWORD=1; _onekey onekey uns onekey; echo \"${COMPREPLY[*]}\"";
    let read = read_by(&["bash"], &format!("{script}\n{ask}\n"));
    if let Some(read) = read {
        assert_eq!(
            String::from_utf8_lossy(&read.stdout),
            "unseal\n",
            "{read:?}"
        );
    }
}

#[track_caller]
fn is_a_page(page: &str, name: &str) {
    assert!(page.contains(&format!(".TH {name} 1")), "{name}");
    // Warnings of groff and of mandoc's lint, each where it is installed.
    let groff = read_by(&["groff", "-Kutf8", "-man", "-Tutf8", "-ww", "-z"], page);
    if let Some(read) = groff {
        assert!(
            read.status.success() && read.stderr.is_empty(),
            "{name}: {read:?}"
        );
    }
    if let Some(read) = read_by(&["mandoc", "-Tlint", "-Werror"], page) {
        assert!(read.status.success(), "{name}: {read:?}");
    }
}

#[test]
fn the_page_of_onekey_is_one_and_names_every_command() {
    let page = written(&["man"]);
    is_a_page(&page, "onekey");
    for command in COMMANDS {
        assert!(
            page.contains(&format!("onekey\\-{command}(1)")),
            "{command}"
        );
    }
}

#[test]
fn every_command_has_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    let out = pages.to_str().unwrap();
    written(&["man", "-o", out]);
    // Another version writes over them.
    written(&["man", "-o", out]);
    let links = ["link-add", "link-list", "link-change", "link-revoke"];
    let mut expected = vec!["onekey.1".to_owned()];
    expected.extend(
        COMMANDS
            .iter()
            .chain(&links)
            .map(|name| format!("onekey-{name}.1")),
    );
    expected.sort();
    let names = fs::read_dir(&pages).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, expected);
    for name in names {
        let page = fs::read_to_string(pages.join(&name)).unwrap();
        is_a_page(&page, name.trim_end_matches(".1"));
    }
}

#[test]
fn examples_and_tables_keep_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    written(&["man", "-o", folder.path().to_str().unwrap()]);
    let page = fs::read_to_string(folder.path().join("onekey-seal.1")).unwrap();
    let groff = read_by(
        &["groff", "-Kutf8", "-man", "-Tutf8", "-P-cbou", "-rLL=100n"],
        &page,
    );
    if let Some(read) = groff {
        let shown = String::from_utf8(read.stdout).unwrap();
        for heading in ["THE KEY", "EXAMPLES", "EXIT CODES"] {
            assert!(shown.contains(heading), "{shown}");
        }
        for line in [
            "4    wrong key or wrong password",
            "tar c photos | onekey seal -k photos.key > photos.tar.sealed",
        ] {
            let is_line = |it: &str| it.trim() == line;
            assert!(shown.lines().any(is_line), "{line}: {shown}");
        }
    }
}

#[test]
fn what_cannot_be_written_is_told() {
    assert!(Path::new("/dev/null").exists());
    let output = onekey(&["man", "-o", "/dev/null/man1"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("onekey: error: cannot write into /dev/null/man1"),
        "{told}"
    );
    assert!(told.contains("onekey: hint: "), "{told}");
    let output = onekey(&["completions", "tcsh"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}
