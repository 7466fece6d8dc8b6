//! `onekey-server check`: clean after a normal life and beside a live server, and each problem by its word.

#![allow(clippy::unwrap_used)]

mod clean;
#[path = "../common/mod.rs"]
mod common;
mod damage;
mod stopped;
mod two_looks;
mod words;
