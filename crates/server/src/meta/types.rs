//! What the verbs of [`super::MetaStore`] take and give.

mod bounds;
mod bytes;
mod error;
mod links;
mod shares;
mod uploads;

pub use bounds::*;
pub use bytes::{ClientKey, Digest, GrantHash, Pepper, WriterId};
pub use error::MetaError;
pub use links::*;
pub use onekey_core::header::HEADER_LEN;
pub use onekey_core::link::ENVELOPE_LEN;
pub use shares::{Share, ShareLink};
pub use uploads::*;
