//! Ctrl-C and SIGTERM.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::World;

/// Longest wait for a process that was asked to end.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn interrupt(child: &mut Child) -> Option<i32> {
    end_with("-INT", child)
}

fn end_with(signal: &str, child: &mut Child) -> Option<i32> {
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &pid])
            .status()
            .unwrap()
            .success()
    );
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    panic!("it did not end");
}

#[test]
fn a_put_ends_with_130_and_prints_no_link() {
    for signal in ["-INT", "-TERM"] {
        let world = World::new();
        let mut child = world.command(&["put", "-"]).spawn().unwrap();
        // More than a pipe holds: once it is written, the upload reads. The end never comes.
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(&vec![0; 1 << 20]).unwrap();
        assert_eq!(end_with(signal, &mut child), Some(130));
        let output = child.wait_with_output().unwrap();
        assert!(output.stdout.is_empty(), "{output:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("onekey: error: interrupted"), "{text}");
        assert!(text.contains("nothing was shared"), "{text}");
    }
}

/// Bytes of each answer that come through the line: more than a chunk, and less than the file.
const COMES_THROUGH: usize = 1 << 20;

/// A line to the server that falls silent in the middle of an answer, and tells when it did.
fn silent_line(world: &World) -> (String, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = world.url.strip_prefix("http://").unwrap().to_owned();
    let (tell, told) = channel();
    thread::spawn(move || {
        for near in listener.incoming().flatten() {
            let far = TcpStream::connect(&server).unwrap();
            let ways = [
                (near.try_clone().unwrap(), far.try_clone().unwrap()),
                (far, near),
            ];
            for (from, to) in ways {
                let tell = tell.clone();
                thread::spawn(move || carry(from, to, &tell));
            }
        }
    });
    (url, told)
}

fn carry(mut from: TcpStream, mut to: TcpStream, tell: &Sender<()>) {
    let (mut left, mut buffer) = (COMES_THROUGH, [0; 64 << 10]);
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let passed = read.min(left);
        if to.write_all(&buffer[..passed]).is_err() {
            return;
        }
        left -= passed;
        if left == 0 {
            let _ = tell.send(());
            thread::sleep(PATIENCE);
            return;
        }
    }
}

#[test]
fn a_get_ends_with_130_leaves_no_file_under_its_name_and_goes_on() {
    let world = World::new();
    world.file("src/a.bin", vec![7; 4 << 20]);
    world.file("src/b.bin", "small");
    let share = world.put(&["src", "--no-compress"]);
    let (line, silent) = silent_line(&world);
    let link = share.link.replace(&world.url, &line);
    std::fs::create_dir(world.path("out")).unwrap();
    for arguments in [
        &["get", "-o", "out"][..],
        &[
            "get",
            "-o",
            "out",
            "--file",
            "src/a.bin",
            "--file",
            "src/b.bin",
        ],
        &["get", "-o", "out/x", "--file", "src/a.bin"],
    ] {
        let mut child = world.command(arguments).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(link.as_bytes()).unwrap();
        drop(stdin);
        silent.recv_timeout(PATIENCE).unwrap();
        assert_eq!(interrupt(&mut child), Some(130));
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("onekey: error: interrupted"), "{text}");
        assert!(text.contains("run the same command again"), "{text}");
        let left: Vec<_> = std::fs::read_dir(world.path("out")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
        // By another way to the same server it goes on; the download was counted.
        let done = world.run(arguments, &share.link).ok();
        assert!(done.stderr.contains("continuing: "), "{done:?}");
        std::fs::remove_dir_all(world.path("out")).unwrap();
        std::fs::create_dir(world.path("out")).unwrap();
    }
    let done = world.run(&["info", "--json"], &share.manage_link).ok();
    assert!(done.stdout.contains("\"downloads\":3,"), "{done:?}");
}
