//! What may go to a terminal without being asked for: text, and nothing that steers the terminal.

use std::error::Error;
use std::fmt;
use std::io;

/// What is not text was about to be written to a terminal.
#[derive(Debug)]
pub(crate) struct NotText;

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is not plain text, and standard output is a terminal")
    }
}

impl Error for NotText {}

/// Looks at text piece by piece.
#[derive(Debug, Default)]
pub(crate) struct TextOnly {
    /// The beginning of a character that the piece before ended in (three bytes at most), and the piece.
    piece: Vec<u8>,
    /// What of it may pass.
    passed: usize,
}

impl TextOnly {
    /// Takes the next piece. Returns what may be written: whole characters.
    ///
    /// # Errors
    /// [`NotText`].
    pub(crate) fn pass(&mut self, bytes: &[u8]) -> io::Result<&[u8]> {
        self.piece.drain(..self.passed);
        self.piece.extend_from_slice(bytes);
        let text = match std::str::from_utf8(&self.piece) {
            Ok(text) => text,
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(&self.piece[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return Err(not_text()),
        };
        if text.chars().any(steers) {
            return Err(not_text());
        }
        self.passed = text.len();
        Ok(&self.piece[..self.passed])
    }

    /// # Errors
    /// [`NotText`] if a character is not whole.
    pub(crate) fn end(&self) -> io::Result<()> {
        if self.piece.len() == self.passed {
            Ok(())
        } else {
            Err(not_text())
        }
    }
}

/// Lines and tabs are text. Control characters move the cursor, set the window's title, or answer as if typed.
fn steers(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\t' | '\r')
}

fn not_text() -> io::Error {
    io::Error::other(NotText)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(pieces: &[&[u8]]) -> Option<Vec<u8>> {
        let mut text = TextOnly::default();
        let mut passed = Vec::new();
        for piece in pieces {
            passed.extend_from_slice(text.pass(piece).ok()?);
        }
        text.end().ok()?;
        Some(passed)
    }

    #[test]
    fn text_passes_however_it_is_cut() {
        let text = "Größe\t大きさ 🦀\r\nend\n".as_bytes();
        for cut in 0..=text.len() {
            let (first, second) = text.split_at(cut);
            assert_eq!(passed(&[first, second]).as_deref(), Some(text), "{cut}");
        }
        let bytes: Vec<_> = text.chunks(1).collect();
        assert_eq!(passed(&bytes).as_deref(), Some(text));
        assert_eq!(passed(&[]).as_deref(), Some(&b""[..]));
    }

    #[test]
    fn what_steers_a_terminal_does_not_pass() {
        for bytes in [
            &b"\x1b[2J"[..],
            b"a\x07",
            b"\x7f",
            b"\0",
            b"\xc2\x9b31m",
            b"\xff",
            b"\x89onekey\n",
            // Cut off within a character.
            b"a\xc3",
        ] {
            assert_eq!(passed(&[bytes]), None, "{bytes:?}");
        }
        // The two bytes of one control character, in two pieces.
        assert_eq!(passed(&[b"\xc2", b"\x9b"]), None);
    }
}
