//! Names that a system cannot hold, or would not keep as they are.
//!
//! The manifest's rules already refuse `..`, absolute paths and control characters. What is left depends on the
//! system, and is refused before anything is fetched.

use std::collections::HashSet;

use crate::error::{GetError, NameError};

/// Longest component, in bytes: the limit of nearly every file system.
const MAX_COMPONENT: usize = 255;

/// Whether file systems of this system usually take names that differ by case only for the same.
pub(super) const FOLDS_CASE: bool = cfg!(target_vendor = "apple");

/// Checks paths of a manifest, with their numbers there.
pub(super) fn check<'p>(
    paths: impl Iterator<Item = (usize, &'p str)>,
    folds_case: bool,
) -> Result<(), GetError> {
    let mut seen = HashSet::new();
    for (index, path) in paths {
        let refuse = |cause| GetError::UnsafeName { index, cause };
        for component in path.split('/') {
            check_component(component).map_err(refuse)?;
        }
        // One of two files would silently replace the other.
        if folds_case && !seen.insert(path.to_lowercase()) {
            return Err(refuse(NameError::Same));
        }
    }
    Ok(())
}

fn check_component(name: &str) -> Result<(), NameError> {
    // The manifest refuses these already; a file system call must never see them.
    if name.contains(['/', '\0']) || matches!(name, "" | "." | "..") {
        return Err(NameError::Character);
    }
    if name.len() > MAX_COMPONENT {
        return Err(NameError::TooLong);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(paths: &[&str], folds_case: bool) -> Option<(usize, NameError)> {
        match check(paths.iter().copied().enumerate(), folds_case) {
            Ok(()) => None,
            Err(GetError::UnsafeName { index, cause }) => Some((index, cause)),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn what_leads_out_of_the_folder_is_refused() {
        for path in ["../x", "a/../x", "/x", "a//x", "a/", ".", "", "a\0b"] {
            let refused = refusal(&["fine", path], false);
            assert_eq!(refused, Some((1, NameError::Character)), "{path:?}");
        }
    }

    #[test]
    fn long_components_are_refused() {
        let (fits, long) = ("ä".repeat(127), format!("a/{}", "ä".repeat(128)));
        assert_eq!(refusal(&[&fits], false), None);
        assert_eq!(refusal(&[&long], false), Some((0, NameError::TooLong)));
    }

    #[test]
    fn names_that_differ_by_case_are_the_same_where_systems_say_so() {
        let paths = ["a/B.txt", "A/b.txt"];
        assert_eq!(refusal(&paths, false), None);
        assert_eq!(refusal(&paths, true), Some((1, NameError::Same)));
    }
}
