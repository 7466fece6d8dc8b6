//! A link as a QR code.

use std::env;

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

use crate::exit::Exit;
use crate::message::Failure;
use crate::terminal::{is_watched, tell};

/// Black on white whatever the terminal's colours are: many cameras read no inverted codes.
const COLOURS: (&str, &str) = ("\u{1b}[38;5;16;48;5;231m", "\u{1b}[0m");

/// Shows a text as a QR code on stderr.
///
/// # Errors
/// [`Failure`] if the text is too long for any code.
pub(super) fn show(text: &str) -> Result<(), Failure> {
    let coloured = is_watched() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // Without colours most terminals write light on dark.
    let (start, end, ink) = if coloured {
        (COLOURS.0, COLOURS.1, Ink::Dark)
    } else {
        ("", "", Ink::Light)
    };
    for line in draw(text, ink)?.lines() {
        tell(&format!("{start}{line}{end}"));
    }
    Ok(())
}

/// What the blocks are drawn for: dark modules on a light terminal, or light ones on a dark one.
#[derive(Clone, Copy)]
enum Ink {
    Dark,
    Light,
}

fn draw(text: &str, ink: Ink) -> Result<String, Failure> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).map_err(|_| {
        Failure::new(Exit::Failed, "the link is too long for a QR code").hint("leave --qr out")
    })?;
    let (dark, light) = match ink {
        Ink::Dark => (Dense1x2::Dark, Dense1x2::Light),
        Ink::Light => (Dense1x2::Light, Dense1x2::Dark),
    };
    let mut drawing = code.render::<Dense1x2>();
    let drawing = drawing.dark_color(dark).light_color(light);
    Ok(drawing.quiet_zone(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://example.org/s#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    #[test]
    fn a_code_is_square_and_has_a_margin() {
        for (ink, margin) in [(Ink::Dark, ' '), (Ink::Light, '█')] {
            let code = draw(LINK, ink).unwrap();
            let lines: Vec<_> = code.lines().collect();
            let width = lines[0].chars().count();
            assert!(lines.iter().all(|line| line.chars().count() == width));
            assert_eq!(lines.len(), width.div_ceil(2));
            assert!(lines[0].chars().all(|character| character == margin));
            assert!(code.chars().all(|character| " \n█▀▄".contains(character)));
        }
    }
}
