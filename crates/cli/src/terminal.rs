//! What may go to the terminal.
//!
//! - stdout carries results and nothing else; messages, progress and prompts go to stderr.
//! - What another person chose (names, titles, notes, a server's words) is printed by [`shown`]
//!   only: it could move the cursor, set the window's title, or read backwards.
//! - A reader that closes the pipe has seen enough: that is no failure.
//! - A stderr that is closed stops nothing: what is worth an exit code has one.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Unicode's format characters (Cf) and the separators of lines and paragraphs (Zl, Zp): they draw
/// nothing and change what stands around them. Among them are the bidirectional controls.
/// The last range holds the tags, which hide a whole alphabet.
const FORMAT_CHARACTERS: [(char, char); 22] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    // Not format characters by category, and just as invisible: fillers that show as nothing.
    ('\u{115f}', '\u{1160}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Tells whether a character must not reach a terminal as it is.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || FORMAT_CHARACTERS
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&character))
}

/// Returns a text as it may go to the terminal: on one line, what is unsafe as `\u{1b}`.
pub(crate) fn shown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unsafe(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    safe
}

/// Returns a text of several lines as it may go to the terminal, each line behind `indent`, so that
/// none can pass for a line of ours.
pub(crate) fn shown_lines(text: &str, indent: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.replace('\t', "    ");
        format!("{indent}{}", shown(&line))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns JSON in which what is unsafe is escaped as well. Outside of its strings JSON has no such
/// character, so that it stays the same value.
pub(crate) fn shown_json(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        if is_unsafe(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").expect("writing to a string cannot fail");
            }
        } else {
            safe.push(character);
        }
    }
    safe
}

/// Prints a result's line. The caller made it safe.
///
/// # Errors
/// Any but a closed pipe.
pub(crate) fn result(line: &str) -> io::Result<()> {
    result_read(line).map(drop)
}

/// The same, and tells whether somebody reads it.
///
/// # Errors
/// Any but a closed pipe.
pub(crate) fn result_read(line: &str) -> io::Result<bool> {
    write(format!("{line}\n").as_bytes())
}

/// Prints a result of many lines, with its own line ends. The caller made it safe.
///
/// # Errors
/// Any but a closed pipe.
pub(crate) fn results(lines: &[u8]) -> io::Result<()> {
    write(lines).map(drop)
}

fn write(lines: &[u8]) -> io::Result<bool> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(lines).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        other => other.map(|()| true),
    }
}

/// Returns the columns of the window that shows standard output, or `None` if none does.
pub(crate) fn width() -> Option<usize> {
    let size = console::Term::stdout().size_checked()?;
    Some(size.1.into())
}

/// Returns how many columns a text takes that [`shown`] made safe.
pub(crate) fn columns(text: &str) -> usize {
    console::measure_text_width(text)
}

/// Cuts a text that [`shown`] made safe to so many columns, if there is a limit.
pub(crate) fn cut(text: &str, columns: Option<usize>) -> Cow<'_, str> {
    match columns {
        Some(columns) => console::truncate_str(text, columns, "…"),
        None => text.into(),
    }
}

/// Prints a line for the person at the terminal. The caller made it safe.
pub(crate) fn tell(line: &str) {
    // There is nobody left to tell that stderr is closed.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Tells whether somebody could read what stderr shows.
pub(crate) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Standard output for a file's bytes. Remembers whether its reader went away.
#[derive(Debug)]
pub(crate) struct Pipe {
    stdout: io::Stdout,
    /// Whether the reader closed its end.
    pub(crate) closed: bool,
}

impl Pipe {
    /// Takes standard output.
    pub(crate) fn stdout() -> Self {
        Self {
            stdout: io::stdout(),
            closed: false,
        }
    }

    fn note<T>(&mut self, written: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &written {
            self.closed |= error.kind() == ErrorKind::BrokenPipe;
        }
        written
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.stdout.write(bytes);
        self.note(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.stdout.flush();
        self.note(flushed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names that somebody might send to harm who lists them (T6).
    const TORTURE: &[(&str, &str)] = &[
        // Stays as it is.
        ("report.pdf", "report.pdf"),
        ("Größe 大きさ חג.txt", "Größe 大きさ חג.txt"),
        ("e\u{301}", "e\u{301}"),
        ("🦀 crab.png", "🦀 crab.png"),
        (
            r#"a"b'c`d$e&f;g|h<i>j*k?l#m[n]{o}\p"#,
            r#"a"b'c`d$e&f;g|h<i>j*k?l#m[n]{o}\p"#,
        ),
        ("-rf", "-rf"),
        ("", ""),
        // Escape sequences: clear the screen, set the title, answer back, 8-bit CSI, DEL.
        ("\u{1b}[2Jgone", r"\u{1b}[2Jgone"),
        ("\u{1b}]0;title\u{7}", r"\u{1b}]0;title\u{7}"),
        ("\u{1b}P$q\u{1b}\\", r"\u{1b}P$q\u{1b}\"),
        ("\u{9b}31m", r"\u{9b}31m"),
        ("\u{7f}", r"\u{7f}"),
        ("\0", r"\u{0}"),
        // Another line, and one that overwrites its own.
        ("a\nonekey: error: b", r"a\u{a}onekey: error: b"),
        ("a\rb", r"a\u{d}b"),
        ("a\tb", r"a\u{9}b"),
        ("a\u{8}\u{8}b", r"a\u{8}\u{8}b"),
        ("a\u{85}b\u{2028}c\u{2029}d", r"a\u{85}b\u{2028}c\u{2029}d"),
        // Reads as another extension, or as nothing.
        ("photo\u{202e}gpj.exe", r"photo\u{202e}gpj.exe"),
        ("\u{2066}a\u{2069}", r"\u{2066}a\u{2069}"),
        ("\u{200e}\u{200f}\u{61c}", r"\u{200e}\u{200f}\u{61c}"),
        ("a\u{200b}b\u{feff}c\u{ad}d", r"a\u{200b}b\u{feff}c\u{ad}d"),
        ("\u{3164}", r"\u{3164}"),
        ("\u{e0041}\u{e007f}", r"\u{e0041}\u{e007f}"),
    ];

    #[test]
    fn hostile_names_are_escaped_and_honest_ones_are_not() {
        for (name, expected) in TORTURE {
            assert_eq!(shown(name), *expected);
            assert!(!shown(name).chars().any(is_unsafe));
        }
    }

    #[test]
    fn every_control_and_bidirectional_character_is_unsafe() {
        let bidirectional = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\
                             \u{2066}\u{2067}\u{2068}\u{2069}";
        assert!(bidirectional.chars().all(is_unsafe));
        assert!(('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}').all(is_unsafe));
        assert!(!(' '..='~').any(is_unsafe));
    }

    #[test]
    fn a_note_keeps_its_lines_and_nothing_else() {
        let note = "first\r\n\tsecond\u{1b}[1A\n\nonekey: error: third";
        let expected = "  | first\n  |     second\\u{1b}[1A\n  | \n  | onekey: error: third";
        assert_eq!(shown_lines(note, "  | "), expected);
    }

    #[test]
    fn json_stays_the_same_value() {
        for (name, _) in TORTURE {
            let json = serde_json::to_string(name).unwrap();
            let safe = shown_json(&json);
            assert!(!safe.chars().any(is_unsafe));
            assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), *name);
        }
    }
}
