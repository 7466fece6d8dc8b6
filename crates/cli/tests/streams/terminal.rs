//! What goes to a terminal: no ciphertext, and no plaintext that steers it.

use std::io::Read;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::*;

/// Runs a command whose standard output is a terminal. Returns what the terminal got.
fn on_terminal(home: &Home, arguments: &[&str], stdin: &[u8]) -> (Done, String) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let slave = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    let mut command = home.command(arguments);
    let child = command.stdout(slave).spawn().unwrap();
    // Ours of the terminal's other end: it closes when the command ends.
    drop(command);
    let mut master = fs::File::from(master);
    let reader = thread::spawn(move || {
        let (mut got, mut buffer) = (Vec::new(), [0; 4096]);
        // The end of a terminal is an error.
        while let Ok(read @ 1..) = master.read(&mut buffer) {
            got.extend_from_slice(&buffer[..read]);
        }
        String::from_utf8(got).unwrap()
    });
    let done = finish(child, stdin);
    (done, reader.join().unwrap())
}

#[test]
fn a_sealed_stream_never_goes_to_a_terminal() {
    let home = Home::new();
    for arguments in [
        &["seal", "-k", "key"][..],
        &["seal", "-k", "key", "-o", "-"],
        &["seal"],
    ] {
        let (done, shown) = on_terminal(&home, arguments, b"text");
        done.refused(2, "not for a terminal");
        assert_eq!(shown, "");
    }
}

#[test]
fn nor_to_one_that_is_named() {
    let home = Home::new();
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let name = name.to_str().unwrap();
    home.run(&["seal", "-k", "key", "-o", name], b"text")
        .refused(2, "not for a terminal");
}

#[test]
fn text_is_shown_and_what_steers_is_not() {
    let home = Home::new();
    let sealed = |text: &[u8]| home.run(&["seal", "-k", "key"], text).ok().stdout;
    let (done, shown) = on_terminal(
        &home,
        &["unseal", "-k", "key"],
        &sealed("Größe\n".as_bytes()),
    );
    done.ok();
    assert_eq!(shown, "Größe\r\n");
    for binary in [&b"\x1b[2J"[..], b"\x00\x01", b"\xff\xfe"] {
        let sealed = sealed(binary);
        let (done, shown) = on_terminal(&home, &["unseal", "-k", "key"], &sealed);
        done.refused(1, "-o -");
        assert_eq!(shown, "");
        // On purpose it is.
        if let Ok(text) = std::str::from_utf8(binary) {
            let (done, shown) = on_terminal(&home, &["unseal", "-k", "key", "-o", "-"], &sealed);
            done.ok();
            assert_eq!(shown, text);
        }
    }
}
