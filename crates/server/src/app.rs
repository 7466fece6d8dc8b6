//! What every route shares: stores, configuration, clock, and the bounds on what runs at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use onekey_core::keys::{self, OwnerVerifier};
use rand::Rng;
use tokio::sync::Semaphore;

use crate::blobs::BlobStore;
use crate::clock::UnixTime;
use crate::config::Config;
use crate::direct::receive::Memory;
use crate::error::ApiError;
use crate::extract::OwnerToken;
use crate::meta::{MetaStore, Pepper, Upload};
use crate::upload_secret::Attempts;
#[cfg(feature = "web")]
use crate::web::Web;

/// Bodies of `complete` that are read at once: each may take 12 MiB.
const COMPLETE_AT_ONCE: usize = 8;

/// Seconds of a day: a pepper's life is counted in days.
const DAY: i64 = 24 * 60 * 60;

/// Shared by all requests.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) meta: Arc<dyn MetaStore>,
    pub(crate) config: Config,
    pub(crate) completing: Semaphore,
    /// What direct uploads may hold.
    pub(crate) receiving: Memory,
    pub(crate) secret_attempts: Attempts,
    /// The text of `openapi.json`, once somebody asked for it.
    pub(crate) openapi: OnceLock<String>,
    #[cfg(feature = "web")]
    pub(crate) web: Web,
    stopping: AtomicBool,
}

impl App {
    pub(crate) fn new(config: Config, blobs: Arc<dyn BlobStore>, meta: Arc<dyn MetaStore>) -> Self {
        Self {
            #[cfg(feature = "web")]
            web: Web::new(config.web_dir.as_deref()),
            blobs,
            meta,
            config,
            completing: Semaphore::new(COMPLETE_AT_ONCE),
            receiving: Memory::default(),
            secret_attempts: Attempts::default(),
            openapi: OnceLock::new(),
            stopping: AtomicBool::new(false),
        }
    }

    pub(crate) fn now(&self) -> UnixTime {
        self.config.clock.now()
    }

    /// Returns the name of the folder that the page's assets are in; `None` where there is no page.
    pub(crate) fn assets(&self) -> Option<String> {
        #[cfg(feature = "web")]
        return Some(self.web.folder().into());
        #[cfg(not(feature = "web"))]
        return None;
    }

    /// From now on the server says that it is not ready for more.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Returns the row of an upload or share if the request comes from its owner.
    pub(crate) async fn owned(
        &self,
        id: keys::ShareId,
        token: &OwnerToken,
    ) -> Result<Upload, ApiError> {
        let upload = self
            .meta
            .upload(id)
            .await?
            .ok_or_else(ApiError::not_found)?;
        let verifier: &OwnerVerifier = &upload.owner_verifier;
        if verifier.accepts(&token.0) {
            Ok(upload)
        } else {
            Err(ApiError::owner_rejected())
        }
    }

    /// Returns the row of a link's share if the request comes from its owner. One refusal for unknown locators,
    /// tombstones and wrong tokens: a stranger learns of no locator whether it exists.
    pub(crate) async fn owned_link(
        &self,
        locator: keys::Locator,
        token: &OwnerToken,
    ) -> Result<Upload, ApiError> {
        self.meta
            .link_share(locator)
            .await?
            .filter(|share| share.owner_verifier.accepts(&token.0))
            .ok_or_else(ApiError::owner_rejected)
    }

    /// Returns today's pepper.
    pub(crate) async fn pepper(&self) -> Result<Pepper, ApiError> {
        let mut fresh = [0; 32];
        rand::rng().fill_bytes(&mut fresh);
        Ok(self
            .meta
            .pepper(self.now().div_euclid(DAY), Pepper(fresh))
            .await?)
    }
}
