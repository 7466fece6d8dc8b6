//! The real server as a process of its own, and what it logs.

#![allow(dead_code, reason = "every test file uses another part of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

/// What stands before the address in the log.
const LISTENING: &str = "listening on http://";

/// A server that runs. Dropping it kills it.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    log: Option<JoinHandle<Vec<String>>>,
}

impl Process {
    /// Starts a server on a port of its own, with nothing of this environment, and waits until it listens.
    pub(crate) fn start(set_up: impl FnOnce(&mut Command)) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_onekey-server"));
        server.env_clear().args(["--listen", "127.0.0.1:0"]);
        set_up(&mut server);
        let mut child = server
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let address = lines
            .by_ref()
            .find_map(|line| {
                line.split_once(LISTENING)?
                    .1
                    .split(' ')
                    .next()?
                    .parse()
                    .ok()
            })
            .expect("the server ended before it listened");
        Self {
            child,
            address,
            // All the while, or the server would wait for a full pipe.
            log: Some(std::thread::spawn(move || lines.collect())),
        }
    }

    /// Returns the bytes of an answer to a request without a body. `fields` are whole lines.
    pub(crate) fn ask(&self, method: &str, path: &str, fields: &str) -> Vec<u8> {
        let mut socket = TcpStream::connect(self.address).unwrap();
        write!(
            socket,
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{fields}\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        assert!(answer.starts_with(b"HTTP/1.1 "), "{method} {path}");
        answer
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Kills it and returns the lines it logged since it listened.
    pub(crate) fn into_log(mut self) -> Vec<String> {
        self.kill();
        self.log.take().unwrap().join().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
