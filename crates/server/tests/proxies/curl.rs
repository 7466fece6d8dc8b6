//! curl, as people use it.

use std::process::{Child, Command, Stdio};

use crate::program::find;

/// Where to ask: how addresses begin, and what curl needs to get there.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) options: Vec<String>,
}

/// What curl saw.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) exit: Option<i32>,
    /// 0 without an answer.
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Stands between the body and the status.
const BORDER: &str = "\n-- status ";

fn command(place: &Place, path: &str, options: &[&str]) -> Command {
    let mut command = find("curl", "curl").expect("curl is looked for first");
    command
        .args([
            "-q",
            "-sS",
            "--max-time",
            "60",
            "--noproxy",
            "*",
            "--path-as-is",
        ])
        .args(&place.options)
        .args(options)
        .arg(format!("{}{path}", place.url))
        .env_clear();
    command
}

impl Place {
    /// Asks, and waits for the whole answer.
    pub(crate) fn ask(&self, path: &str, options: &[&str]) -> Seen {
        let mut command = command(self, path, options);
        command.args(["-w", &format!("{BORDER}%{{http_code}}")]);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let (body, status) = text.rsplit_once(BORDER).unwrap_or((&text, "0"));
        Seen {
            exit: output.status.code(),
            status: status.parse().unwrap(),
            body: body.to_owned(),
        }
    }

    /// Begins a transfer whose ends the caller holds.
    pub(crate) fn begin(&self, path: &str, options: &[&str]) -> Child {
        let mut command = command(self, path, options);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(Stdio::null()).spawn().unwrap()
    }
}
