//! A stand-in for a server that does what the real one does only when something breaks. The end of the path says what.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::{KEY, MARKER};

/// Bytes of a film: far more than any buffer between here and a reader.
pub(crate) const FILM: u64 = 64 << 20;

/// Bytes of a body that are read before the connection is broken.
const BROKEN_AFTER: u64 = 64 << 10;

/// A server that answers by the path.
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct State {
    name: &'static str,
    received: AtomicU64,
    sent: AtomicU64,
    asked: Mutex<Vec<String>>,
}

impl Upstream {
    /// Starts it. It answers with its name where the path says nothing else, until the test ends.
    pub(crate) fn start(name: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            name,
            received: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            asked: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // A broken connection is what it is for.
                std::thread::spawn(move || state.answer(socket));
            }
        });
        Self { address, state }
    }

    /// Bytes of bodies that arrived.
    pub(crate) fn received(&self) -> u64 {
        self.state.received.load(Ordering::SeqCst)
    }

    /// Bytes of films that left.
    pub(crate) fn sent(&self) -> u64 {
        self.state.sent.load(Ordering::SeqCst)
    }

    /// First lines of all requests.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state.asked.lock().unwrap().clone()
    }
}

impl State {
    fn answer(&self, socket: TcpStream) -> Option<()> {
        let mut request = BufReader::new(socket.try_clone().ok()?);
        let mut answer = socket;
        let mut first = String::new();
        request.read_line(&mut first).ok()?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let mut line = String::new();
            request.read_line(&mut line).ok()?;
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().ok()?;
            }
            chunked |= line.starts_with("transfer-encoding: chunked");
        }
        let path = first.split(' ').nth(1)?.split('?').next()?.to_owned();
        self.asked.lock().unwrap().push(first.trim_end().to_owned());
        let end = path.rsplit('.').next()?;
        let body = if end == "broken" {
            BROKEN_AFTER
        } else {
            length
        };
        self.read(&mut request, body, chunked && end != "broken")?;
        match end {
            "broken" | "silent" => {}
            "cut" => write!(answer, "{}", head("200 OK", 1000, "")).ok()?,
            "moved" => {
                let fields =
                    format!("Location: https://files.example.org/{KEY}.png\r\nETag: \"{KEY}\"\r\n");
                write!(answer, "{}", head("302 Found", 0, &fields)).ok()?;
            }
            "film" => {
                write!(answer, "{}", head("200 OK", FILM, "")).ok()?;
                self.send_film(&mut answer)?;
            }
            _ => write!(
                answer,
                "{}{}",
                head("200 OK", self.name.len() as u64, ""),
                self.name
            )
            .ok()?,
        }
        Some(())
    }

    fn read(&self, request: &mut impl BufRead, length: u64, chunked: bool) -> Option<()> {
        let mut left = length;
        if chunked {
            // The chunks' own lines are counted with them: nobody needs it to the byte.
            let mut line = Vec::new();
            while line != b"0\r\n" {
                line.clear();
                let read = request.read_until(b'\n', &mut line).ok()? as u64;
                if read == 0 {
                    return None;
                }
                self.received.fetch_add(read, Ordering::SeqCst);
            }
            request.read_until(b'\n', &mut line).ok()?;
            return Some(());
        }
        let mut piece = vec![0; 64 << 10];
        while left > 0 {
            let most = left.min(piece.len() as u64) as usize;
            let read = request.read(&mut piece[..most]).ok()? as u64;
            if read == 0 {
                return None;
            }
            self.received.fetch_add(read, Ordering::SeqCst);
            left -= read;
        }
        Some(())
    }

    fn send_film(&self, answer: &mut impl Write) -> Option<()> {
        let piece = MARKER.repeat((64 << 10) / MARKER.len() + 1);
        let piece = &piece.as_bytes()[..64 << 10];
        for _ in 0..FILM / piece.len() as u64 {
            answer.write_all(piece).ok()?;
            self.sent.fetch_add(piece.len() as u64, Ordering::SeqCst);
        }
        Some(())
    }
}

fn head(status: &str, length: u64, fields: &str) -> String {
    // Of 1,000 bytes that are announced ten follow.
    let body = if length == 1000 { "0123456789" } else { "" };
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nContent-Type: text/plain\r\n{fields}Connection: close\r\n\r\n{body}"
    )
}
