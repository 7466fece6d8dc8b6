//! A wire between clients and server that keeps every byte, can be cut, and can hold requests until all are there.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// Bytes that are passed on at once.
const BUFFER: usize = 64 << 10;

/// Longest wait for others: the server closes connections on which nothing comes for 10 seconds.
const GATHERING: Duration = Duration::from_secs(5);

/// A proxy on a free port. It runs until the test's process ends.
pub(crate) struct Proxy {
    pub(crate) url: String,
    wire: Arc<Wire>,
}

/// What all connections share.
struct Wire {
    server: Mutex<SocketAddr>,
    /// Every direction of every connection, as its bytes went by.
    recorded: Mutex<Vec<Arc<Mutex<Vec<u8>>>>>,
    records: bool,
    /// Bytes that were passed on: to the server, and to its clients.
    up: AtomicU64,
    down: AtomicU64,
    trap: Mutex<Option<Trap>>,
    gate: Mutex<Option<Gate>>,
    opened: Condvar,
}

/// Requests that wait for each other.
struct Gate {
    holds: &'static str,
    missing: usize,
}

/// Something to do once the server has sent so many bytes more.
struct Trap {
    bytes: usize,
    tell: Sender<()>,
}

impl Proxy {
    /// Passes everything on to `server` and keeps it.
    pub(crate) fn recording(server: SocketAddr) -> Self {
        Self::start(server, true)
    }

    /// Passes everything on to `server`.
    pub(crate) fn new(server: SocketAddr) -> Self {
        Self::start(server, false)
    }

    fn start(server: SocketAddr, records: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let wire = Arc::new(Wire {
            server: Mutex::new(server),
            recorded: Mutex::default(),
            records,
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            trap: Mutex::default(),
            gate: Mutex::default(),
            opened: Condvar::new(),
        });
        let shared = Arc::clone(&wire);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                shared.connect(client);
            }
        });
        Self { url, wire }
    }

    /// Sends new connections to another server.
    pub(crate) fn lead_to(&self, server: SocketAddr) {
        *self.wire.server.lock().unwrap() = server;
    }

    /// Returns how many bytes went to servers.
    pub(crate) fn up(&self) -> u64 {
        self.wire.up.load(Ordering::Relaxed)
    }

    /// Returns how many bytes went to clients.
    pub(crate) fn down(&self) -> u64 {
        self.wire.down.load(Ordering::Relaxed)
    }

    /// Cuts the connection on which the server has sent the last of `bytes` more. Returns what tells of it.
    pub(crate) fn cut_after(&self, bytes: usize) -> Receiver<()> {
        let (tell, told) = mpsc::channel();
        *self.wire.trap.lock().unwrap() = Some(Trap { bytes, tell });
        told
    }

    /// Holds requests whose head has the text `holds` until `count` of them are there or five seconds are over, and
    /// lets all go at once.
    pub(crate) fn gather(&self, holds: &'static str, count: usize) {
        let missing = count;
        *self.wire.gate.lock().unwrap() = Some(Gate { holds, missing });
    }

    /// Returns everything that went by, once for each direction of each connection.
    pub(crate) fn recorded(&self) -> Vec<Vec<u8>> {
        let recorded = self.wire.recorded.lock().unwrap();
        recorded
            .iter()
            .map(|tape| tape.lock().unwrap().clone())
            .collect()
    }
}

impl Wire {
    fn connect(self: &Arc<Self>, client: TcpStream) {
        let address = *self.server.lock().unwrap();
        // A server that is down looks like this from far away, too.
        let Ok(server) = TcpStream::connect(address) else {
            return;
        };
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let ways = [
            (
                client.try_clone().unwrap(),
                server.try_clone().unwrap(),
                false,
            ),
            (server, client, true),
        ];
        for (from, to, down) in ways {
            let wire = Arc::clone(self);
            thread::spawn(move || wire.pump(from, to, down));
        }
    }

    fn pump(&self, mut from: TcpStream, mut to: TcpStream, down: bool) {
        let tape = Arc::default();
        if self.records {
            self.recorded.lock().unwrap().push(Arc::clone(&tape));
        }
        let mut buffer = vec![0; BUFFER];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let bytes = &buffer[..length];
            if self.records {
                tape.lock().unwrap().extend_from_slice(bytes);
            }
            if down && self.springs(length) {
                break;
            }
            if !down {
                self.wait_for_others(bytes);
            }
            if to.write_all(bytes).is_err() {
                break;
            }
            let passed = if down { &self.down } else { &self.up };
            passed.fetch_add(length as u64, Ordering::Relaxed);
        }
        // Both, so that the other direction ends as well.
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    }

    /// Waits at the gate if these bytes of a client stop there.
    fn wait_for_others(&self, bytes: &[u8]) {
        let mut gate = self.gate.lock().unwrap();
        let Some(here) = &mut *gate else { return };
        // A head of a request comes in one piece: the client writes it at once.
        if !String::from_utf8_lossy(bytes).contains(here.holds) {
            return;
        }
        here.missing = here.missing.saturating_sub(1);
        let closed = |gate: &mut Option<Gate>| gate.as_ref().is_some_and(|gate| gate.missing > 0);
        let (mut gate, _) = self
            .opened
            .wait_timeout_while(gate, GATHERING, closed)
            .unwrap();
        *gate = None;
        self.opened.notify_all();
    }

    /// Tells whether these bytes of the server spring the trap.
    fn springs(&self, length: usize) -> bool {
        let mut trap = self.trap.lock().unwrap();
        let Some(set) = &mut *trap else { return false };
        set.bytes = set.bytes.saturating_sub(length);
        if set.bytes > 0 {
            return false;
        }
        let _ = set.tell.send(());
        *trap = None;
        true
    }
}
