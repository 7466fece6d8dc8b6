//! Fuzz targets: each takes any bytes, says what must hold, and what it has to get to.
//!
//! Under `cfg(fuzzing)` the core's chosen ciphers encrypt nothing (`cipher/danger.rs`), so that mutated bytes get past
//! the tag. A target that no longer gets where it should finds nothing and stays green; so each target names its
//! places in [`Target::reaches`], and the smoke run fails when one is not reached.

#[cfg(not(fuzzing))]
compile_error!("build with fuzz/run, which sets --cfg fuzzing");

mod counter;
pub mod mutate;
mod reached;
pub mod seeds;
mod targets;

pub use reached::Reached;
pub use targets::{TARGETS, Target};
