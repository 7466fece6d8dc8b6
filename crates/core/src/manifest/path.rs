//! The rule of a single path.

/// Bytes of the longest path.
pub const MAX_PATH_LEN: usize = 1024;

/// Which rule a path breaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// It holds a control character (Unicode's Cc).
    #[error("the path holds a control character")]
    Control,
    /// A component is `.` or `..`.
    #[error("the path holds a `.` or `..` component")]
    DotComponent,
    /// It is empty.
    #[error("the path is empty")]
    Empty,
    /// It begins or ends with `/`, or holds `//`.
    #[error("the path begins or ends with `/` or holds `//`")]
    EmptyComponent,
    /// It is longer than 1,024 bytes.
    #[error("the path is longer than {MAX_PATH_LEN} bytes")]
    TooLong,
}

/// Checks one path of a manifest: relative, `/`-separated, without empty, `.` or `..` components
/// and control characters, 1 to 1,024 bytes. What a system cannot hold is for its reader to refuse.
///
/// ```
/// use onekey_core::manifest::{PathError, check_path};
///
/// assert_eq!(check_path("dir/a.txt"), Ok(()));
/// assert_eq!(check_path("/etc/passwd"), Err(PathError::EmptyComponent));
/// assert_eq!(check_path("dir/../../a"), Err(PathError::DotComponent));
/// ```
///
/// # Errors
/// [`PathError`] names the rule.
pub fn check_path(path: &str) -> Result<(), PathError> {
    if path.is_empty() {
        return Err(PathError::Empty);
    }
    if path.len() > MAX_PATH_LEN {
        return Err(PathError::TooLong);
    }
    if path.contains(char::is_control) {
        return Err(PathError::Control);
    }
    path.split('/').try_for_each(|component| match component {
        "" => Err(PathError::EmptyComponent),
        "." | ".." => Err(PathError::DotComponent),
        _ => Ok(()),
    })
}
