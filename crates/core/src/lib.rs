//! onekey.

// utoipa's derived code names `Vec`, `String` and `format!` as the standard prelude does.
#![cfg_attr(not(feature = "openapi"), no_std)]

extern crate alloc;
#[cfg(all(feature = "std", not(feature = "openapi")))]
extern crate std;

pub mod base64url;
pub mod cipher;
mod derive;
pub mod header;
#[cfg(feature = "std")]
pub mod io;
pub mod keys;
pub mod link;
pub mod manifest;
mod message;
pub mod owner;
pub mod padding;
pub mod password;
pub mod payload;
pub mod size;
pub mod url;
pub mod wire;
