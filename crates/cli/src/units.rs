//! Times and sizes as people write and read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use onekey_core::wire::{MAX_NUMBER, MIN_EXPIRES_IN};

/// Units of a duration: the word, the seconds.
const UNITS: [(&str, u64); 4] = [
    ("day", 24 * 60 * 60),
    ("hour", 60 * 60),
    ("minute", 60),
    ("second", 1),
];

/// From this many of a unit on, words say it in that unit: "36 hours", but "2 days".
const WORTH_A_UNIT: u64 = 2;

/// Words of a size, each 1024 times the one before.
const SIZES: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// When a link ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Expiry {
    /// So many seconds from now.
    In(u64),
    /// Not by time.
    Never,
}

/// Parses `90s`, `10m`, `12h`, `7d` or `never`, as the server parses its own flags.
///
/// # Errors
/// A sentence for the person who typed it.
pub(crate) fn parse_expiry(text: &str) -> Result<Expiry, String> {
    if text == "never" {
        return Ok(Expiry::Never);
    }
    let time = humantime::parse_duration(text)
        .map_err(|_| "write a number and a unit: 90s, 10m, 12h, 7d, or never".to_owned())?;
    let seconds = time.as_secs();
    if seconds < MIN_EXPIRES_IN {
        return Err(format!("a link lives at least {MIN_EXPIRES_IN}s"));
    }
    if seconds > MAX_NUMBER {
        return Err("that is too long; never is for ever".to_owned());
    }
    Ok(Expiry::In(seconds))
}

/// Parses how often something may happen.
///
/// # Errors
/// A sentence for the person who typed it.
pub(crate) fn parse_count(text: &str) -> Result<u64, String> {
    // `u64::from_str` would also take a plus sign.
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("write a whole number, such as 5".to_owned());
    }
    match text.parse() {
        Ok(0) => Err("at least 1 must be allowed".to_owned()),
        Ok(number @ 1..=MAX_NUMBER) => Ok(number),
        // Digits that do not fit are too many as well.
        _ => Err("that is too many; leave it out for any number".to_owned()),
    }
}

/// Returns a duration in words, in the largest unit of which there are at least two.
pub(crate) fn words(seconds: u64) -> String {
    let (word, unit) = UNITS
        .into_iter()
        .find(|(_, unit)| seconds >= WORTH_A_UNIT * unit)
        .unwrap_or(UNITS[UNITS.len() - 1]);
    count(seconds.div_ceil(unit), word)
}

/// Returns a duration as [`parse_expiry`] reads it, in one unit: `humantime` makes months of 365 days.
pub(crate) fn letters(seconds: u64) -> String {
    let (word, unit) = UNITS
        .into_iter()
        .find(|(_, unit)| seconds.is_multiple_of(*unit))
        .unwrap_or(UNITS[UNITS.len() - 1]);
    format!("{}{}", seconds / unit, &word[..1])
}

/// Returns `1 file`, `2 files`.
pub(crate) fn count(number: u64, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

/// Returns how often a link may be used: `any number of downloads`, `2 downloads`.
pub(crate) fn downloads(most: Option<u64>) -> String {
    most.map_or_else(
        || "any number of downloads".to_owned(),
        |most| count(most, "download"),
    )
}

/// Returns `1 byte`, `1023 bytes`, `1.5 KiB`.
pub(crate) fn size(bytes: u64) -> String {
    // A tenth is all that is shown: rounding of large numbers does not matter.
    #[allow(clippy::cast_precision_loss)]
    let mut number = bytes as f64;
    let mut name = None;
    for next in SIZES {
        // 1023.95 would print as 1024.0.
        if number < 1023.95 {
            break;
        }
        number /= 1024.0;
        name = Some(next);
    }
    name.map_or_else(
        || count(bytes, "byte"),
        |name| format!("{number:.1} {name}"),
    )
}

/// Returns a moment in the time zone of the system, or in UTC where it has none.
pub(crate) fn moment(unix: i64) -> String {
    let zone = TimeZone::try_system().unwrap_or(TimeZone::UTC);
    let Ok(timestamp) = Timestamp::from_second(unix) else {
        return format!("{unix} seconds after 1970");
    };
    let moment = timestamp.to_zoned(zone);
    moment.strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// Returns a day in the time zone of the system, or in UTC where it has none: `2026-01-01`.
pub(crate) fn day(unix: i64) -> String {
    let zone = TimeZone::try_system().unwrap_or(TimeZone::UTC);
    Timestamp::from_second(unix).map_or_else(
        |_| unix.to_string(),
        |timestamp| timestamp.to_zoned(zone).strftime("%Y-%m-%d").to_string(),
    )
}

/// Returns how long it is until then, in words, unless it has passed.
pub(crate) fn left(end: i64) -> Option<String> {
    let left = end.saturating_sub(Timestamp::now().as_second());
    u64::try_from(left).ok().map(words)
}

/// Returns when something ends, in words: `in 7 days, on 2026-01-01 12:00 UTC`, or `never`.
pub(crate) fn end(expires_at: Option<i64>) -> String {
    let Some(end) = expires_at else {
        return "never".to_owned();
    };
    match left(end) {
        Some(left) => format!("in {left}, on {}", moment(end)),
        None => format!("ended on {}", moment(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        let good = [
            ("90s", 90),
            ("10m", 600),
            ("12h", 43_200),
            ("7d", 604_800),
            ("1h30m", 5400),
            ("1h 30m", 5400),
            ("2 weeks", 1_209_600),
        ];
        for (text, seconds) in good {
            assert_eq!(parse_expiry(text), Ok(Expiry::In(seconds)));
        }
        assert_eq!(parse_expiry("never"), Ok(Expiry::Never));
    }

    #[test]
    fn other_durations_are_refused() {
        let bad = [
            "",
            "d",
            "7",
            "-7d",
            "+7d",
            "7D",
            "soon",
            "0x7d",
            "Never",
            "NaN",
            "1e9s",
            "７d",
            "59s",
            "59999ms",
            "0d",
            "9999999999999999d",
            "99999999999999999999s",
        ];
        for text in bad {
            assert!(parse_expiry(text).is_err(), "{text}");
        }
    }

    #[test]
    fn counts_are_whole_and_at_least_one() {
        assert_eq!(parse_count("1"), Ok(1));
        assert_eq!(parse_count("9007199254740991"), Ok(MAX_NUMBER));
        for text in [
            "",
            "0",
            "-1",
            "+1",
            "1.0",
            "NaN",
            "1e3",
            " 1",
            "9007199254740992",
        ] {
            assert!(parse_count(text).is_err(), "{text}");
        }
        assert!(parse_count("99999999999999999999999").is_err());
    }

    #[test]
    fn words_of_durations() {
        assert_eq!(words(0), "0 seconds");
        assert_eq!(words(1), "1 second");
        assert_eq!(words(119), "119 seconds");
        assert_eq!(words(120), "2 minutes");
        // A week, a moment after it was set.
        assert_eq!(words(604_799), "7 days");
        assert_eq!(words(36 * 3600), "36 hours");
    }

    #[test]
    fn letters_are_read_back() {
        for seconds in [60, 61, 3600, 5400, 86_400, 604_800, 31_536_000] {
            assert_eq!(parse_expiry(&letters(seconds)), Ok(Expiry::In(seconds)));
        }
    }

    #[test]
    fn words_of_sizes() {
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(1023), "1023 bytes");
        assert_eq!(size(1024), "1.0 KiB");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(size(1024 * 1024 - 1), "1.0 MiB");
        assert_eq!(size(u64::MAX), "16.0 EiB");
    }

    #[test]
    fn moments_beyond_the_calendar_are_still_words() {
        assert!(moment(i64::MAX).contains("seconds after 1970"));
        assert_eq!(end(None), "never");
        assert!(end(Some(0)).starts_with("ended on "));
    }
}
