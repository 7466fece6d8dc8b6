//! The onekey server.
//!
//! It stores ciphertext and one-way values, and learns no name, type, key or content. [`Server`] is a
//! library: mount its router under any prefix, or run it. The binary `onekey-server` is a thin shell around
//! it.

// The core's ciphers encrypt nothing then.
#[cfg(fuzzing)]
compile_error!("--cfg fuzzing is for fuzz/ alone: nothing would be encrypted");

mod app;
pub mod args;
pub mod blobs;
pub mod check;
pub mod clock;
pub mod config;
mod data_lock;
mod direct;
mod error;
mod extract;
mod layers;
mod lifecycle;
mod listen;
pub mod logging;
pub mod meta;
mod range;
mod room;
mod routes;
mod server;
mod upload_secret;
#[cfg(feature = "web")]
mod web;

pub use config::Config;
pub use data_lock::DataLockError;
pub use lifecycle::SweepReport;
pub use server::{RecoveryError, Server, StartError};
