//! Names that a system cannot hold, or would not keep as they are.
//!
//! The manifest's rules already refuse `..`, absolute paths and control characters. What is left depends on the
//! system, and is refused before anything is fetched.

use std::collections::HashSet;

use crate::error::{GetError, NameError};

/// Longest component: the limit of nearly every file system, in bytes or UTF-16 units.
const MAX_COMPONENT: usize = 255;

/// A family of systems, as far as their names differ.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum System {
    Apple,
    Unix,
    Windows,
}

impl System {
    /// The one that this runs on.
    pub(super) const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_vendor = "apple") {
        Self::Apple
    } else {
        Self::Unix
    };

    /// Checks paths of a manifest, with their numbers there.
    pub(super) fn check<'p>(
        self,
        paths: impl Iterator<Item = (usize, &'p str)>,
    ) -> Result<(), GetError> {
        let mut seen = HashSet::new();
        for (index, path) in paths {
            let refuse = |cause| GetError::UnsafeName { index, cause };
            for component in path.split('/') {
                self.check_component(component).map_err(refuse)?;
            }
            // One of two files would silently replace the other.
            if self != Self::Unix && !seen.insert(path.to_lowercase()) {
                return Err(refuse(NameError::Same));
            }
        }
        Ok(())
    }

    fn check_component(self, name: &str) -> Result<(), NameError> {
        // The manifest refuses these already; a file system call must never see them.
        if name.contains(['/', '\0']) || matches!(name, "" | "." | "..") {
            return Err(NameError::Character);
        }
        if name.len() > MAX_COMPONENT && (self != Self::Windows || utf16_len(name) > MAX_COMPONENT)
        {
            return Err(NameError::TooLong);
        }
        if self == Self::Windows {
            check_windows(name)?;
        }
        Ok(())
    }
}

fn check_windows(name: &str) -> Result<(), NameError> {
    // A colon would name a drive or a stream, a backslash a folder.
    if name.contains(['\\', ':', '*', '?', '"', '<', '>', '|'])
        || name.chars().any(char::is_control)
    {
        return Err(NameError::Character);
    }
    if name.ends_with(['.', ' ']) {
        return Err(NameError::End);
    }
    // Devices, with any extension: `nul.txt` is one too.
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|number| {
            matches!(
                number,
                "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
            )
        })
    });
    let device = matches!(
        stem.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"
    );
    if numbered || device {
        return Err(NameError::Reserved);
    }
    Ok(())
}

fn utf16_len(name: &str) -> usize {
    name.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(system: System, paths: &[&str]) -> Result<(), GetError> {
        system.check(paths.iter().copied().enumerate())
    }

    fn cause(system: System, path: &str) -> Option<NameError> {
        match check(system, &[path]) {
            Ok(()) => None,
            Err(GetError::UnsafeName { index: 0, cause }) => Some(cause),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn what_leads_out_of_the_folder_is_refused_everywhere() {
        for system in [System::Apple, System::Unix, System::Windows] {
            for path in ["../x", "a/../x", "/x", "a//x", "a/", ".", "", "a\0b"] {
                assert_eq!(cause(system, path), Some(NameError::Character), "{path:?}");
            }
        }
    }

    #[test]
    fn names_that_only_windows_cannot_hold() {
        for (path, expected) in [
            ("c:\\x", NameError::Character),
            ("a\\..\\x", NameError::Character),
            ("c:x", NameError::Character),
            ("a/file:stream", NameError::Character),
            ("what?", NameError::Character),
            ("a/dot.", NameError::End),
            ("space /x", NameError::End),
            ("nul", NameError::Reserved),
            ("a/Con.txt", NameError::Reserved),
            ("com1 .log", NameError::Reserved),
            ("LPT³", NameError::Reserved),
        ] {
            assert_eq!(cause(System::Windows, path), Some(expected), "{path}");
            assert_eq!(cause(System::Unix, path), None, "{path}");
        }
        for fine in ["console", "com10", "a.nul", ".gitignore", "COM"] {
            assert_eq!(cause(System::Windows, fine), None, "{fine}");
        }
    }

    #[test]
    fn long_components_are_refused() {
        let (fits, long) = ("ä".repeat(127), "ä".repeat(128));
        assert_eq!(cause(System::Unix, &fits), None);
        assert_eq!(cause(System::Unix, &long), Some(NameError::TooLong));
        assert_eq!(cause(System::Windows, &long), None);
        let long = format!("a/{}", "x".repeat(256));
        assert_eq!(cause(System::Windows, &long), Some(NameError::TooLong));
    }

    #[test]
    fn names_that_differ_by_case_are_the_same_where_systems_say_so() {
        let paths = ["a/B.txt", "A/b.txt"];
        assert!(check(System::Unix, &paths).is_ok());
        for system in [System::Apple, System::Windows] {
            let error = check(system, &paths).unwrap_err();
            assert!(matches!(
                error,
                GetError::UnsafeName {
                    index: 1,
                    cause: NameError::Same
                }
            ));
        }
    }
}
