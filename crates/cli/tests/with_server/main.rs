//! The command against a real server, as a person uses it.

#![allow(clippy::unwrap_used)]

mod compress;
mod damage;
mod direct;
mod fetched;
mod get;
mod gone;
mod harness;
mod history;
mod interrupt;
mod links;
mod owner;
mod passwords;
mod put;
mod resume;
mod targets;
