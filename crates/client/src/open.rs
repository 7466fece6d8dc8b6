//! From a link to what is in its share.

use std::fmt;
use std::sync::Arc;

use onekey_core::cipher::{Aes256Gcm, Suite};
use onekey_core::header::{Header, ParseHeaderError};
use onekey_core::keys::{Grant, LinkKey, Locator, PasswordKey, Proof};
use onekey_core::link::UnwrapError;
use onekey_core::manifest::{Manifest, OpenManifestError};
use onekey_core::password::Password;
use onekey_core::payload::PayloadCipher;
use onekey_core::url::{Form, Link};
use onekey_core::wire::{ErrorCode, LinkOpened};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use crate::client::{Client, Inner};
use crate::error::{DamageError, OpenError};
use crate::get::{GetState, answer_of};

/// A share that a link opened: what is in it is known, and nothing was spent.
///
/// The first byte of payload that is asked for spends one download; every get of this value shares
/// the grant that this gives.
pub struct OpenedShare {
    pub(crate) client: Arc<Inner>,
    pub(crate) locator: Locator,
    pub(crate) proof: Proof,
    pub(crate) cipher: Arc<PayloadCipher<Aes256Gcm>>,
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) size: u64,
    /// What the server said.
    pub(crate) answer: LinkOpened,
    has_password: bool,
    /// Which of several files the link names.
    named: Option<String>,
    expires_at: Option<i64>,
    downloads_left: Option<u64>,
    pub(crate) grant: Mutex<Option<Arc<Grant>>>,
}

impl Client {
    /// Opens a link: proves the key and the password, unwraps the share key, opens the manifest.
    ///
    /// A password for a link that wants none is not used. Nothing is proven for a link that wants one before there is
    /// one: [`OpenError::PasswordRequired`] costs no attempt.
    ///
    /// Why a link is gone, only a right proof learns: of a link with a password, only who gives that.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(
        &self,
        link: &Link,
        password: Option<&Password>,
    ) -> Result<OpenedShare, OpenError> {
        let api = &self.inner.api;
        let locator = link.key.locator();
        let described = match self.inner.ask(|| api.describe(&locator)).await {
            Ok(description) => Some(description),
            Err(error) if error.code() == Some(ErrorCode::LinkGone) => None,
            Err(error) => return Err(error.into()),
        };
        let wants_password = match &described {
            Some(description) => description.password,
            // Who has a password for it thinks so.
            None => password.is_some(),
        };
        let password_key = match (wants_password, password) {
            (false, _) => None,
            (true, None) => return Err(OpenError::PasswordRequired),
            (true, Some(password)) => Some(stretch(password, &link.key).await),
        };
        let proof = link.key.proof(password_key.as_ref());
        let opened = self.inner.ask(|| api.open(&locator, &proof)).await;
        let opened = opened.map_err(|error| match (described, OpenError::from(error)) {
            (Some(_), error) => error,
            (None, error @ (OpenError::Expired | OpenError::Revoked | OpenError::UsedUp)) => error,
            // Whatever the second answer is, the first one was true.
            (None, _) => OpenError::Gone,
        })?;
        self.opened(link, password_key.as_ref(), proof, opened)
    }

    /// Opens a link again of which an earlier get was cut off: with what that kept of the server's answer, as a link that is
    /// used up or has expired opens no more while its grant still serves. `None` if nothing was kept.
    ///
    /// # Errors
    /// [`OpenError`]; [`OpenError::PasswordRequired`] as for [`Self::open`].
    pub async fn open_again(
        &self,
        link: &Link,
        password: Option<&Password>,
        state: &GetState,
    ) -> Result<Option<OpenedShare>, OpenError> {
        let (folder, locator) = (state.folder().to_owned(), link.key.locator());
        let kept = spawn_blocking(move || answer_of(&folder, &locator)).await;
        // What cannot be read is as good as nothing: the first answer stands.
        let Ok(Ok(Some((answer, wants_password)))) = kept else {
            return Ok(None);
        };
        let password_key = match (wants_password, password) {
            (false, _) => None,
            (true, None) => return Err(OpenError::PasswordRequired),
            (true, Some(password)) => Some(stretch(password, &link.key).await),
        };
        let proof = link.key.proof(password_key.as_ref());
        let opened = self.opened(link, password_key.as_ref(), proof, answer);
        match opened {
            Ok(share) => Ok(Some(share)),
            // No server compared this proof: the envelope does.
            Err(OpenError::Damaged(DamageError::Key)) if wants_password => {
                Err(OpenError::WrongPasswordOrKey)
            }
            Err(error) => Err(error),
        }
    }

    fn opened(
        &self,
        link: &Link,
        password_key: Option<&PasswordKey>,
        proof: Proof,
        answer: LinkOpened,
    ) -> Result<OpenedShare, OpenError> {
        let locator = link.key.locator();
        let wrap_key = link.key.wrap_key(password_key);
        let (cipher, manifest) = unseal(&answer, |envelope| wrap_key.unwrap(&locator, envelope))?;
        Ok(OpenedShare {
            client: Arc::clone(&self.inner),
            locator,
            proof,
            cipher: Arc::new(cipher),
            manifest: Arc::new(manifest),
            size: answer.size,
            has_password: password_key.is_some(),
            named: named(link),
            expires_at: answer.expires_at,
            downloads_left: answer.downloads_left,
            answer,
            grant: Mutex::new(None),
        })
    }
}

impl OpenedShare {
    /// Returns the list of files, the title and the note.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns what stands behind the key of a direct link in the form `/KEY/dir/a.txt`, if the share has several files: one of
    /// them is meant. A share of one file is meant by any name.
    pub fn named(&self) -> Option<&str> {
        let named = self.named.as_deref();
        named.filter(|_| self.manifest.files.len() > 1)
    }

    /// Tells whether the link wants a password.
    pub const fn has_password(&self) -> bool {
        self.has_password
    }

    /// Returns when the link ends, in Unix seconds, or `None` for never.
    pub const fn expires_at(&self) -> Option<i64> {
        self.expires_at
    }

    /// Returns the downloads that were left when the link was opened, or `None` for no cap.
    pub const fn downloads_left(&self) -> Option<u64> {
        self.downloads_left
    }

    /// Waits until nothing is left on the disk of gets that failed or were dropped, as [`Client::settle`] does.
    pub async fn settle(&self) {
        self.client.settle().await;
    }

    /// Returns the length of the encrypted payload.
    pub const fn payload_size(&self) -> u64 {
        self.size
    }
}

impl fmt::Debug for OpenedShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedShare")
            .field("manifest", &self.manifest)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

fn named(link: &Link) -> Option<String> {
    match &link.form {
        Form::Direct { suffix } => suffix.as_name().map(str::to_owned),
        Form::Private => None,
    }
}

/// Derives the password's key, which takes about half a second, on a thread that nobody waits for.
pub(crate) async fn stretch(password: &Password, key: &LinkKey) -> PasswordKey {
    let (password, key) = (password.clone(), key.clone());
    spawn_blocking(move || password.stretch(&key))
        .await
        .expect("stretching a checked password does not panic, and blocking tasks are not aborted")
}

/// Checks header, envelope, size and manifest of an answer, in that order: nothing is decrypted before the
/// commitment fits.
fn unseal(
    opened: &LinkOpened,
    unwrap: impl Fn(&onekey_core::link::Envelope) -> Result<onekey_core::keys::ShareKey, UnwrapError>,
) -> Result<(PayloadCipher<Aes256Gcm>, Manifest), OpenError> {
    let header = Header::parse(&opened.header).map_err(|error| match error {
        ParseHeaderError::Suite(_) => OpenError::UnsupportedSuite,
        ParseHeaderError::Version(_) => OpenError::UnsupportedVersion,
        _ => DamageError::Header.into(),
    })?;
    if header.suite() != Suite::Aes256Gcm {
        return Err(OpenError::UnsupportedSuite);
    }
    let plaintext_len = header
        .chunk_size()
        .plaintext_len(opened.size)
        .map_err(|_| DamageError::Size)?;
    // The server took the proof, so key and password are right; what does not fit is damaged.
    let share_key = unwrap(&opened.envelope).map_err(|_| DamageError::Key)?;
    let keys = header.keys(&share_key).map_err(|_| DamageError::Key)?;
    let manifest = Manifest::open(&opened.manifest, &header, &keys, plaintext_len).map_err(
        |error| match error {
            OpenManifestError::Rule(error) => DamageError::ManifestRule(error),
            _ => DamageError::Manifest,
        },
    )?;
    let cipher = PayloadCipher::new(&header, &keys).map_err(|_| OpenError::UnsupportedSuite)?;
    Ok((cipher, manifest))
}
