//! The real server, behind a proxy.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use crate::{SECRET, wait_for};

/// What stands before the address in the log.
const LISTENING: &str = "listening on http://";

/// A server that runs. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Server {
    pub(crate) fn start(public_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_onekey-server"))
            .args(["--listen", "127.0.0.1:0", "--free-floor", "1MiB"])
            .args(["--public-url", public_url])
            .args(["--trusted-proxies", "127.0.0.1/32", "--data"])
            .arg(folder.path().join("data"))
            .current_dir(folder.path())
            .env_clear()
            .env("ONEKEY_UPLOAD_SECRET", SECRET)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        let address = wait_for("its start", || {
            line.clear();
            assert!(log.read_line(&mut line).unwrap() > 0, "the server ended");
            let (_, address) = line.split_once(LISTENING)?;
            address.split_whitespace().next()?.parse().ok()
        });
        // Else it would wait for a reader one day.
        std::thread::spawn(move || log.read_to_end(&mut Vec::new()));
        Self {
            child,
            address,
            folder,
        }
    }

    /// Where its data is.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Ends it while its proxy goes on.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
