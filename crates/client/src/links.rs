//! The links of a share, by its manage link: add, list, change, revoke.

use onekey_core::cipher::Suite;
use onekey_core::header::Header;
use onekey_core::keys::{Locator, OwnerKey, ShareKey};
use onekey_core::owner::LabelError;
use onekey_core::password::Password;
use onekey_core::url::{Link, ManageLink};
use onekey_core::wire::{
    ChangeLink, ChangeShare, ErrorCode, LinkState, ShareDescription, SharedLink,
};

use crate::client::Client;
use crate::error::{ApiError, DamageError, DirectError, LinksError};
use crate::new_link::{NewLink, Terms, check_label, check_mode, check_no_password};

/// What a further link of a share allows.
#[derive(Clone, Debug, Default)]
pub struct NewLinkOptions {
    /// Seconds until the link ends: `None` is what the server proposes, `Some(None)` is never.
    pub expires_in: Option<Option<u64>>,
    /// The owner's name for the link, which only the owner can read.
    pub label: Option<String>,
    /// Downloads in all, or `None` for no cap.
    pub max_downloads: Option<u64>,
    /// What a receiver must know beside the link.
    pub password: Option<Password>,
    /// Whether the link opens directly as well, and the server decrypts for who asks for [`AddedLink::direct_link`]. Only
    /// where every file is stored as it is, and without a password.
    pub direct: bool,
}

/// A link that was added.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AddedLink {
    /// Opens the share, and gives the server no key.
    pub link: Link,
    /// The same link in its direct form, if [`NewLinkOptions::direct`] asked for it.
    pub direct_link: Option<Link>,
    /// When it ends, in Unix seconds, or `None` for never.
    pub expires_at: Option<i64>,
    /// Downloads in all, or `None` for no cap.
    pub max_downloads: Option<u64>,
}

/// A link as its owner sees it. The key is not in it: only who was given the link has that.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LinkInfo {
    /// Its public name.
    pub locator: Locator,
    /// The owner's name for it, if it has one, or why that cannot be read.
    pub label: Option<Result<String, LabelError>>,
    /// Whether it wants a password.
    pub password: bool,
    /// Whether the server may be given the key in a path.
    pub direct: bool,
    /// Downloads in all, or `None` for no cap.
    pub max_downloads: Option<u64>,
    /// Downloads taken and not given back.
    pub downloads: u64,
    /// Downloads left, or `None` for no cap.
    pub downloads_left: Option<u64>,
    /// When it ends, in Unix seconds, or `None` for never.
    pub expires_at: Option<i64>,
    /// Its state.
    pub state: LinkState,
    /// When it was used last, or `None`.
    pub last_used_at: Option<i64>,
}

impl Client {
    /// Adds a link to a share: unwraps the share key with the owner secret, and wraps it for a new link key.
    ///
    /// Whether a share may have a direct link stands in its manifest, which only a link opens: the new one is made, looks, and
    /// is revoked if the answer is no. Its key has not left this program then.
    ///
    /// # Errors
    /// [`LinksError`].
    pub async fn add_link(
        &self,
        manage: &ManageLink,
        options: NewLinkOptions,
    ) -> Result<AddedLink, LinksError> {
        check_label(options.label.as_deref())?;
        check_no_password(options.direct, options.password.as_ref())?;
        let mut new = NewLink::new(options.password.as_ref());
        let expires_in = match options.expires_in {
            Some(expires_in) if !options.direct => expires_in,
            chosen => {
                let server = self.server().await?;
                check_mode(options.direct, &server)?;
                chosen.unwrap_or(server.default_expiry)
            }
        };
        let owner = manage.secret.key();
        let share = share_key(&self.share(manage).await?, &owner)?;
        let terms = Terms {
            max_downloads: options.max_downloads,
            expires_in,
            direct: options.direct,
            label: options.label.as_deref(),
        };
        let body = new.describe(&share, &owner, terms).await?;
        let (api, token) = (&self.inner.api, manage.secret.token());
        let added = self
            .inner
            .ask(|| api.add_link(&manage.share, &token, &body))
            .await;
        let expires_at = match added {
            Ok(added) => added.expires_at,
            // Nobody else makes this locator: an earlier try arrived and its answer was lost.
            Err(error) if error.code() == Some(ErrorCode::LocatorTaken) => {
                self.end_of(manage, &body.locator).await?.ok_or(error)?
            }
            Err(error) => return Err(error.into()),
        };
        let server = &self.inner.server;
        let link = new.private(server);
        let direct_link = if options.direct {
            match self.paths_stored_as_they_are(&link).await {
                Ok(paths) => Some(new.direct(server, paths.iter().map(String::as_str))),
                Err(error) => {
                    // The first error tells more; a link whose key nobody has opens nothing.
                    let _ = self.revoke_link(manage, &body.locator).await;
                    return Err(error);
                }
            }
        } else {
            None
        };
        Ok(AddedLink {
            link,
            direct_link,
            expires_at,
            max_downloads: options.max_downloads,
        })
    }

    /// Lists the links of a share in the order they were added, without those that ended long ago.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn links(&self, manage: &ManageLink) -> Result<Vec<LinkInfo>, ApiError> {
        let (share, key) = (self.share(manage).await?, manage.secret.key());
        let links = share.links.into_iter();
        Ok(links.map(|link| LinkInfo::open(&key, link)).collect())
    }

    /// Changes limits of a link: a cap is the new total, an end counts from now. Fields that are `None` stay.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn change_link(
        &self,
        manage: &ManageLink,
        locator: &Locator,
        change: &ChangeLink,
    ) -> Result<LinkInfo, ApiError> {
        let (api, token) = (&self.inner.api, manage.secret.token());
        let changed = self.inner.ask(|| api.change_link(locator, &token, change));
        Ok(LinkInfo::open(&manage.secret.key(), changed.await?))
    }

    /// Changes all links of a share but revoked ones.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn change_share(
        &self,
        manage: &ManageLink,
        change: &ChangeShare,
    ) -> Result<ShareDescription, ApiError> {
        let (api, token) = (&self.inner.api, manage.secret.token());
        self.inner
            .ask(|| api.change_share(&manage.share, &token, change))
            .await
    }

    /// Ends a link for good and its downloads at once. The others of its share go on.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn revoke_link(
        &self,
        manage: &ManageLink,
        locator: &Locator,
    ) -> Result<(), ApiError> {
        let (api, token) = (&self.inner.api, manage.secret.token());
        self.inner.ask(|| api.revoke_link(locator, &token)).await
    }

    /// Returns the paths of a share's files, unless one is compressed.
    async fn paths_stored_as_they_are(&self, link: &Link) -> Result<Vec<String>, LinksError> {
        let share = self.open(link, None).await.map_err(LinksError::Open)?;
        let files = &share.manifest().files;
        if files.iter().any(|file| file.codec.is_some()) {
            return Err(DirectError::Compressed.into());
        }
        Ok(files.iter().map(|file| file.path.clone()).collect())
    }

    /// Returns when a link of a share ends, or `None` if the share has no such link.
    async fn end_of(
        &self,
        manage: &ManageLink,
        locator: &Locator,
    ) -> Result<Option<Option<i64>>, ApiError> {
        let links = self.share(manage).await?.links;
        let link = links.into_iter().find(|link| link.locator == *locator);
        Ok(link.map(|link| link.expires_at))
    }
}

impl LinkInfo {
    /// Takes a link of a share's description and opens its label.
    pub fn open(key: &OwnerKey, link: SharedLink) -> Self {
        let label = link.label.as_deref();
        Self {
            label: label.map(|sealed| key.open_label(&link.locator, sealed)),
            locator: link.locator,
            password: link.password,
            direct: link.direct,
            max_downloads: link.max_downloads,
            downloads: link.downloads,
            downloads_left: link.downloads_left,
            expires_at: link.expires_at,
            state: link.state,
            last_used_at: link.last_used_at,
        }
    }
}

/// Unwraps the share key and checks the header's commitment with it: a server that sent another header or
/// envelope gets no new one from us.
fn share_key(share: &ShareDescription, owner: &OwnerKey) -> Result<ShareKey, LinksError> {
    let header = Header::parse(&share.header)?;
    if header.suite() != Suite::Aes256Gcm {
        return Err(LinksError::UnsupportedSuite);
    }
    let envelope = share.owner_envelope.as_ref();
    let envelope = envelope.ok_or(LinksError::NoOwnerEnvelope)?;
    // The server took the owner token, so the secret is right; what does not fit is damaged.
    let key = owner.unwrap(&header, envelope);
    let key = key.map_err(|_| DamageError::Key)?;
    header.keys(&key).map_err(|_| DamageError::Key)?;
    Ok(key)
}
