//! Tests that this machine cannot run say so.

use std::fs::OpenOptions;
use std::io::Write;

/// Writes the skip where `./test` looks for it, and where people do.
#[cfg_attr(
    not(feature = "long"),
    allow(dead_code, reason = "only large tests need much")
)]
pub(crate) fn skip(name: &str, reason: &str) {
    let line = format!("{name}: {reason}\n");
    // Not `eprintln!`, which a passing test hides.
    let _ = write!(std::io::stderr(), "SKIPPED {line}");
    if let Some(path) = std::env::var_os("ONEKEY_SKIPPED") {
        let mut file = OpenOptions::new().append(true).create(true).open(path);
        file.as_mut().unwrap().write_all(line.as_bytes()).unwrap();
    }
}
