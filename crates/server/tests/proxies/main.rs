//! The proxies of `docs/self-hosting.md`, with the very text of its blocks: they keep keys out of their logs and
//! plaintext off their disk. Real nginx, real Caddy, real curl.

#![allow(clippy::unwrap_used)]
// What a process holds open is read in /proc.
#![cfg(target_os = "linux")]

mod blocks;
mod caddy;
mod curl;
mod keys;
mod nginx;
mod old_links;
mod plaintext;
#[path = "../common/process.rs"]
mod process;
mod program;
mod search;
mod server;
mod upstream;
mod whole;

use std::time::{Duration, Instant};

/// Longest wait for a process or for bytes on their way.
const PATIENCE: Duration = Duration::from_secs(20);

/// Pause between two looks at what tells no event.
const POLL: Duration = Duration::from_millis(10);

/// Keys, as they stand in addresses.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const OTHER_KEY: &str = "BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// What an uploader gives, and the grant of a counted link.
const SECRET: &str = "correct-horse-battery-staple";
const GRANT: &str = "gAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// What a file holds, over and over.
const MARKER: &str = "The quick brown fox jumps over the lazy dog.\n";

/// Looks until there is something to see.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(start.elapsed() < PATIENCE, "{what} did not happen");
        std::thread::sleep(POLL);
    }
}
