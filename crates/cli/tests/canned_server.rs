//! Exit codes and secrets, against a server that says always the same.

#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const SHARE: &str = "AAECAwQFBgcICQoLDA0ODw";

/// Longest request that is read: a head.
const MAX_HEAD: usize = 16 << 10;

/// Start of a request's line, status and body of its answer.
type Rule = (&'static str, u16, &'static str);

/// Answers every request by the first rule whose start its request line has.
fn server(rules: &'static [Rule]) -> String {
    logging_server(rules).0
}

/// The same, and tells the methods that it was asked with.
fn logging_server(rules: &'static [Rule]) -> (String, Receiver<String>) {
    let (log, logged) = channel();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let log = log.clone();
            thread::spawn(move || answer(stream, rules, &log));
        }
    });
    (url, logged)
}

fn answer(mut stream: TcpStream, rules: &[Rule], log: &Sender<String>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).ok()?;
    // Not every test listens.
    let _ = log.send(head.split(' ').next()?.to_owned());
    let (_, status, body) = rules.iter().find(|(start, ..)| head.starts_with(start))?;
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} Canned\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .ok()
}

fn onekey(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onekey"));
    command
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn started(arguments: &[&str], stdin: &str) -> Child {
    let mut child = onekey(arguments).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(stdin.as_bytes())
        .unwrap();
    child
}

fn run(arguments: &[&str], stdin: &str) -> Output {
    started(arguments, stdin).wait_with_output().unwrap()
}

/// Runs it with the link on stdin. Returns the exit code and what it says.
fn told(arguments: &[&str], link: &str) -> (i32, String) {
    let output = run(arguments, link);
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.starts_with("onekey: error: "), "{text}");
    assert!(text.contains("onekey: hint: "), "{text}");
    assert!(!text.contains(KEY), "{text}");
    (output.status.code().unwrap(), text)
}

#[test]
fn nobody_there_is_1() {
    let (code, text) = told(&["get"], &format!("http://127.0.0.1:1/s#{KEY}"));
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("is its server running?"), "{text}");
}

#[test]
fn another_service_is_1() {
    let url = server(&[("GET ", 200, "<html>")]);
    let (code, text) = told(&["get"], &format!("{url}/s#{KEY}"));
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("not from a onekey server"), "{text}");
}

#[test]
fn an_unknown_link_is_3() {
    let body = r#"{"error":{"code":"link_gone","message":"no such link"}}"#;
    let url = server(Box::leak(Box::new([
        ("GET ", 404, body),
        ("POST ", 404, body),
    ])));
    for command in ["get", "info"] {
        for path in [
            format!("s#{KEY}"),
            format!("{KEY}.png"),
            format!("{KEY}/any%20name.png"),
        ] {
            let (code, text) = told(&[command], &format!("{url}/{path}"));
            assert_eq!(code, 3, "{text}");
        }
    }
}

#[test]
fn a_link_is_described_once() {
    const WRONG: &str = r#"{"error":{"code":"proof_rejected","message":"wrong proof"}}"#;
    let (url, log) = logging_server(&[
        ("GET ", 200, r#"{"password":false}"#),
        ("POST ", 403, WRONG),
    ]);
    for command in ["get", "info"] {
        let (code, text) = told(&[command], &format!("{url}/s#{KEY}"));
        assert_eq!(code, 4, "{text}");
        assert_eq!(log.try_iter().collect::<Vec<_>>(), ["GET", "POST"]);
    }
}

#[test]
fn a_deleted_share_is_3_and_another_owners_is_4() {
    const GONE: &str = r#"{"error":{"code":"not_found","message":"no such share"}}"#;
    const OTHER: &str = r#"{"error":{"code":"owner_rejected","message":"another owner"}}"#;
    let gone = server(&[("GET ", 404, GONE), ("DELETE ", 404, GONE)]);
    let other = server(&[("GET ", 403, OTHER), ("DELETE ", 403, OTHER)]);
    for command in ["info", "rm"] {
        assert_eq!(
            told(&[command], &format!("{gone}/manage/{SHARE}#{KEY}")).0,
            3
        );
        assert_eq!(
            told(&[command], &format!("{other}/manage/{SHARE}#{KEY}")).0,
            4
        );
    }
}

#[test]
fn rm_says_so_on_stderr() {
    let url = server(&[("DELETE /api/v1/shares/AAECAwQFBgcICQoLDA0ODw ", 204, "")]);
    let link = format!("{url}/manage/{SHARE}#{KEY}\n");
    let output = run(&["rm"], &link);
    assert!(output.status.success());
    assert!(output.stdout.is_empty());
    assert_eq!(output.stderr, b"deleted\n");
    assert!(run(&["rm", "-q"], &link).stderr.is_empty());
}

#[test]
fn a_rejected_proof_is_4_and_an_answer_that_does_not_decrypt_is_5() {
    const LIVE: (&str, u16, &str) = ("GET ", 200, r#"{"password":false}"#);
    const REJECTED: &str = r#"{"error":{"code":"proof_rejected","message":"wrong"}}"#;
    let rejecting = server(&[LIVE, ("POST ", 403, REJECTED)]);
    let (code, text) = told(&["get"], &format!("{rejecting}/s#{KEY}"));
    assert_eq!(code, 4, "{text}");

    let zeros = |bytes: usize| "A".repeat((bytes * 4).div_ceil(3));
    let opened = format!(
        r#"{{"header":"{}","envelope":"{}","manifest":"{}","size":28,"expires_at":null,"downloads_left":null}}"#,
        zeros(72),
        zeros(60),
        zeros(4124),
    );
    let rules = Box::leak(Box::new([
        LIVE,
        ("POST ", 200, Box::leak(opened.into()) as &str),
    ]));
    let lying = server(rules);
    for arguments in [&["get"][..], &["get", "--list"], &["info", "--json"]] {
        let (code, text) = told(arguments, &format!("{lying}/s#{KEY}"));
        assert_eq!(code, 5, "{text}");
    }
}

#[test]
fn a_password_that_nobody_can_type_is_a_mistake_of_the_caller() {
    let url = server(&[("GET ", 200, r#"{"password":true}"#)]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("empty");
    std::fs::write(&file, "\n").unwrap();
    let file = file.to_str().unwrap();
    let (code, text) = told(&["get", "--password-file", file], &format!("{url}/s#{KEY}"));
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("the password is empty"), "{text}");
}

#[test]
fn t6_a_servers_words_steer_no_terminal() {
    const HOSTILE: &str = "{\"error\":{\"code\":\"internal\",\"message\":\"a\\u001b[2J\\u009b\\u202e\\u200b\\nonekey: hint: b\"}}";
    let url = server(&[("GET ", 418, HOSTILE)]);
    let (_, text) = told(&["get"], &format!("{url}/s#{KEY}"));
    let unsafe_characters = ['\u{1b}', '\u{9b}', '\u{202e}', '\u{200b}'];
    assert!(!text.contains(unsafe_characters), "{text:?}");
    assert!(
        !text.lines().any(|line| line == "onekey: hint: b"),
        "{text}"
    );
}

#[test]
fn an_upload_secret_is_missed_before_anything_is_sent() {
    const DESCRIPTION: &str = r#"{"version":"0.1.0","assets":null,"upload_secret_required":true,"direct":true,
        "max_size":null,"max_expiry":null,"default_expiry":604800,"expiry_choices":[],
        "min_part_size":1,"max_part_size":67108864,"report_address":null}"#;
    let url = server(&[("GET /api/v1/server ", 200, DESCRIPTION)]);
    let (code, text) = told(&["put", "-", "--server", &url], "content");
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("ONEKEY_UPLOAD_SECRET"), "{text}");
}

#[test]
fn the_environment_gives_a_link_and_an_argument_wins() {
    let mut command = onekey(&["get"]);
    let output = command
        .env("ONEKEY_LINK", "https://example.org/s")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains("the part behind the `#` is missing"),
        "{text}"
    );

    let mut command = onekey(&["get", "example.org"]);
    let output = command
        .env("ONEKEY_LINK", "https://example.org/s")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("must begin with"), "{text}");
}

/// A server that accepts and never answers, so that the command can be watched while it runs.
#[cfg(target_os = "linux")]
#[test]
fn t7_a_link_on_stdin_shows_in_no_argument() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut child = started(&["get"], &format!("{url}/s#{KEY}"));
    // Once it connects it has read the link.
    let (_stream, _) = listener.accept().unwrap();
    for file in ["cmdline", "environ"] {
        let public = std::fs::read(format!("/proc/{}/{file}", child.id())).unwrap();
        let public = String::from_utf8_lossy(&public);
        assert!(!public.contains(KEY), "{public}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
