//! Programs that a machine may lack, and that end with their test.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::wait_for;

/// How often a program is started on another port, as somebody may take a free one first.
const STARTS: usize = 5;

/// A program that runs in the foreground. Dropping it kills it.
pub(crate) struct Program(Child);

/// Where administrators' programs are, beside the search path.
const ADMINISTRATORS: &str = "/usr/sbin";

/// Returns a command, or says that its test is skipped.
pub(crate) fn find(test: &str, name: &str) -> Option<Command> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = std::env::split_paths(&folders).collect();
    folders.push(ADMINISTRATORS.into());
    let paths = folders.iter().map(|folder| folder.join(name));
    let found = paths.into_iter().find(|path| path.is_file());
    if found.is_none() {
        skip(test, &format!("{name} is not installed"));
    }
    found.map(Command::new)
}

/// Writes the skip where `./test` looks for it, and where people do.
fn skip(test: &str, reason: &str) {
    let line = format!("{test}: {reason}\n");
    // Not `eprintln!`, which a passing test hides.
    let _ = write!(std::io::stderr(), "SKIPPED {line}");
    if let Some(path) = std::env::var_os("ONEKEY_SKIPPED") {
        let mut file = OpenOptions::new().append(true).create(true).open(path);
        file.as_mut().unwrap().write_all(line.as_bytes()).unwrap();
    }
}

/// Returns a port that nobody has just now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Program {
    /// Starts a command that `prepare` makes for a new port each time, and waits until that listens. What it says goes
    /// to a file in `folder`, where it is searched like a log.
    pub(crate) fn start(folder: &Path, mut prepare: impl FnMut(u16) -> Command) -> (Self, u16) {
        let said = folder.join("said.log");
        for _ in 0..STARTS {
            let port = free_port();
            let file = File::create(&said).unwrap();
            let mut command = prepare(port);
            command
                .stdin(Stdio::null())
                .stdout(file.try_clone().unwrap())
                .stderr(file);
            let mut program = Self(command.spawn().unwrap());
            let address = SocketAddr::from(([127, 0, 0, 1], port));
            let listens = wait_for("its start", || {
                if program.0.try_wait().unwrap().is_some() {
                    return Some(false);
                }
                TcpStream::connect(address).ok().map(|_| true)
            });
            if listens {
                return (program, port);
            }
        }
        panic!(
            "it does not start: {}",
            std::fs::read_to_string(&said).unwrap()
        );
    }
}

impl Program {
    pub(crate) fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
