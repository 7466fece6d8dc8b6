//! What must hold of the real programs: `onekey` and `onekey-server` as processes of their own, on loopback.
//!
//! Feature `long` makes the same tests larger; `./test --long` runs that.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

// What tests stand on.
mod client;
mod files;
mod http;
mod needles;
mod proxy;
mod sender;
mod server;
mod skip;
mod status;

// The tests.
mod broken_transfers;
mod caps;
#[cfg(feature = "long")]
mod five_gib;
mod get_resume;
mod kill;
mod memory;
mod pipes;
mod resume_twice;
mod secrets;
mod stop;
mod trees;
