//! Ctrl-C.

use std::io::Write;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::World;

/// Longest wait for a process that was asked to end.
const PATIENCE: Duration = Duration::from_secs(30);

fn interrupt(child: &mut Child) -> Option<i32> {
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
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
    let world = World::new();
    let mut child = world.command(&["put", "-"]).spawn().unwrap();
    // More than a pipe holds: once it is written, the upload reads. The end never comes.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&vec![0; 1 << 20]).unwrap();
    assert_eq!(interrupt(&mut child), Some(130));
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("onekey: error: interrupted"), "{text}");
    assert!(text.contains("nothing was shared"), "{text}");
}
