//! Ctrl-C and SIGTERM: nothing stays.

use std::time::{Duration, Instant};

use super::*;

/// Longest wait for something that takes a moment.
const PATIENCE: Duration = Duration::from_secs(30);

fn wait_for(what: &str, mut there: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !there() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn an_interrupted_command_leaves_no_file() {
    for signal in ["-INT", "-TERM"] {
        for arguments in [
            &["seal", "-o", "out", "--new-key", "new"][..],
            &["seal", "-o", "out"],
            &["unseal", "-k", "key", "-o", "out"],
        ] {
            let home = Home::new();
            home.sealed(40 * CHUNK);
            let sealed = home.read("sealed");
            let mut child = home.command(arguments).spawn().unwrap();
            let mut pipe = child.stdin.take().unwrap();
            // The pipe stays open: the command waits for more.
            pipe.write_all(&sealed[..30 * CHUNK]).unwrap();
            wait_for("a temporary file", || {
                home.names().iter().any(|name| name.starts_with(".onekey-"))
            });
            let pid = child.id().to_string();
            assert!(
                Command::new("kill")
                    .args([signal, &pid])
                    .status()
                    .unwrap()
                    .success()
            );
            wait_for("it ends", || child.try_wait().unwrap().is_some());
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(130), "{arguments:?}");
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(told.contains("onekey: error: interrupted"), "{told}");
            assert_eq!(home.names(), ["in", "sealed"], "{arguments:?}");
            drop(pipe);
        }
    }
}
