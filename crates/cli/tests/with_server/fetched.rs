//! What the command shares directly, fetched over HTTP as browsers, players and curl do.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::harness::World;

/// Asks for the path of a link. Returns head and body.
fn fetch(world: &World, method: &str, link: &str) -> (String, Vec<u8>) {
    let host = world.url.strip_prefix("http://").unwrap();
    let path = link.strip_prefix(&world.url).unwrap();
    let path = path.split('#').next().unwrap();
    let mut socket = TcpStream::connect(host).unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4;
    let body = answer.split_off(end);
    (String::from_utf8(answer).unwrap().to_lowercase(), body)
}

fn share(world: &World, arguments: &[&str], stdin: &str) -> Value {
    let arguments = [&["put", "--json"], arguments].concat();
    serde_json::from_str(&world.run(&arguments, stdin).ok().stdout).unwrap()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

#[test]
fn a_direct_link_gives_the_file_and_a_private_one_nothing() {
    let world = World::new();
    let content = b"\x89PNG and more".repeat(20_000);
    world.file("shot.png", &content);
    let put = share(&world, &["--direct", "shot.png"], "");
    let link = text(&put, "direct_link");
    let (head, body) = fetch(&world, "GET", link);
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    assert!(head.contains("\r\ncontent-type: image/png\r\n"), "{head}");
    assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", content.len())));
    assert!(body == content);
    let (head, body) = fetch(&world, "HEAD", link);
    assert!(
        head.starts_with("http/1.1 200 ") && body.is_empty(),
        "{head}"
    );

    let private = share(&world, &["shot.png"], "");
    let key = text(&private, "link").split_once('#').unwrap().1;
    let link = format!("{}/{key}.png", world.url);
    assert!(fetch(&world, "GET", &link).0.starts_with("http/1.1 404 "));
}

#[test]
fn a_pipe_a_padded_file_and_a_file_of_several_are_whole() {
    let world = World::new();
    world.file("dir/a.txt", "first");
    world.file("dir/sub/b c.txt", "second");
    let get = |link: &str| String::from_utf8(fetch(&world, "GET", link).1).unwrap();
    let piped = share(&world, &["--direct", "-", "--name", "a.txt"], "piped");
    assert_eq!(get(text(&piped, "direct_link")), "piped");
    let padded = share(&world, &["--direct", "--pad", "dir/a.txt"], "");
    assert_eq!(get(text(&padded, "direct_link")), "first");
    let several = share(&world, &["--direct", "dir"], "");
    let link = format!("{}/dir/sub/b%20c.txt", text(&several, "direct_link"));
    assert_eq!(get(&link), "second");
}

#[test]
fn an_added_link_opens_directly_until_it_is_revoked() {
    let world = World::new();
    world.file("a.txt", "content");
    let put = share(&world, &["a.txt", "--no-compress"], "");
    let manage = text(&put, "manage_link");
    let added = world.run(&["link", "add", "--direct", "-q"], manage).ok();
    let link = added.stdout.trim_end();
    assert_eq!(fetch(&world, "GET", link).1, b"content");
    world.run(&["link", "revoke", link], "").ok();
    assert!(fetch(&world, "GET", link).0.starts_with("http/1.1 404 "));
}
