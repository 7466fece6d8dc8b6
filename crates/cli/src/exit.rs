//! Exit codes, which scripts branch on.

use std::process::ExitCode;

/// How the command ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// It did what it was asked.
    Done = 0,
    /// It failed for a reason that has no code of its own.
    Failed = 1,
    /// It was called wrongly; nothing was done.
    Usage = 2,
    /// The share is not there, or no longer.
    Gone = 3,
    /// The key or the password does not fit.
    WrongKey = 4,
    /// What the server sent is not what the sender encrypted.
    Damaged = 5,
    /// Ctrl-C or another signal that ends: 130, as shells report Ctrl-C.
    Interrupted = 130,
}

/// The same table for people, shown by every `--help`.
pub(crate) const TABLE: &str = "\
Exit codes:
  0    done
  1    failed: no connection, no space, a file exists, the server refused, …
  2    called wrongly: nothing was sent or written
  3    gone: the link expired, is used up, revoked, deleted or unknown
  4    wrong key or wrong password
  5    damaged: what arrived is not what the sender encrypted
  130  interrupted (Ctrl-C, SIGTERM)";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
