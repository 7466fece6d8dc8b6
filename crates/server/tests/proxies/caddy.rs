//! Caddy, with a block of the document.

use std::fs;
use std::net::SocketAddr;

use serde_json::Value;

use crate::blocks::{block, with};
use crate::curl::Place;
use crate::program::{Program, find};

/// Caddy that runs.
pub(crate) struct Caddy {
    pub(crate) program: Program,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) place: Place,
}

impl Caddy {
    /// Starts it before `upstream`, or says that the test is skipped.
    pub(crate) fn start(test: &str, upstream: SocketAddr) -> Option<Self> {
        Self::with(test, &block("caddy"), upstream)
    }

    /// The same with a changed block.
    pub(crate) fn with(test: &str, block: &str, upstream: SocketAddr) -> Option<Self> {
        for program in ["caddy", "curl"] {
            find(test, program)?;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let (program, port) = Program::start(path, |port| {
            let text = with(
                block,
                &[
                    // No certificate for a name that is not ours.
                    (
                        "files.example.org {",
                        &format!("http://127.0.0.1:{port} {{"),
                    ),
                    ("127.0.0.1:8080", &upstream.to_string()),
                    ("/var/log/caddy/", &format!("{}/logs/", path.display())),
                ],
            );
            fs::write(path.join("Caddyfile"), text).unwrap();
            let caddy = |arguments: &[&str], file: &str| {
                let mut caddy = find(test, "caddy").unwrap();
                caddy.args(arguments).arg("--config").arg(path.join(file));
                caddy.env_clear().env("HOME", path.join("home"));
                caddy.env("TMPDIR", path);
                caddy
            };
            let adapted = caddy(&["adapt", "--adapter", "caddyfile"], "Caddyfile").output();
            let adapted = adapted.unwrap();
            assert!(adapted.status.success(), "{adapted:?}");
            // Its port for administrators is the same for every Caddy, and tests run side by side.
            let mut config: Value = serde_json::from_slice(&adapted.stdout).unwrap();
            config["admin"] = serde_json::json!({"disabled": true});
            fs::write(path.join("caddy.json"), config.to_string()).unwrap();
            caddy(&["run"], "caddy.json")
        });
        Some(Self {
            program,
            folder,
            place: Place {
                url: format!("http://127.0.0.1:{port}"),
                options: Vec::new(),
            },
        })
    }
}
