//! The user's folders, as the XDG specification names them.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// Our folder in each of them.
const FOLDER: &str = "onekey";

/// Where they are, below the home folder, if no variable names one.
const STATE_HOME: &str = ".local/state";
const DATA_HOME: &str = ".local/share";

/// Returns our folder for what continues transfers, or `None` where no folder is the user's.
pub(crate) fn state() -> Option<PathBuf> {
    folder(env::var_os("XDG_STATE_HOME"), env::home_dir(), STATE_HOME)
}

/// Returns our folder for what is kept, or `None` where no folder is the user's.
pub(crate) fn data() -> Option<PathBuf> {
    folder(env::var_os("XDG_DATA_HOME"), env::home_dir(), DATA_HOME)
}

/// Relative paths count for nothing, as the specification says.
fn folder(named: Option<OsString>, home: Option<PathBuf>, below: &str) -> Option<PathBuf> {
    let is_absolute = |path: &PathBuf| path.is_absolute();
    let named = named.map(PathBuf::from).filter(is_absolute);
    let named = named.or_else(|| Some(home.filter(is_absolute)?.join(below)));
    Some(named?.join(FOLDER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_the_users() {
        let at = |named: Option<&str>, home: Option<&str>| {
            folder(named.map(Into::into), home.map(Into::into), STATE_HOME)
        };
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(at(Some("/s"), Some("/h")), path("/s/onekey"));
        for none in [None, Some(""), Some("relative")] {
            assert_eq!(at(none, Some("/h")), path("/h/.local/state/onekey"));
            assert_eq!(at(none, None), None);
        }
    }
}
