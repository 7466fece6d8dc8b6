//! The real server, behind a proxy.

use std::net::SocketAddr;

use crate::SECRET;
use crate::process::Process;

/// A server that runs. Dropping it kills it.
pub(crate) struct Server {
    process: Process,
    pub(crate) address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Server {
    pub(crate) fn start(public_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = Process::start(|server| {
            server
                .args(["--free-floor", "1MiB", "--public-url", public_url])
                .args(["--trusted-proxies", "127.0.0.1/32", "--data"])
                .arg(folder.path().join("data"))
                .current_dir(folder.path())
                .env("ONEKEY_UPLOAD_SECRET", SECRET);
        });
        Self {
            address: process.address,
            process,
            folder,
        }
    }

    /// Where its data is.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Ends it while its proxy goes on.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }
}
