//! The URL by which an owner changes or deletes a share.

use alloc::string::String;
use core::fmt;

use super::link::find_key;
use super::server::{ParseServerUrlError, ServerUrl};
use super::text::Pieces;
use crate::keys::{OwnerSecret, ShareId};

/// A manage link: whoever has it may change and delete the share.
#[derive(Clone, Eq, PartialEq)]
pub struct ManageLink {
    /// The server that has the share.
    pub server: ServerUrl,
    /// The share.
    pub share: ShareId,
    /// The owner secret, which stays behind the `#`.
    pub secret: OwnerSecret,
}

/// Why a text is not a manage link. Holds nothing of the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseManageLinkError {
    /// It is a link that opens a share and gives no right to change it.
    #[error("this is a link that opens a share, not its manage link")]
    Link,
    /// It is a URL, but no manage link has this form.
    #[error("this is not a onekey manage link")]
    NotOnekey,
    /// The part behind `#` is not a secret. A part of it was lost, or something was added.
    #[error("the secret in the manage link is damaged")]
    SecretMalformed,
    /// There is nothing behind the share: the fragment was cut off.
    #[error("the manage link ends before its secret: the part behind the `#` is missing")]
    SecretMissing,
    /// The part before the path is not a server's.
    #[error(transparent)]
    Server(#[from] ParseServerUrlError),
    /// The share in the path is not valid.
    #[error("the share in the manage link is damaged")]
    ShareMalformed,
}

impl ManageLink {
    /// Parses a manage link.
    ///
    /// ```
    /// use onekey_core::url::{ManageLink, ParseManageLinkError};
    ///
    /// let text = "https://example.org/manage/AAECAwQFBgcICQoLDA0ODw\
    ///             #AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    /// let link = ManageLink::parse(text)?;
    /// assert_eq!(link.to_url(), text);
    ///
    /// let cut = text.split_once('#').expect("it has one").0;
    /// assert_eq!(ManageLink::parse(cut), Err(ParseManageLinkError::SecretMissing));
    /// # Ok::<(), ParseManageLinkError>(())
    /// ```
    ///
    /// # Errors
    /// [`ParseManageLinkError`] says what a person can do about it.
    pub fn parse(text: &str) -> Result<Self, ParseManageLinkError> {
        let pieces = Pieces::parse(text)?;
        if find_key(pieces.path).is_some() || pieces.private_prefix().is_some() {
            return Err(ParseManageLinkError::Link);
        }
        let (prefix, share) = pieces
            .manage_path()
            .ok_or(ParseManageLinkError::NotOnekey)?;
        let secret = pieces.fragment.ok_or(ParseManageLinkError::SecretMissing)?;
        Ok(Self {
            share: ShareId::from_base64url(share)
                .map_err(|_| ParseManageLinkError::ShareMalformed)?,
            secret: OwnerSecret::from_base64url(secret)
                .map_err(|_| ParseManageLinkError::SecretMalformed)?,
            server: pieces.start.with_prefix(prefix)?,
        })
    }

    /// Returns the URL.
    ///
    /// It is spelled out, and not `Display`, so that no message prints it by accident.
    pub fn to_url(&self) -> String {
        let (server, share) = (&self.server, self.share.to_base64url());
        alloc::format!("{server}/manage/{share}#{}", self.secret.to_base64url())
    }
}

impl fmt::Debug for ManageLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ManageLink(..)")
    }
}
