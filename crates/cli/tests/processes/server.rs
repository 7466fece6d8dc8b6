//! `onekey-server` as a process: started, read, killed, started again on the same folder.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Longest wait for a process that was started or asked to end; the drain has 30 seconds of it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Pause between two looks at a process: the system tells no event of it that could be awaited with a bound.
pub(crate) const POLL: Duration = Duration::from_millis(10);

/// What stands before the address in the log.
const LISTENING: &str = "listening on http://";

/// A server that runs. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    log: Option<JoinHandle<String>>,
}

/// A server that ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// Everything it wrote.
    pub(crate) log: String,
}

/// Returns the path of the server's program, which lies beside `onekey`.
fn program() -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_onekey")).with_file_name("onekey-server");
    assert!(
        path.exists() && !is_stale(&path),
        "onekey-server is missing or older than its source; build it first: cargo build --workspace"
    );
    path
}

/// Tells whether a source file is newer than the program that cargo made of it: `-p onekey` does not build it.
fn is_stale(program: &Path) -> bool {
    let time = |path: &Path| path.metadata().and_then(|found| found.modified()).ok();
    let Ok(sources) = std::fs::read_to_string(program.with_extension("d")) else {
        return false;
    };
    let built = time(program);
    let mut sources = sources.split_whitespace().skip(1);
    sources.any(|source| time(Path::new(source)) > built)
}

/// Prepares a server on a free port with nothing of our environment. Its data is in `data`.
pub(crate) fn command(data: &Path) -> Command {
    let mut command = bare_command(data.parent().unwrap());
    command
        .args(["--listen", "127.0.0.1:0", "--free-floor", "64MiB", "--data"])
        .arg(data);
    command
}

/// Prepares a server without any flag that runs in `folder`.
pub(crate) fn bare_command(folder: &Path) -> Command {
    let mut command = Command::new(program());
    command
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

impl Server {
    /// Starts a server whose data is in `data` and waits until it listens.
    pub(crate) fn start(data: &Path) -> Self {
        Self::run(command(data))
    }

    /// Starts what was prepared and waits until it listens.
    pub(crate) fn run(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (log, address) = read_log(child.stderr.take().unwrap());
        let Ok(address) = address.recv_timeout(PATIENCE) else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("it does not listen: {}", log.join().unwrap());
        };
        Self {
            child,
            address,
            log: Some(log),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) -> Ended {
        self.child.kill().unwrap();
        self.ended()
    }

    /// Sends SIGTERM and returns at once.
    pub(crate) fn terminate(&self) {
        let pid = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), Signal::TERM).unwrap();
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) fn stop(self) -> Ended {
        self.terminate();
        self.ended()
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn ended(mut self) -> Ended {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < end, "the server does not end");
            thread::sleep(POLL);
        };
        let log = self.log.take().unwrap().join().unwrap();
        Ended { status, log }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a server that is expected to end by itself.
#[track_caller]
pub(crate) fn run_to_end(mut command: Command) -> Ended {
    let mut child = command.spawn().unwrap();
    let (log, address) = read_log(child.stderr.take().unwrap());
    // The sender is dropped when the log ends, and that is when the process does.
    if address.recv_timeout(PATIENCE).is_ok() {
        let _ = child.kill();
        let _ = child.wait();
        panic!("it listens: {}", log.join().unwrap());
    }
    Ended {
        status: child.wait().unwrap(),
        log: log.join().unwrap(),
    }
}

/// Reads the log to its end, and tells the address as soon as it stands there.
fn read_log(stderr: ChildStderr) -> (JoinHandle<String>, Receiver<SocketAddr>) {
    let (sender, receiver) = mpsc::channel();
    let log = thread::spawn(move || {
        let mut sender = Some(sender);
        let mut log = String::new();
        let mut stderr = BufReader::new(stderr);
        // A log that is not UTF-8 holds what a client sent.
        while stderr.read_line(&mut log).unwrap() > 0 {
            let line = log.lines().last().unwrap();
            let address = line.split_once(LISTENING).map(|(_, address)| address);
            if let Some(sender) = sender.take_if(|_| address.is_some()) {
                let _ = sender.send(address.unwrap().parse().unwrap());
            }
        }
        log
    });
    (log, receiver)
}
