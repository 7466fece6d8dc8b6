//! onekey.
#![no_std]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;
pub mod base64url;
mod derive;
pub mod keys;
