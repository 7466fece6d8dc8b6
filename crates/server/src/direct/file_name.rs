//! What names of files have in common, whether they come in or go out.

/// Controls, and marks that turn the direction of text so that an ending reads as another one (Unicode's Bidi_Control).
pub(super) fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Joins both, with as much of `stem` as makes at most `most` bytes, cut at a character.
pub(super) fn fit(stem: &str, ending: &str, most: usize) -> String {
    let mut room = stem.len().min(most - ending.len());
    while !stem.is_char_boundary(room) {
        room -= 1;
    }
    [&stem[..room], ending].concat()
}
