//! `onekey seal` and `unseal` as a person uses them.

#![allow(clippy::unwrap_used)]

mod files;
mod interrupt;
mod keys;
#[cfg(target_os = "linux")]
mod memory;
mod refusals;
mod terminal;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use tempfile::TempDir;

/// Plaintext of a chunk.
const CHUNK: usize = 64 << 10;

/// A person's folder, with the key file `key`.
struct Home(TempDir);

/// What a command did.
#[derive(Debug)]
struct Done {
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.write("key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n");
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file that this user alone may read.
    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        use std::os::unix::fs::PermissionsExt;

        fs::write(self.path(name), content).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Returns the names of all files but the key.
    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.0.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        let mut names: Vec<_> = names.filter(|name| name != "key").collect();
        names.sort();
        names
    }

    /// Prepares a command with nothing of our environment.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onekey"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .env("HOME", self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str], stdin: &[u8]) -> Done {
        finish(self.command(arguments).spawn().unwrap(), stdin)
    }

    /// Makes `in`, of `len` bytes, and seals it as `sealed`.
    fn sealed(&self, len: usize) -> Vec<u8> {
        let text = text(len);
        self.write("in", &text);
        self.run(&["seal", "-k", "key", "in", "-o", "sealed"], b"")
            .ok();
        text
    }
}

/// Waits for the end of a command that reads `stdin`.
fn finish(mut child: Child, stdin: &[u8]) -> Done {
    let mut pipe = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // Beside the reading, or both sides could wait for each other. A command that refuses does not read.
        scope.spawn(move || pipe.write_all(stdin));
        let output = child.wait_with_output().unwrap();
        Done {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    })
}

impl Done {
    #[track_caller]
    fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }

    /// Asserts an exit code, a message with this in it, and a hint.
    #[track_caller]
    fn refused(self, code: i32, words: &str) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        assert!(self.stderr.contains("onekey: error: "), "{}", self.stderr);
        assert!(self.stderr.contains("onekey: hint: "), "{}", self.stderr);
        assert!(self.stderr.contains(words), "{}", self.stderr);
        self
    }
}

/// Returns bytes of which no two chunks are the same.
fn text(len: usize) -> Vec<u8> {
    let words = (0_u64..).flat_map(|x| x.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    words.take(len).collect()
}

/// Returns the permissions of a file.
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;

    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
