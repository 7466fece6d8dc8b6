//! A link before its server knows of it: the same for the first link of a share and for every other.

use onekey_core::keys::{LinkKey, OwnerKey, PasswordKey, ShareKey, Verifier};
use onekey_core::owner::{LabelError, MAX_LABEL_LEN};
use onekey_core::password::Password;
use onekey_core::url::{Form, Link, ServerUrl, Suffix};
use onekey_core::wire;
use tokio::task::JoinHandle;

use crate::error::DirectError;
use crate::open::stretch;

/// The secrets of a link that is to be. Its password is stretched beside whatever else goes on.
pub(crate) struct NewLink {
    key: LinkKey,
    stretching: Option<JoinHandle<PasswordKey>>,
    password: Option<PasswordKey>,
}

/// What a link allows, and how its owner calls it.
pub(crate) struct Terms<'t> {
    pub(crate) max_downloads: Option<u64>,
    pub(crate) expires_in: Option<u64>,
    pub(crate) direct: bool,
    pub(crate) label: Option<&'t str>,
}

/// Why a link cannot be described.
pub(crate) enum DescribeError {
    /// The task that stretches the password panicked or the runtime is shutting down.
    Cancelled,
    /// The label cannot be sealed.
    Label(LabelError),
}

impl NewLink {
    /// Makes the link's key and begins to stretch the password, if there is one.
    pub(crate) fn new(password: Option<&Password>) -> Self {
        Self::with_key(LinkKey::generate(&mut rand::rng()), password)
    }

    /// The same for the key of an earlier put.
    pub(crate) fn with_key(key: LinkKey, password: Option<&Password>) -> Self {
        let stretching = password.cloned().map(|password| {
            let key = key.clone();
            tokio::spawn(async move { stretch(&password, &key).await })
        });
        Self {
            key,
            stretching,
            password: None,
        }
    }

    pub(crate) const fn key(&self) -> &LinkKey {
        &self.key
    }

    /// Returns the link's private form.
    pub(crate) fn private(&self, server: &ServerUrl) -> Link {
        self.in_form(server, Form::Private)
    }

    /// Returns its direct form, for a share with these files: one file's name gives it an ending.
    pub(crate) fn direct<'f>(
        &self,
        server: &ServerUrl,
        paths: impl IntoIterator<Item = &'f str>,
    ) -> Link {
        let mut paths = paths.into_iter();
        let suffix = match (paths.next(), paths.next()) {
            (Some(path), None) => Suffix::for_file_name(path),
            _ => Suffix::none(),
        };
        self.in_form(server, Form::Direct { suffix })
    }

    fn in_form(&self, server: &ServerUrl, form: Form) -> Link {
        Link {
            server: server.clone(),
            key: self.key.clone(),
            form,
        }
    }

    /// Whether a link that was described earlier has this key and this password.
    pub(crate) async fn is(&mut self, described: &wire::NewLink) -> Result<bool, DescribeError> {
        self.stretched().await?;
        let proof = self.key.proof(self.password.as_ref());
        Ok(described.locator == self.key.locator() && described.verifier.accepts(&proof))
    }

    async fn stretched(&mut self) -> Result<(), DescribeError> {
        if let Some(stretching) = self.stretching.take() {
            let stretched = stretching.await;
            self.password = Some(stretched.map_err(|_| DescribeError::Cancelled)?);
        }
        Ok(())
    }

    /// Describes the link to the server: wraps the share key for it and seals its label.
    pub(crate) async fn describe(
        &mut self,
        share: &ShareKey,
        owner: &OwnerKey,
        terms: Terms<'_>,
    ) -> Result<wire::NewLink, DescribeError> {
        self.stretched().await?;
        let rng = &mut rand::rng();
        let (locator, password) = (self.key.locator(), self.password.as_ref());
        let seal = |label| owner.seal_label(&locator, label, &mut rand::rng());
        Ok(wire::NewLink {
            locator,
            verifier: Verifier::of(&self.key.proof(password)),
            envelope: self.key.wrap_key(password).wrap(&locator, share, rng),
            password: password.is_some(),
            direct: terms.direct,
            max_downloads: terms.max_downloads,
            expires_in: terms.expires_in,
            label: terms
                .label
                .map(seal)
                .transpose()
                .map_err(DescribeError::Label)?,
        })
    }
}

/// Refuses a direct link with a password, before anything is sent.
pub(crate) const fn check_no_password(
    direct: bool,
    password: Option<&Password>,
) -> Result<(), DirectError> {
    if direct && password.is_some() {
        return Err(DirectError::Password);
    }
    Ok(())
}

/// Refuses a direct link on a server that opens none.
pub(crate) const fn check_mode(
    direct: bool,
    server: &wire::ServerDescription,
) -> Result<(), DirectError> {
    if direct && !server.direct {
        return Err(DirectError::Off);
    }
    Ok(())
}

/// Refuses a label that cannot be sealed, before anything is sent.
pub(crate) fn check_label(label: Option<&str>) -> Result<(), LabelError> {
    match label {
        Some(label) if label.len() > MAX_LABEL_LEN => Err(LabelError::TooLong),
        _ => Ok(()),
    }
}
