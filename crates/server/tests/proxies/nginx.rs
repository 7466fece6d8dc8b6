//! nginx, with a block of the document.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use crate::blocks::{block, with};
use crate::curl::Place;
use crate::program::{Program, find, free_port};

/// The name in the block, and its certificate's.
pub(crate) const HOST: &str = "files.example.org";

/// nginx that runs.
pub(crate) struct Nginx {
    pub(crate) program: Program,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) place: Place,
    /// The same over HTTP without TLS.
    pub(crate) plain: Place,
}

impl Nginx {
    /// Starts it before `upstream`, or says that the test is skipped.
    pub(crate) fn start(test: &str, upstream: SocketAddr) -> Option<Self> {
        Self::with(test, &with_upstream(&block("nginx"), upstream))
    }

    /// The same with a changed block.
    pub(crate) fn with(test: &str, block: &str) -> Option<Self> {
        for program in ["nginx", "openssl", "curl"] {
            find(test, program)?;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir(path.join("logs")).unwrap();
        make_certificate(path);
        let mut plain = 0;
        let (program, port) = Program::start(path, |port| {
            plain = free_port();
            write(path, block, port, plain);
            let mut nginx = find(test, "nginx").unwrap();
            nginx
                .arg("-p")
                .arg(path)
                .arg("-c")
                .arg(path.join("nginx.conf"));
            nginx.arg("-e").arg(path.join("logs/early.log")).env_clear();
            nginx
        });
        Some(Self {
            program,
            place: place("https", port),
            plain: place("http", plain),
            folder,
        })
    }
}

/// Puts the upstream's address in the place of the server's in the block.
pub(crate) fn with_upstream(block: &str, upstream: SocketAddr) -> String {
    with(block, &[("127.0.0.1:8080", &upstream.to_string())])
}

fn place(scheme: &str, port: u16) -> Place {
    let options = ["-k", "--resolve", &format!("{HOST}:{port}:127.0.0.1")];
    Place {
        url: format!("{scheme}://{HOST}:{port}"),
        options: options.map(str::to_owned).into(),
    }
}

/// Writes the block with this machine's ports and paths, and what Debian has around it.
fn write(folder: &Path, block: &str, port: u16, plain: u16) {
    let folder = folder.to_str().unwrap();
    // What is not replaced is noticed: it does not start, or its log is missing.
    let block = block
        .replace("listen 443 ", &format!("listen 127.0.0.1:{port} "))
        .replace("listen 80;", &format!("listen 127.0.0.1:{plain};"))
        .replace(
            "/etc/letsencrypt/live/files.example.org/",
            &format!("{folder}/"),
        )
        .replace("/var/log/nginx/", &format!("{folder}/logs/"));
    let around = format!(
        "daemon off; master_process off; pid {folder}/nginx.pid;\n\
         error_log {folder}/logs/error.log info;\n\
         events {{}}\n\
         http {{\n\
         access_log {folder}/logs/access.log;\n\
         gzip on;\n\
         client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n\
         fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n\
         include {folder}/onekey.conf;\n\
         }}\n"
    );
    fs::write(format!("{folder}/onekey.conf"), block).unwrap();
    fs::write(format!("{folder}/nginx.conf"), around).unwrap();
}

fn make_certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-batch", "-nodes", "-days", "2"])
        .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-subj", &format!("/CN={HOST}"), "-keyout"])
        .arg(folder.join("privkey.pem"))
        .arg("-out")
        .arg(folder.join("fullchain.pem"))
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
}
