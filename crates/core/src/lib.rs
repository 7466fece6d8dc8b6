//! onekey.
#![no_std]
// utoipa's derived code calls `format!` and `vec!` by their bare names.
#[cfg_attr(feature = "openapi", macro_use)]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod base64url;
pub mod cipher;
mod derive;
pub mod header;
pub mod keys;
pub mod link;
mod message;
pub mod owner;
pub mod password;
pub mod payload;
pub mod size;
pub mod wire;
