//! The door for plain files: what every tool sends comes in encrypted, and what is refused leaves nothing.

#![allow(clippy::unwrap_used)]

mod answers;
#[path = "../common/mod.rs"]
mod common;
mod curl;
mod direct;
mod forms;
mod gone;
mod hostile;
mod limits;
mod names;
mod opened;
mod raw;
mod secrets;
mod socket;
mod tools;
