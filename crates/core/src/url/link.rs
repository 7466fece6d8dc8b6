//! The URL of a link.

use alloc::string::String;
use core::fmt;

use super::server::{ParseServerUrlError, ServerUrl};
use super::suffix::{Suffix, SuffixError};
use super::text::Pieces;
use crate::base64url;
use crate::keys::{KEY_LEN, LinkKey};

/// Characters of a key.
const KEY_TEXT_LEN: usize = base64url::encoded_len(KEY_LEN);

/// A link as people pass it on: where the share is, the key to it, and how it is opened.
#[derive(Clone, Eq, PartialEq)]
pub struct Link {
    /// The server that has the share.
    pub server: ServerUrl,
    /// The key to it.
    pub key: LinkKey,
    /// How it is opened.
    pub form: Form,
}

/// How a link is opened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Form {
    /// `/KEY`: the server gets the key and decrypts.
    Direct {
        /// What stands behind the key.
        suffix: Suffix,
    },
    /// `/s#KEY`: the key stays with the receiver.
    Private,
}

/// Why a text is not a link. Holds nothing of the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseLinkError {
    /// The part behind `#` is not a key. A part of it was lost, or something was added.
    #[error("the key in the link is damaged: it must be {KEY_TEXT_LEN} characters behind the `#`")]
    KeyMalformed,
    /// There is nothing behind `/s`: the fragment was cut off.
    #[error("the link ends before its key: the part behind the `#` is missing")]
    KeyMissing,
    /// It is the owner's manage link, which does not open the share.
    #[error("this is a manage link, which changes a share and does not open it")]
    ManageLink,
    /// It is a URL, but no link of onekey has this form.
    #[error("this is not a onekey link, or its key was cut off")]
    NotOnekey,
    /// The part before the path is not a server's.
    #[error(transparent)]
    Server(#[from] ParseServerUrlError),
    /// What stands behind a direct link's key is no file's name.
    #[error(transparent)]
    Suffix(#[from] SuffixError),
}

impl Link {
    /// Parses a link in either form.
    ///
    /// In a direct link the key is the first component of the path that [`split_key`] accepts: a
    /// server's prefix never holds one, so it cannot be mistaken, and a name behind it may.
    /// A query is ignored, and so is a direct link's fragment.
    ///
    /// ```
    /// use onekey_core::url::{Form, Link, ParseLinkError};
    ///
    /// let text = "https://example.org/s#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    /// let link = Link::parse(text)?;
    /// assert_eq!(link.form, Form::Private);
    /// assert_eq!(link.to_url(), text);
    /// assert_eq!(Link::parse(&text.replace('#', "%23")), Ok(link));
    ///
    /// assert_eq!(Link::parse("https://example.org/s"), Err(ParseLinkError::KeyMissing));
    /// assert_eq!(Link::parse(&text[..60]), Err(ParseLinkError::KeyMalformed));
    /// # Ok::<(), ParseLinkError>(())
    /// ```
    ///
    /// # Errors
    /// [`ParseLinkError`] says what a person can do about it.
    pub fn parse(text: &str) -> Result<Self, ParseLinkError> {
        let pieces = Pieces::parse(text)?;
        if let Some((prefix, key, rest)) = find_key(pieces.path) {
            return Ok(Self {
                server: pieces.start.with_prefix(prefix)?,
                key,
                form: Form::Direct {
                    suffix: Suffix::parse(rest)?,
                },
            });
        }
        let Some(prefix) = pieces.private_prefix() else {
            return Err(match pieces.manage_path() {
                Some(_) => ParseLinkError::ManageLink,
                None => ParseLinkError::NotOnekey,
            });
        };
        let key = pieces.fragment.ok_or(ParseLinkError::KeyMissing)?;
        Ok(Self {
            key: LinkKey::from_base64url(key).map_err(|_| ParseLinkError::KeyMalformed)?,
            server: pieces.start.with_prefix(prefix)?,
            form: Form::Private,
        })
    }

    /// Returns the URL.
    ///
    /// It is spelled out, and not `Display`, so that no message prints it by accident.
    pub fn to_url(&self) -> String {
        let (server, key) = (&self.server, self.key.to_base64url());
        match &self.form {
            Form::Direct { suffix } => alloc::format!("{server}/{key}{}", suffix.to_path()),
            Form::Private => alloc::format!("{server}/s#{key}"),
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(..)")
    }
}

/// Splits a path's component into the key that it begins with and the rest, which is empty or
/// begins with a dot.
///
/// ```
/// use onekey_core::url::split_key;
///
/// let (_, rest) = split_key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.png").expect("a key");
/// assert_eq!(rest, ".png");
/// assert!(split_key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9.png").is_none(), "spare bits");
/// ```
pub fn split_key(component: &str) -> Option<(LinkKey, &str)> {
    let (key, rest) = component.split_at_checked(KEY_TEXT_LEN)?;
    if !(rest.is_empty() || rest.starts_with('.')) {
        return None;
    }
    LinkKey::from_base64url(key).ok().map(|key| (key, rest))
}

/// Returns what stands before the first component of `path` that holds a key, the key, and what
/// stands behind the key.
pub(super) fn find_key(path: &str) -> Option<(&str, LinkKey, &str)> {
    path.match_indices('/').find_map(|(slash, _)| {
        let tail = &path[slash + 1..];
        let component = tail.split('/').next()?;
        let (key, _) = split_key(component)?;
        Some((&path[..slash], key, &tail[KEY_TEXT_LEN..]))
    })
}
