//! The handle that everything begins with.

use std::fmt;
use std::num::NonZero;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use onekey_core::url::{ManageLink, ServerUrl};
use onekey_core::wire::{SCHEME_UPLOAD_SECRET, ServerDescription, ShareDescription};
use reqwest::header::HeaderValue;
use tokio_util::task::TaskTracker;

use crate::api::Api;
use crate::error::{ApiError, ClientError};
use crate::progress::NoProgress;
use crate::retry::{Retry, repeat};

/// Most threads that encrypt or decrypt for one transfer: more do not help one connection.
const MAX_WORKERS: usize = 8;

/// Parts or windows that one transfer has in flight: enough to hide a round trip, and 32 MiB.
const PARTS_IN_FLIGHT: usize = 4;

/// Longest wait of [`Client::settle`].
const SETTLE_WAIT: Duration = Duration::from_secs(10);

/// A conversation with one server. Cloning is cheap and shares connections.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

/// What every operation of a client shares.
pub(crate) struct Inner {
    pub(crate) api: Api,
    pub(crate) server: ServerUrl,
    pub(crate) options: ClientOptions,
    /// What still runs to remove the traces of unfinished transfers.
    pub(crate) unfinished: TaskTracker,
}

/// How a client works.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Threads that encrypt or decrypt for one transfer: by default the cores, at most 8.
    pub workers: usize,
    /// Parts or windows that one transfer has in flight and in memory: by default 4.
    pub parts_in_flight: usize,
    /// Up to so many bytes a file is compressed whole in memory, by each worker: by default 64 MiB. Larger ones are compressed
    /// while they stream. A put is continued with the same value only.
    pub compress_whole: u64,
    /// What servers that are not open to everyone want for uploads.
    pub upload_secret: Option<UploadSecret>,
    /// When failed requests are tried again.
    pub retry: Retry,
    /// The same for the questions before a transfer, as somebody may wait for their answers.
    pub retry_questions: Retry,
}

/// What a server wants for uploads: the same for all of its senders.
#[derive(Clone)]
pub struct UploadSecret(HeaderValue);

/// A text cannot be an upload secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an upload secret has one or more characters, all of them visible ASCII")]
pub struct UploadSecretError;

impl Client {
    /// Makes a client of `server`. Connects only when something is asked.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn new(server: ServerUrl, options: ClientOptions) -> Result<Self, ClientError> {
        let tries = [options.retry.tries, options.retry_questions.tries];
        if options.workers == 0 || options.parts_in_flight == 0 || tries.contains(&0) {
            return Err(ClientError::Zero);
        }
        Ok(Self {
            inner: Arc::new(Inner {
                api: Api::new(&server).map_err(ClientError::Setup)?,
                server,
                options,
                unfinished: TaskTracker::new(),
            }),
        })
    }

    /// Asks what the server offers and allows.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn server(&self) -> Result<ServerDescription, ApiError> {
        let api = &self.inner.api;
        self.inner.ask(|| api.server()).await
    }

    /// Describes a share to its owner.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn share(&self, link: &ManageLink) -> Result<ShareDescription, ApiError> {
        let (api, token) = (&self.inner.api, link.secret.token());
        self.inner.ask(|| api.share(&link.share, &token)).await
    }

    /// Deletes a share with all of its links.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn delete(&self, link: &ManageLink) -> Result<(), ApiError> {
        let (api, token) = (&self.inner.api, link.secret.token());
        self.inner
            .ask(|| api.delete_share(&link.share, &token))
            .await
    }

    /// Waits until uploads that failed or were dropped are taken back from the server, and what gets that failed or
    /// were dropped had not finished is removed from the disk: at most ten seconds. Call it before the runtime ends.
    pub async fn settle(&self) {
        self.inner.settle().await;
    }
}

impl Inner {
    /// See [`Client::settle`].
    pub(crate) async fn settle(&self) {
        self.unfinished.close();
        // An upload that is not taken back in time expires on the server by itself.
        let _ = tokio::time::timeout(SETTLE_WAIT, self.unfinished.wait()).await;
        self.unfinished.reopen();
    }

    /// Asks something that may be asked again. A server that cannot be reached at all is reported at once: most
    /// likely its name is wrong, and nothing is under way yet that could be lost.
    pub(crate) async fn ask<T, F, R>(&self, call: F) -> Result<T, ApiError>
    where
        F: Fn() -> R,
        R: Future<Output = Result<T, ApiError>>,
    {
        let again = |error: &ApiError| error.is_passing() && !error.is_unreachable();
        repeat(self.options.retry_questions, again, &NoProgress, call).await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            workers: default_workers(),
            parts_in_flight: PARTS_IN_FLIGHT,
            compress_whole: crate::put::COMPRESS_WHOLE,
            upload_secret: None,
            retry: Retry::default(),
            retry_questions: Retry::default(),
        }
    }
}

/// Returns the cores, at most 8.
pub(crate) fn default_workers() -> usize {
    thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(MAX_WORKERS)
}

impl UploadSecret {
    /// Takes the secret as its server's administrator gave it.
    ///
    /// ```
    /// use onekey_client::UploadSecret;
    ///
    /// assert!(UploadSecret::new("correct-horse".into()).is_ok());
    /// assert!(UploadSecret::new("two words".into()).is_err());
    /// ```
    ///
    /// # Errors
    /// [`UploadSecretError`].
    pub fn new(secret: String) -> Result<Self, UploadSecretError> {
        if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(UploadSecretError);
        }
        let field = zeroize::Zeroizing::new(format!("{SCHEME_UPLOAD_SECRET} {secret}"));
        drop(zeroize::Zeroizing::new(secret));
        let mut field = HeaderValue::from_str(&field).map_err(|_| UploadSecretError)?;
        field.set_sensitive(true);
        Ok(Self(field))
    }

    /// Returns the header field's value.
    pub(crate) const fn field(&self) -> &HeaderValue {
        &self.0
    }
}

impl fmt::Debug for UploadSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadSecret(..)")
    }
}
