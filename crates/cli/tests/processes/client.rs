//! `onekey` as a process.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use onekey_core::url::{Link, ManageLink};

/// What a command did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// What `put --json` printed.
pub(crate) struct Share {
    pub(crate) link: String,
    pub(crate) manage_link: String,
}

/// Prepares a command that runs in `folder` with nothing of our environment.
pub(crate) fn command(folder: &Path, server: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onekey"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("ONEKEY_SERVER", server)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs it to its end.
pub(crate) fn run(command: Command, stdin: &[u8]) -> Done {
    finish(start(command), stdin)
}

pub(crate) fn start(mut command: Command) -> Child {
    command.spawn().unwrap()
}

/// Waits for the end of a command that reads `stdin`.
pub(crate) fn finish(mut child: Child, stdin: &[u8]) -> Done {
    let mut pipe = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // Beside the reading, or both sides could wait for each other.
        scope.spawn(move || {
            // A command that refuses does not read.
            let _ = pipe.write_all(stdin);
        });
        let output = child.wait_with_output().unwrap();
        Done {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    })
}

/// Sends something. Returns the links.
#[track_caller]
pub(crate) fn put(folder: &Path, server: &str, arguments: &[&str]) -> Share {
    let arguments = [&["put", "--json"], arguments].concat();
    Share::of(&run(command(folder, server, &arguments), b"").exits(0))
}

/// Gets everything behind a link into `folder`, with the link on standard input.
pub(crate) fn get(folder: &Path, link: &str) -> Done {
    std::fs::create_dir_all(folder).unwrap();
    run(command(folder, "", &["get", "-q"]), link.as_bytes())
}

impl Done {
    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        // What was written may be 70 MiB.
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self
    }
}

impl Share {
    pub(crate) fn of(done: &Done) -> Self {
        let value: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        let text = |name: &str| value[name].as_str().unwrap().to_owned();
        Self {
            link: text("link"),
            manage_link: text("manage_link"),
        }
    }

    pub(crate) fn parsed(&self) -> (Link, ManageLink) {
        (
            Link::parse(&self.link).unwrap(),
            ManageLink::parse(&self.manage_link).unwrap(),
        )
    }

    /// Returns how many downloads the owner is told were taken.
    pub(crate) fn downloads(&self) -> u64 {
        let command = command(Path::new("/"), "", &["info", "--json"]);
        let done = run(command, self.manage_link.as_bytes()).exits(0);
        let value: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        value["links"][0]["downloads"].as_u64().unwrap()
    }
}
