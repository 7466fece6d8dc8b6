//! What may stand behind the key of a direct link.

use alloc::string::String;
use core::fmt;

use super::percent;
use crate::manifest::{PathError, check_path};

/// Longest extension that a link of one file gets from its name. Players and chats look at it; no type has a longer one.
pub const MAX_EXTENSION: usize = 16;

/// What stands behind the key of a direct link: nothing, `.ext`, or `/any name.ext`.
///
/// It makes the link look like what it is, and names the file where a share has several. It keeps
/// the rules of a path in a manifest.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Suffix(String);

/// Why a text cannot stand behind the key of a direct link. Holds nothing of the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SuffixError {
    /// It is not UTF-8 once decoded.
    #[error("the name in the link is not UTF-8")]
    NotUtf8,
    /// It is not a path that a manifest could hold.
    #[error("the name in the link is not valid: {0}")]
    Path(#[from] PathError),
}

impl Suffix {
    /// Nothing.
    pub const fn none() -> Self {
        Self(String::new())
    }

    /// Returns what a link of one file ends with, by the file's name or path: `.` and what stands behind the name's last
    /// dot, if that is one to [`MAX_EXTENSION`] ASCII letters or digits; else nothing.
    ///
    /// ```
    /// use onekey_core::url::Suffix;
    ///
    /// assert_eq!(Suffix::for_file_name("shots/one.PNG").as_extension(), Some("PNG"));
    /// assert_eq!(Suffix::for_file_name("v1.0/Makefile"), Suffix::none());
    /// ```
    pub fn for_file_name(name: &str) -> Self {
        let name = name.rsplit('/').next().unwrap_or(name);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_one = (1..=MAX_EXTENSION).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_one {
            Self(alloc::format!(".{extension}"))
        } else {
            Self::none()
        }
    }

    /// `.ext`: pass `ext`.
    ///
    /// ```
    /// use onekey_core::url::Suffix;
    ///
    /// assert_eq!(Suffix::extension("tar.gz")?.as_extension(), Some("tar.gz"));
    /// assert!(Suffix::extension("tar/gz").is_err());
    /// # Ok::<(), onekey_core::url::SuffixError>(())
    /// ```
    ///
    /// # Errors
    /// [`SuffixError::Path`] for what is no single component.
    pub fn extension(extension: &str) -> Result<Self, SuffixError> {
        check_path(extension)?;
        if extension.contains('/') {
            return Err(PathError::EmptyComponent.into());
        }
        Ok(Self(alloc::format!(".{extension}")))
    }

    /// `/name`: pass `name`, which may be a path of several components.
    ///
    /// ```
    /// use onekey_core::url::Suffix;
    ///
    /// assert_eq!(Suffix::name("any name.png")?.as_name(), Some("any name.png"));
    /// assert!(Suffix::name("../any name.png").is_err());
    /// # Ok::<(), onekey_core::url::SuffixError>(())
    /// ```
    ///
    /// # Errors
    /// [`SuffixError::Path`] for what no manifest holds.
    pub fn name(name: &str) -> Result<Self, SuffixError> {
        check_path(name)?;
        Ok(Self(alloc::format!("/{name}")))
    }

    /// Parses the rest of a URL's path behind the key, percent-encoded or not. A lone `.` or `/`
    /// is nothing: sentences end with one, and some programs add the other.
    ///
    /// ```
    /// use onekey_core::url::Suffix;
    ///
    /// assert_eq!(Suffix::parse("/a%20b.png")?.as_name(), Some("a b.png"));
    /// assert!(Suffix::parse("/%2e%2e/passwd").is_err());
    /// # Ok::<(), onekey_core::url::SuffixError>(())
    /// ```
    ///
    /// # Errors
    /// [`SuffixError`] for what no file could be named.
    pub fn parse(text: &str) -> Result<Self, SuffixError> {
        if matches!(text, "" | "." | "/") {
            return Ok(Self::none());
        }
        let decode = |text| percent::decode(text).map_err(|_| SuffixError::NotUtf8);
        match (text.strip_prefix('.'), text.strip_prefix('/')) {
            (Some(extension), _) => Self::extension(&decode(extension)?),
            (_, Some(name)) => Self::name(&decode(name)?),
            _ => Err(PathError::EmptyComponent.into()),
        }
    }

    /// Returns what stands behind the dot, if this is an extension.
    pub fn as_extension(&self) -> Option<&str> {
        self.0.strip_prefix('.')
    }

    /// Returns what stands behind the slash, if this is a name.
    pub fn as_name(&self) -> Option<&str> {
        self.0.strip_prefix('/')
    }

    /// Returns the text that stands behind the key, percent-encoded.
    pub fn to_path(&self) -> String {
        percent::encode(&self.0)
    }
}

impl fmt::Debug for Suffix {
    // A file's name is as private as its content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Suffix(..)")
    }
}
