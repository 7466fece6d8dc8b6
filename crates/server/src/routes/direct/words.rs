//! What the pages of a direct link say, in English and German. No script counts or formats anything there.

use crate::extract::Language;

pub(super) const BRAND: &str = "onekey";

const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// A tenth below 1024 that would print as 1024.0.
const NEXT_UNIT: f64 = 1023.95;

impl Language {
    /// Returns the tag of `lang`.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    pub(super) const fn button(self) -> &'static str {
        match self {
            Self::English => "Download",
            Self::German => "Herunterladen",
        }
    }

    pub(super) const fn save_all(self) -> &'static str {
        match self {
            Self::English => "Save all as a zip",
            Self::German => "Alles als Zip speichern",
        }
    }

    pub(super) const fn empty(self) -> &'static str {
        match self {
            Self::English => "There are no files in this.",
            Self::German => "Hier sind keine Dateien.",
        }
    }

    /// What whoever opens a link with a cap must know before the button.
    pub(super) fn counted(self, left: u64) -> String {
        match (self, left) {
            (Self::English, 1) => "This link has one download left. The button takes it.".into(),
            (Self::English, left) => {
                format!("This link has {left} downloads left. The button takes one.")
            }
            (Self::German, 1) => {
                "Dieser Link erlaubt noch einen Download. Der Knopf verbraucht ihn.".into()
            }
            (Self::German, left) => {
                format!("Dieser Link erlaubt noch {left} Downloads. Der Knopf verbraucht einen.")
            }
        }
    }

    pub(super) const fn afterwards(self) -> &'static str {
        match self {
            Self::English => {
                "The address behind it keeps working for a while: a download may be paused and go on."
            }
            Self::German => {
                "Die Adresse dahinter gilt eine Weile: Ein Download darf anhalten und weitergehen."
            }
        }
    }

    pub(super) fn files(self, count: usize) -> String {
        match (self, count) {
            (Self::English, 1) => "1 file".into(),
            (Self::English, count) => format!("{count} files"),
            (Self::German, 1) => "1 Datei".into(),
            (Self::German, count) => format!("{count} Dateien"),
        }
    }

    /// Returns `1 byte`, `1023 bytes`, `1.5 KiB`.
    pub(super) fn size(self, bytes: u64) -> String {
        let mut number = bytes as f64;
        let mut unit = None;
        for next in UNITS {
            if number < NEXT_UNIT {
                break;
            }
            number /= 1024.0;
            unit = Some(next);
        }
        match (unit, self, bytes) {
            (Some(unit), Self::English, _) => format!("{number:.1} {unit}"),
            (Some(unit), Self::German, _) => format!("{number:.1} {unit}").replace('.', ","),
            (None, Self::English, 1) => "1 byte".into(),
            (None, Self::German, 1) => "1 Byte".into(),
            (None, Self::English, bytes) => format!("{bytes} bytes"),
            (None, Self::German, bytes) => format!("{bytes} Bytes"),
        }
    }
}

/// What programs are told that ask for a link with a cap without taking a download.
pub(super) const POST_TAKES_ONE: &str = "Downloads of this link are counted, and a GET takes none.\n\n\
    Send a POST to this address to take one and follow the redirect:\n\n\
    \x20   curl -L -d '' -OJ 'THIS ADDRESS'\n\n\
    or open it in a browser.\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_as_the_page_says_them() {
        for (bytes, english, german) in [
            (0, "0 bytes", "0 Bytes"),
            (1, "1 byte", "1 Byte"),
            (1023, "1023 bytes", "1023 Bytes"),
            (1024, "1.0 KiB", "1,0 KiB"),
            (1024 * 1024 - 1, "1.0 MiB", "1,0 MiB"),
            (5 << 30, "5.0 GiB", "5,0 GiB"),
        ] {
            assert_eq!(Language::English.size(bytes), english);
            assert_eq!(Language::German.size(bytes), german);
        }
    }
}
