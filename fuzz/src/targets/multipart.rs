//! Forms: the same parts however the body is cut into pieces, and whatever a part's head holds, no panic.

use bytes::Bytes;

use crate::Reached;

// The server's own files: its crate would bring the whole of the server, which `--cfg fuzzing` refuses.
#[path = "../../../crates/server/src/routes/upload/field.rs"]
mod field;
#[path = "../../../crates/server/src/routes/upload/multipart.rs"]
mod server;
use server::{Event, MAX_HEAD, MultipartError, Parser};

/// What seeds name in their first line.
pub(crate) const BOUNDARY: &str = "XY";

/// A part's head and its content.
type Parts = Vec<(Vec<u8>, Vec<u8>)>;

/// The first byte is the length of the pieces.
pub(super) fn run(data: &[u8], reached: &mut Reached) {
    let Some((&size, body)) = data.split_first() else {
        return;
    };
    let (parts, end) = read(body, usize::MAX);
    assert_eq!(read(body, usize::from(size) + 1), (parts.clone(), end));
    match end {
        Ok(()) => reached.mark("Event::End"),
        Err(MultipartError::Cut) => reached.mark("MultipartError::Cut"),
        Err(_) => {}
    }
    let mut length = 0;
    for (head, content) in &parts {
        assert!(
            head.len() <= MAX_HEAD + 4 && head.starts_with(b"\r\n") && head.ends_with(b"\r\n\r\n")
        );
        length += head.len() + content.len();
        let field = field::read(head);
        if field.name.is_some() {
            reached.mark("Field::name");
        }
        if field.file_name.is_some() {
            reached.mark("Field::file_name");
        }
    }
    assert!(length <= body.len(), "more came out than went in");
    let _ = field::file_name_of(body);
    if let Some(Some(boundary)) = field::boundary(body) {
        assert!((1..=200).contains(&boundary.len()));
    }
}

fn read(body: &[u8], size: usize) -> (Parts, Result<(), MultipartError>) {
    let mut parser = Parser::new(BOUNDARY.as_bytes());
    let mut pieces = body.chunks(size);
    let mut parts = Parts::new();
    loop {
        match parser.next() {
            Err(error) => return (parts, Err(error)),
            Ok(Event::Data(data)) => {
                assert!(!data.is_empty());
                parts.last_mut().expect("a head came first").1.extend(data);
            }
            Ok(Event::End) => return (parts, Ok(())),
            Ok(Event::Head(head)) => parts.push((head, Vec::new())),
            Ok(Event::More) => match pieces.next() {
                Some(piece) => parser.push(Bytes::copy_from_slice(piece)),
                None => parser.end(),
            },
        }
    }
}
