//! From a link key to a share's list of files, for the length of one request.

use std::fmt;

use onekey_core::cipher::Aes256Gcm;
use onekey_core::header::{Header, ParseHeaderError, WrongKeyError};
use onekey_core::keys::{LinkKey, Locator};
use onekey_core::link::UnwrapError;
use onekey_core::manifest::{Codec, File, Manifest, OpenManifestError};
use onekey_core::payload::{PayloadCipher, SuiteError};
use onekey_core::size::SizeError;
use onekey_core::url::Suffix;
use onekey_core::wire::ErrorCode;

use crate::app::App;
use crate::blobs::BlobRef;
use crate::clock::UnixTime;
use crate::error::ApiError;
use crate::meta::{DirectLink, LinkState};

/// A share that its link key opened.
pub(crate) struct OpenShare {
    pub(crate) key: LinkKey,
    pub(crate) locator: Locator,
    pub(crate) state: LinkState,
    pub(crate) expires_at: Option<UnixTime>,
    /// Downloads left, or `None` for no cap.
    pub(crate) downloads_left: Option<u64>,
    pub(crate) manifest: Manifest,
    pub(crate) payload: OpenPayload,
}

/// A payload whose key is at hand.
pub(crate) struct OpenPayload {
    pub(crate) blob: BlobRef,
    pub(crate) size: u64,
    pub(crate) cipher: PayloadCipher<Aes256Gcm>,
}

/// What an address means in a share.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Meant<'s> {
    /// All of it: a list.
    All,
    /// One file.
    File(&'s File),
    /// Nothing that is there.
    Nothing,
}

/// The key is right, and what it should open is not as a sender made it.
#[derive(Debug, thiserror::Error)]
enum Damaged {
    #[error(transparent)]
    Envelope(#[from] UnwrapError),
    #[error(transparent)]
    Header(#[from] ParseHeaderError),
    #[error(transparent)]
    Commitment(#[from] WrongKeyError),
    #[error(transparent)]
    Suite(#[from] SuiteError),
    #[error(transparent)]
    Size(#[from] SizeError),
    #[error(transparent)]
    Manifest(#[from] OpenManifestError),
}

/// Opens the share behind `key`, or returns `None`: the key may be wrong or the link unknown, revoked or not direct, and
/// nobody learns which.
pub(crate) async fn open(app: &App, key: LinkKey) -> Result<Option<OpenShare>, ApiError> {
    let (locator, proof) = (key.locator(), key.proof(None));
    let link = app.meta.open_direct(locator, &proof, app.now()).await?;
    link.map(|link| {
        unseal(key, locator, link).map_err(|error| {
            tracing::error!(%error, "a share is damaged and was not opened");
            damaged()
        })
    })
    .transpose()
}

/// What the holder of the key is told of a share that is damaged here.
pub(super) fn damaged() -> ApiError {
    ApiError::new(
        ErrorCode::Internal,
        "the server's copy of this is damaged; ask the sender for a new one",
    )
}

fn unseal(key: LinkKey, locator: Locator, link: DirectLink) -> Result<OpenShare, Damaged> {
    let opened = link.opened;
    let share = key.wrap_key(None).unwrap(&locator, &opened.envelope)?;
    let header = Header::parse(&opened.header)?;
    let keys = header.keys(&share)?;
    let cipher = PayloadCipher::new(&header, &keys)?;
    let length = header.chunk_size().plaintext_len(opened.size)?;
    let manifest = Manifest::open(&opened.manifest, &header, &keys, length)?;
    Ok(OpenShare {
        key,
        locator,
        state: link.state,
        expires_at: opened.expires_at,
        downloads_left: opened.downloads_left,
        manifest,
        payload: OpenPayload {
            blob: link.blob,
            size: opened.size,
            cipher,
        },
    })
}

impl OpenShare {
    /// Returns what an address that ends with `suffix` means. Where there is one file it is meant by every name: the
    /// address was given away by somebody who may have called it otherwise.
    pub(crate) fn meant(&self, suffix: &Suffix) -> Meant<'_> {
        match (&*self.manifest.files, suffix.as_name()) {
            ([file], _) => Meant::File(file),
            (_, None) => Meant::All,
            (files, Some(name)) => files
                .iter()
                .find(|file| file.path == name)
                .map_or(Meant::Nothing, Meant::File),
        }
    }

    /// Returns the title, if it says something.
    pub(crate) fn title(&self) -> Option<&str> {
        let title = self.manifest.title.as_deref()?.trim();
        (!title.is_empty()).then_some(title)
    }

    /// Tells whether a cap counts downloads.
    pub(crate) fn is_capped(&self) -> bool {
        self.downloads_left.is_some()
    }

    /// Returns how a file is compressed that would be asked for, if one is.
    pub(crate) fn codec(&self, meant: Meant<'_>, zipped: bool) -> Option<Codec> {
        match meant {
            Meant::File(file) if !zipped => file.codec,
            Meant::All if !zipped => None,
            _ => self.manifest.files.iter().find_map(|file| file.codec),
        }
    }
}

/// Shows neither keys nor names.
impl fmt::Debug for OpenShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenShare(..)")
    }
}
