//! A server on a free port, and a person's folder.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;

use onekey_server::{Config, Server};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// A server, and a folder that commands run in.
pub(crate) struct World {
    pub(crate) url: String,
    home: TempDir,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// What `put --json` printed.
pub(crate) struct Share {
    pub(crate) link: String,
    pub(crate) manage_link: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let (sender, receiver) = mpsc::channel();
        // It serves until the test's process ends.
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                sender.send(listener.local_addr().unwrap()).unwrap();
                let server = Server::new(config).await.unwrap();
                server.run(listener, std::future::pending()).await;
            });
        });
        Self {
            url: format!("http://{}", receiver.recv().unwrap()),
            home: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn file(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.path(path)).unwrap()
    }

    /// Prepares a command with nothing of our environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onekey"));
        command
            .args(arguments)
            .current_dir(self.home())
            .env_clear()
            .env("HOME", self.home())
            .env("ONEKEY_SERVER", &self.url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str], stdin: &str) -> Done {
        Done::of(self.command(arguments), stdin)
    }

    /// Sends something. Returns the links.
    pub(crate) fn put(&self, arguments: &[&str]) -> Share {
        let arguments = [&["put", "--json"], arguments].concat();
        Share::of(&self.run(&arguments, "").ok().stdout)
    }
}

impl Done {
    pub(crate) fn of(mut command: Command, stdin: &str) -> Self {
        let mut child = command.spawn().unwrap();
        // A command that refuses does not read.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let Output {
            status,
            stdout,
            stderr,
        } = child.wait_with_output().unwrap();
        Self {
            code: status.code(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self
    }

    /// Asserts an exit code, a message with this in it, a hint, and a silent stdout.
    #[track_caller]
    pub(crate) fn refused(self, code: i32, words: &str) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert!(self.stderr.contains("onekey: error: "), "{self:#?}");
        assert!(self.stderr.contains("onekey: hint: "), "{self:#?}");
        assert!(self.stderr.contains(words), "{self:#?}");
        assert!(self.stdout.is_empty(), "{self:#?}");
        self
    }
}

impl Share {
    pub(crate) fn of(json: &str) -> Self {
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        let text = |name: &str| value[name].as_str().unwrap().to_owned();
        Self {
            link: text("link"),
            manage_link: text("manage_link"),
        }
    }

    /// Returns the link's key.
    pub(crate) fn key(&self) -> &str {
        self.link.split_once('#').unwrap().1
    }
}
