//! Multipart bodies (RFC 2046, section 5.1), piece by piece, without I/O: pieces go in, events come out.
//!
//! Our own, as `multer`, which axum uses, takes from a fast sender whatever there is before it gives any of it out,
//! and keeps a part's header fields however long they are: both are the client's to make as large as memory.
//! It also copies every byte. Here a piece of a file is passed on as it came, and what is kept is the beginning of a
//! delimiter, or one part's head of at most [`MAX_HEAD`] bytes.

use bytes::{Buf, Bytes, BytesMut};
use memchr::{memmem, memrchr};

/// Longest head of a part: all its header fields.
pub(crate) const MAX_HEAD: usize = 16 << 10;

/// Longest text before the first part; nobody we know sends any.
pub(crate) const MAX_PREAMBLE: usize = 64 << 10;

/// Most spaces between a delimiter and its line's end.
const MAX_PADDING: usize = 64;

/// What comes next.
#[derive(Debug)]
pub(crate) enum Event {
    /// Bytes of the part that began last; never empty.
    Data(Bytes),
    /// The last part has ended.
    End,
    /// A part begins; the one before has ended. These are its header fields, line ends included.
    Head(Vec<u8>),
    /// Nothing, before another piece is there.
    More,
}

/// Why a body is no form.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum MultipartError {
    #[error("the form ends before its last boundary; send it again")]
    Cut,
    #[error("a part of the form has more than {MAX_HEAD} bytes of header fields")]
    Head,
    #[error("the form does not begin with the boundary that Content-Type names")]
    Preamble,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Data,
    End,
    Head,
    Preamble,
}

/// Reads one body.
#[derive(Debug)]
pub(crate) struct Parser {
    /// `\r\n--BOUNDARY`. No boundary holds a CR, so the first byte is its only one.
    delimiter: memmem::Finder<'static>,
    state: State,
    /// What was pushed and not yet given out.
    held: Bytes,
    head: Vec<u8>,
    skipped: usize,
    ended: bool,
}

/// What stands behind a delimiter.
enum Line {
    /// Other text: what looked like a delimiter belongs to the content.
    Content,
    /// `--`.
    Last,
    /// So many spaces, and then the line's end, at which the next part's head begins.
    Next(usize),
    /// Too little to tell.
    Unknown,
}

impl Parser {
    /// Reads a body with this boundary, which holds neither CR nor LF.
    pub(crate) fn new(boundary: &[u8]) -> Self {
        let delimiter = [b"\r\n--", boundary].concat();
        Self {
            delimiter: memmem::Finder::new(&delimiter).into_owned(),
            state: State::Preamble,
            // The first delimiter may begin the body: as if a line had ended before it.
            held: Bytes::from_static(b"\r\n"),
            head: Vec::new(),
            skipped: 0,
            ended: false,
        }
    }

    /// Adds the body's next piece.
    pub(crate) fn push(&mut self, piece: Bytes) {
        if self.held.is_empty() {
            self.held = piece;
            return;
        }
        // What is held is short: the beginning of a delimiter.
        let mut joined = BytesMut::with_capacity(self.held.len() + piece.len());
        joined.extend_from_slice(&self.held);
        joined.extend_from_slice(&piece);
        self.held = joined.freeze();
    }

    /// Says that no piece follows.
    pub(crate) fn end(&mut self) {
        self.ended = true;
    }

    pub(crate) fn next(&mut self) -> Result<Event, MultipartError> {
        loop {
            let event = match self.state {
                State::End => return Ok(Event::End),
                State::Head => self.head()?,
                State::Data | State::Preamble => self.content()?,
            };
            match event {
                Some(Event::More) if self.ended => return Err(MultipartError::Cut),
                Some(event) => return Ok(event),
                None => {}
            }
        }
    }

    /// Collects the head, which ends with an empty line. It begins with the end of the delimiter's line.
    fn head(&mut self) -> Result<Option<Event>, MultipartError> {
        const END: &[u8] = b"\r\n\r\n";
        let before = self.head.len();
        let taken = self.held.len().min(MAX_HEAD + END.len() - before);
        self.head.extend_from_slice(&self.held[..taken]);
        let from = before.saturating_sub(END.len() - 1);
        let Some(at) = memmem::find(&self.head[from..], END) else {
            self.held.advance(taken);
            return if self.head.len() >= MAX_HEAD + END.len() {
                Err(MultipartError::Head)
            } else {
                Ok(Some(Event::More))
            };
        };
        let end = from + at + END.len();
        self.held.advance(end - before);
        self.head.truncate(end);
        self.state = State::Data;
        Ok(Some(Event::Head(std::mem::take(&mut self.head))))
    }

    /// Gives out what stands before the next delimiter, and then passes over that.
    fn content(&mut self) -> Result<Option<Event>, MultipartError> {
        let (before, delimiter) = self.find();
        let data = self.held.split_to(before);
        let state = self.state;
        if let Some((length, last)) = delimiter {
            self.held.advance(length);
            self.state = if last { State::End } else { State::Head };
        }
        if state == State::Preamble {
            self.skipped += data.len();
            if self.skipped > MAX_PREAMBLE || (self.ended && delimiter.is_none()) {
                return Err(MultipartError::Preamble);
            }
        } else if !data.is_empty() {
            return Ok(Some(Event::Data(data)));
        }
        Ok(delimiter.is_none().then_some(Event::More))
    }

    /// Returns how many bytes surely are content, and the length of the delimiter behind them if there is one, and
    /// whether it is the last.
    fn find(&self) -> (usize, Option<(usize, bool)>) {
        let length = self.delimiter.needle().len();
        let mut from = 0;
        while let Some(at) = self.delimiter.find(&self.held[from..]) {
            let at = from + at;
            match line(&self.held[at + length..]) {
                Line::Content => from = at + length,
                Line::Last => return (at, Some((length + 2, true))),
                Line::Next(padding) => return (at, Some((length + padding, false))),
                Line::Unknown => return (at, None),
            }
        }
        (self.held.len() - self.begun(), None)
    }

    /// Returns how many bytes at the end may be the beginning of a delimiter.
    fn begun(&self) -> usize {
        let at = memrchr(b'\r', &self.held);
        let end = at.map_or(&[][..], |at| &self.held[at..]);
        if self.delimiter.needle().starts_with(end) {
            end.len()
        } else {
            0
        }
    }
}

fn line(rest: &[u8]) -> Line {
    if rest.starts_with(b"--") {
        return Line::Last;
    }
    let padding = rest.iter().take_while(|byte| b" \t".contains(byte)).count();
    match &rest[padding..] {
        _ if padding > MAX_PADDING => Line::Content,
        [b'\r', b'\n', ..] => Line::Next(padding),
        [] | [b'\r'] => Line::Unknown,
        [b'-'] if padding == 0 => Line::Unknown,
        _ => Line::Content,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a body in pieces of `size`; a part is its head and its content.
    fn parts(body: &[u8], size: usize) -> Result<Vec<(String, Vec<u8>)>, MultipartError> {
        let mut parser = Parser::new(b"XY");
        let mut pieces = body.chunks(size);
        let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
        loop {
            match parser.next()? {
                Event::Data(data) => parts.last_mut().unwrap().1.extend(data),
                Event::End => return Ok(parts),
                Event::Head(head) => parts.push((String::from_utf8(head).unwrap(), Vec::new())),
                Event::More => match pieces.next() {
                    Some(piece) => parser.push(Bytes::copy_from_slice(piece)),
                    None => parser.end(),
                },
            }
        }
    }

    /// Reads it whole and in pieces of every size, and asserts that this makes no difference.
    fn read(body: &[u8]) -> Result<Vec<(String, Vec<u8>)>, MultipartError> {
        let whole = parts(body, usize::MAX);
        for size in 1..=body.len().clamp(1, 100) {
            assert_eq!(parts(body, size), whole, "in pieces of {size}");
        }
        whole
    }

    fn contents(body: &[u8]) -> Vec<Vec<u8>> {
        read(body).unwrap().into_iter().map(|part| part.1).collect()
    }

    #[test]
    fn r5_parts_are_found_however_the_body_is_cut() {
        let body = b"--XY\r\na: b\r\nc: d\r\n\r\none\r\n--XY  \t\r\n\r\n\r\n--XY\r\n\r\ntwo\r\n\r\n--XY--\r\nepilogue";
        let parts = read(body).unwrap();
        assert_eq!(parts[0], ("\r\na: b\r\nc: d\r\n\r\n".into(), b"one".into()));
        assert_eq!(parts[1], ("\r\n\r\n".into(), b"".into()));
        assert_eq!(parts[2].1, b"two\r\n");
        assert_eq!(parts.len(), 3);
    }

    #[test]
    fn r5_a_preamble_is_passed_over() {
        let body = b"for old programs\r\nXY --XY\r\n--XY\r\n\r\none\r\n--XY--";
        assert_eq!(contents(body), [b"one"]);
        assert_eq!(read(b"--XY--").unwrap(), []);
        assert_eq!(read(b"no form"), Err(MultipartError::Preamble));
        assert_eq!(read(b""), Err(MultipartError::Preamble));
        let endless = vec![b'x'; MAX_PREAMBLE + 10];
        assert_eq!(parts(&endless, 1000), Err(MultipartError::Preamble));
    }

    #[test]
    fn r5_what_only_looks_like_a_delimiter_is_content() {
        for content in [
            &b"\r\n--XYZ"[..],
            b"\r\n--X",
            b"\r\n--XY \t-",
            b"\r\n--XY-x",
            b"--XY\r\n",
            b"\n--XY\n",
            b"\r\r\n--XX",
            b"\r\n\r\n--",
            b"\r\n--XY\r",
            &[b"\r\n--XY".as_slice(), &[b' '; 100]].concat(),
        ] {
            let body = [b"--XY\r\n\r\n", content, b"\r\n--XY--\r\n"].concat();
            assert_eq!(contents(&body), [content], "{content:?}");
        }
    }

    #[test]
    fn r5_a_form_without_its_last_boundary_fails() {
        let whole = b"--XY\r\na: b\r\n\r\none\r\n--XY\r\n\r\ntwo\r\n--XY--";
        for end in 6..whole.len() {
            assert_eq!(read(&whole[..end]), Err(MultipartError::Cut), "{end}");
        }
    }

    #[test]
    fn r5_a_head_is_bounded() {
        let head = |length| {
            let field = [b"\r\n", &vec![b'x'; length - 2][..], b"\r\n\r\n"].concat();
            parts(&[b"--XY", &field[..], b"one\r\n--XY--"].concat(), 777)
        };
        assert_eq!(head(MAX_HEAD).unwrap()[0].1, b"one");
        assert_eq!(head(MAX_HEAD + 1), Err(MultipartError::Head));
        assert_eq!(head(1 << 20), Err(MultipartError::Head));
    }

    #[test]
    fn what_is_held_between_two_pieces_is_short() {
        let mut parser = Parser::new(b"XY");
        parser.push(Bytes::from_static(b"--XY\r\n\r\n"));
        let mut longest = 0;
        for piece in b"\r\n--XY \r\n--XY\t\t\t\r".repeat(200).chunks(1) {
            parser.push(Bytes::copy_from_slice(piece));
            while !matches!(parser.next(), Ok(Event::More)) {}
            longest = longest.max(parser.held.len());
        }
        assert!(longest <= 6 + MAX_PADDING + 2, "{longest}");
    }
}
