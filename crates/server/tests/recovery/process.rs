//! One life of a server: real stores on a folder, a runtime of its own that dies with it.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use onekey_server::blobs::{BlobStore, LocalBlobs};
use onekey_server::clock::{Clock, ManualClock, SystemClock};
use onekey_server::config::FreeFloor;
use onekey_server::meta::{MetaStore, SqliteMeta};
use onekey_server::{Config, Server};
use tokio::runtime::{Builder, Runtime};

use crate::common::Api;
use crate::stops::{Stop, Stops};
use crate::stores::{Blobs, Meta};

/// Where Linux has files in memory. These processes only pretend to die, so nothing has to reach a disk, and hundreds of
/// lives wait for none.
const MEMORY: &str = "/dev/shm";

/// What survives: a folder, and the time.
pub(crate) struct Machine {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: ManualClock,
}

pub(crate) struct Process {
    // Dropped first: what still runs ends before its stores.
    runtime: Runtime,
    pub(crate) api: Api,
    pub(crate) stops: Arc<Stops>,
    meta: Arc<dyn MetaStore>,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir_in(MEMORY)
                .or_else(|_| tempfile::tempdir())
                .unwrap(),
            // Files have the real time, and the sweep compares.
            clock: ManualClock::new(SystemClock.now()),
        }
    }

    /// Starts a server, unless it dies while it recovers.
    pub(crate) fn start(&self, stop: Option<Stop>) -> Option<Process> {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let stops = Stops::new(stop);
        let path: &Path = self.folder.path();
        let blobs: Arc<dyn BlobStore> = Arc::new(Blobs {
            inner: LocalBlobs::open(path.join("blobs")).unwrap(),
            stops: Arc::clone(&stops),
        });
        let meta: Arc<dyn MetaStore> = Arc::new(Meta {
            inner: SqliteMeta::open(&path.join("onekey.db")).unwrap(),
            stops: Arc::clone(&stops),
        });
        let mut config = Config::default();
        config.clock = Arc::new(self.clock.clone());
        config.free_floor = FreeFloor::Bytes(0);
        let started = runtime.block_on(async {
            tokio::select! {
                biased;
                () = stops.died() => None,
                server = Server::with_stores(config, blobs, Arc::clone(&meta)) => Some(server.unwrap()),
            }
        });
        let server = started?;
        let router = server.router();
        let api = Api {
            server,
            clock: self.clock.clone(),
            router,
        };
        Some(Process {
            runtime,
            api,
            stops,
            meta,
        })
    }

    /// Counts the payloads on the disk.
    pub(crate) fn blobs(&self) -> usize {
        let subfolders = std::fs::read_dir(self.folder.path().join("blobs")).unwrap();
        let entries = subfolders.map(|sub| sub.unwrap().path());
        let folders = entries.filter(|path| path.is_dir());
        folders
            .map(|sub| std::fs::read_dir(sub).unwrap().count())
            .sum()
    }
}

impl Process {
    /// Does something, unless the process dies meanwhile.
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.stops.died() => None,
                done = work => Some(done),
            }
        })
    }

    /// Tells whether nothing is half done.
    pub(crate) fn is_settled(&self) -> bool {
        let settled = async {
            let completing = self.meta.completing(1).await.unwrap();
            let to_delete = self.meta.blobs_to_delete(1).await.unwrap();
            completing.is_empty() && to_delete.is_empty()
        };
        self.runtime.block_on(settled)
    }
}
