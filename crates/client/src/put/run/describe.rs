//! What a manifest says of a file.

use std::time::{SystemTime, UNIX_EPOCH};

/// The type of files whose name tells none.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// The type of a file, by its name.
pub(super) fn media_type(name: &str) -> String {
    mime_guess::from_path(name)
        .first_raw()
        .unwrap_or(UNKNOWN_TYPE)
        .to_owned()
}

/// Whole seconds, rounded down also before 1970.
pub(super) fn unix_seconds(time: SystemTime) -> i64 {
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()),
        Err(error) => {
            let before = error.duration();
            let seconds = before.as_secs() + u64::from(before.subsec_nanos() > 0);
            i64::try_from(seconds).map(|seconds| -seconds)
        }
    };
    seconds.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_whole_seconds_rounded_down() {
        let at = |millis| UNIX_EPOCH + Duration::from_millis(millis);
        assert_eq!(unix_seconds(at(0)), 0);
        assert_eq!(unix_seconds(at(1999)), 1);
        assert_eq!(unix_seconds(UNIX_EPOCH - Duration::from_millis(1)), -1);
        assert_eq!(unix_seconds(UNIX_EPOCH - Duration::from_millis(1000)), -1);
    }

    #[test]
    fn types_come_from_names() {
        assert_eq!(media_type("a/b.PNG"), "image/png");
        assert_eq!(media_type("Makefile"), UNKNOWN_TYPE);
    }
}
