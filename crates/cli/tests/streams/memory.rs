//! Memory does not grow with the length.

use std::fs::File;
use std::time::Duration;

use super::*;

/// Bytes of the file, which has no blocks on the disk.
const LENGTH: u64 = 1 << 30;

/// Most memory of eight threads: 16 buffers of half a MiB, and the program.
const MAX_MEMORY: u64 = 48 << 20;

/// Time between two looks at the memory of a process.
const LOOK: Duration = Duration::from_millis(2);

/// Returns the most memory that a process ever had, in bytes, or `None` when it has ended.
fn peak(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[track_caller]
fn assert_flat(child: Child, what: &str) {
    let mut most = 0;
    while let Some(now) = peak(child.id()) {
        most = now;
        thread::sleep(LOOK);
    }
    finish(child, b"").ok();
    eprintln!("{what}: {} MiB", most >> 20);
    assert!(
        (1..MAX_MEMORY).contains(&most),
        "{what}: {} MiB",
        most >> 20
    );
}

#[test]
fn a_gib_goes_through_in_little_memory() {
    let home = Home::new();
    File::create(home.path("in"))
        .unwrap()
        .set_len(LENGTH)
        .unwrap();
    let eight = ["--threads", "8", "-k", "key"];
    let seal = [&["seal", "in"], &eight[..]].concat();
    let to_nothing = [&seal[..], &["-o", "/dev/null"]].concat();
    let child = home.command(&to_nothing).spawn().unwrap();
    assert_flat(child, "seal a file");

    // Both ends at once, through a pipe that neither can hold.
    let mut sealing = home.command(&seal).spawn().unwrap();
    let unseal = [&["unseal"], &eight[..], &["-o", "/dev/null"]].concat();
    let mut unsealing = home.command(&unseal);
    unsealing.stdin(sealing.stdout.take().unwrap());
    let mut ends = unsealing.spawn().unwrap();
    let (sealing_pid, mut most) = (sealing.id(), 0);
    loop {
        most = peak(sealing_pid).unwrap_or(most).max(most);
        let unsealing = peak(ends.id()).unwrap_or(0);
        assert!(
            unsealing.max(most) < MAX_MEMORY,
            "{} and {} MiB",
            most >> 20,
            unsealing >> 20
        );
        if ends.try_wait().unwrap().is_some() {
            break;
        }
        thread::sleep(LOOK);
    }
    assert!(ends.wait().unwrap().success());
    assert!(sealing.wait().unwrap().success());
}
