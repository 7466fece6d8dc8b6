//! HTTP/1.1 written by hand: what no well-behaved client sends, and thousands of small requests on one connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longest silence of a server.
const PATIENCE: Duration = Duration::from_secs(60);

/// Longest head of an answer, in lines.
const MAX_LINES: usize = 64;

/// A connection that stays open between requests.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Sends one request on a connection of its own. The body is JSON, or `Value::Null` for none.
pub(crate) fn ask(
    address: SocketAddr,
    request: &str,
    authorization: &str,
    body: &Value,
) -> io::Result<Answer> {
    Connection::open(address)?.ask(request, authorization, body)
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    /// Sends `METHOD PATH` with a JSON body, and reads the answer.
    pub(crate) fn ask(
        &mut self,
        request: &str,
        authorization: &str,
        body: &Value,
    ) -> io::Result<Answer> {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let fields = format!("content-length: {}\r\n", body.len());
        self.send(head(request, authorization, &fields))?;
        self.send(body.as_bytes())?;
        self.answer()
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes.as_ref())
    }

    /// Returns a second handle, to send while answers are awaited.
    pub(crate) fn writer(&self) -> TcpStream {
        self.stream.get_ref().try_clone().unwrap()
    }

    /// Reads an answer, and its body as far as `Content-Length` says.
    pub(crate) fn answer(&mut self) -> io::Result<Answer> {
        let mut line = self.line()?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("not HTTP"))?;
        let mut length = 0;
        for _ in 0..MAX_LINES {
            line = self.line()?;
            if line.is_empty() {
                let mut body = vec![0; length];
                self.stream.read_exact(&mut body)?;
                return Ok(Answer { status, body });
            }
            if let Some((name, value)) = line.split_once(": ")
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.parse().map_err(io::Error::other)?;
            }
        }
        Err(io::Error::other("too many header fields"))
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.body[..self.body.len().min(500)]);
        assert_eq!(self.status, status, "{body}");
        self
    }
}

/// Returns a request's head with more `fields`, each ended by CRLF.
pub(crate) fn head(request: &str, authorization: &str, fields: &str) -> String {
    let authorization = match authorization {
        "" => String::new(),
        value => format!("authorization: {value}\r\n"),
    };
    format!("{request} HTTP/1.1\r\nhost: onekey\r\n{authorization}{fields}\r\n")
}
