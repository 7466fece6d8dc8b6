//! The server as a value: opened from a configuration, mounted or run.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::blobs::{BlobError, BlobStore, LocalBlobs, MemoryBlobs};
use crate::check::{Check, CheckError, Report};
use crate::config::{BlobsAt, Config, MAX_GRANT_LIFETIME, MetaAt, SWEEP_INTERVAL};
use crate::data_lock::{DataLock, DataLockError};
use crate::lifecycle::{self, LifecycleError, SweepReport};
use crate::listen;
use crate::meta::{MemoryMeta, MetaError, MetaStore, SqliteMeta};
use crate::routes;

/// Seconds between two searches for blobs that no row knows.
const ORPHAN_INTERVAL: i64 = 60 * 60;

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The blob store cannot be opened.
    #[error("the blob store cannot be opened (--blobs)")]
    Blobs(#[source] BlobError),
    /// The data folder cannot be taken.
    #[error(transparent)]
    Data(#[from] DataLockError),
    /// A value is out of range.
    #[error("the configuration is not sound: {0}")]
    Config(&'static str),
    /// The meta store cannot be opened.
    #[error("the database cannot be opened (--db)")]
    Meta(#[source] MetaError),
    /// What a crash left cannot be finished.
    #[error("recovery failed")]
    Recovery(#[source] RecoveryError),
}

/// A store failed during recovery or a sweep.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct RecoveryError(#[from] LifecycleError);

/// An onekey server.
///
/// ```no_run
/// use onekey_server::{Config, Server};
///
/// # async fn embed() -> Result<(), Box<dyn std::error::Error>> {
/// let server = Server::new(Config::in_folder("./onekey-data")).await?;
/// // Beside other routes, under any prefix:
/// let app: axum::Router = axum::Router::new().nest_service("/files", server.router());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    app: Arc<App>,
    orphans_at: AtomicI64,
    sweeper: Option<JoinHandle<()>>,
    /// Held as long as the server lives.
    _lock: Option<DataLock>,
}

impl Server {
    /// Takes the data folder, opens the stores and finishes what a crash left half done.
    ///
    /// # Errors
    /// [`StartError`]; nothing was changed but what recovery finished.
    pub async fn new(config: Config) -> Result<Self, StartError> {
        if !(1..=MAX_GRANT_LIFETIME).contains(&config.grant_lifetime) {
            return Err(StartError::Config(
                "grant_lifetime wants 1 second to 30 days",
            ));
        }
        #[cfg(feature = "web")]
        if config
            .web_dir
            .as_ref()
            .is_some_and(|folder| !folder.is_dir())
        {
            return Err(StartError::Config("web_dir is no folder"));
        }
        let lock = Some(DataLock::take(&config)?);
        let meta: Arc<dyn MetaStore> = match &config.meta {
            MetaAt::Memory => Arc::new(MemoryMeta::default()),
            MetaAt::Sqlite(path) => Arc::new(SqliteMeta::open(path).map_err(StartError::Meta)?),
        };
        let blobs: Arc<dyn BlobStore> = match &config.blobs {
            BlobsAt::Memory => Arc::new(MemoryBlobs::default()),
            BlobsAt::Folder(path) => Arc::new(LocalBlobs::open(path).map_err(StartError::Blobs)?),
        };
        Self::assemble(config, blobs, meta, lock).await
    }

    /// Uses stores that the caller made, in the place of those that the configuration names.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn with_stores(
        config: Config,
        blobs: Arc<dyn BlobStore>,
        meta: Arc<dyn MetaStore>,
    ) -> Result<Self, StartError> {
        Self::assemble(config, blobs, meta, None).await
    }

    async fn assemble(
        config: Config,
        blobs: Arc<dyn BlobStore>,
        meta: Arc<dyn MetaStore>,
        lock: Option<DataLock>,
    ) -> Result<Self, StartError> {
        let app = Arc::new(App::new(config, blobs, meta));
        lifecycle::recover(&app)
            .await
            .map_err(|error| StartError::Recovery(RecoveryError(error)))?;
        Ok(Self {
            app,
            orphans_at: AtomicI64::new(i64::MIN),
            sweeper: None,
            _lock: lock,
        })
    }

    /// Returns the routes, without a prefix: `nest_service` them where you like. [`Self::sweep`] is then yours to call
    /// once a minute, or [`Self::start_sweeping`].
    ///
    /// Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, or all clients count as one
    /// where wrong proofs are counted.
    pub fn router(&self) -> Router {
        routes::router(Arc::clone(&self.app))
    }

    /// Ends once what has ended: grants, uploads, shares, their bytes.
    ///
    /// # Errors
    /// [`RecoveryError`]: a store failed; the next sweep goes on.
    pub async fn sweep(&self) -> Result<SweepReport, RecoveryError> {
        sweep(&self.app, &self.orphans_at).await
    }

    /// Checks rows and blobs against each other, and changes nothing. With `digests` it reads every byte.
    ///
    /// # Errors
    /// [`CheckError`]: a store failed, and the check is not complete.
    pub async fn check(&self, digests: bool) -> Result<Report, CheckError> {
        let check = Check {
            rows: &*self.app.meta,
            blobs: &*self.app.blobs,
            now: self.app.now(),
            digests,
        };
        check.run().await
    }

    /// Sweeps once a minute until the server is dropped.
    pub fn start_sweeping(&mut self) {
        let app = Arc::clone(&self.app);
        let orphans_at = AtomicI64::new(i64::MIN);
        self.sweeper = Some(tokio::spawn(async move {
            let mut tick = tokio::time::interval(SWEEP_INTERVAL);
            loop {
                tick.tick().await;
                match sweep(&app, &orphans_at).await {
                    Ok(report) if report != SweepReport::default() => {
                        tracing::info!(?report, "swept");
                    }
                    Ok(_) => {}
                    Err(error) => tracing::warn!(%error, "a sweep failed; the next one goes on"),
                }
            }
        }));
    }

    /// Serves `listener` until `stop` is done, then lets requests in flight finish for at most
    /// [`DRAIN`](crate::config::DRAIN).
    pub async fn run(mut self, listener: TcpListener, stop: impl Future<Output = ()> + Send) {
        self.start_sweeping();
        let prefix = self
            .app
            .config
            .public_url
            .as_ref()
            .map_or("", |url| url.prefix());
        let router = match prefix {
            "" => self.router(),
            prefix => routes::under(prefix, self.router()),
        };
        listen::serve(listener, router, stop, || self.app.stop()).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(sweeper) = &self.sweeper {
            sweeper.abort();
        }
    }
}

async fn sweep(app: &App, orphans_at: &AtomicI64) -> Result<SweepReport, RecoveryError> {
    let mut report = lifecycle::sweep(app).await?;
    let now = app.now();
    if now >= orphans_at.load(Ordering::Relaxed) {
        report.blobs += lifecycle::sweep_orphans(app).await?;
        orphans_at.store(now.saturating_add(ORPHAN_INTERVAL), Ordering::Relaxed);
    }
    Ok(report)
}
