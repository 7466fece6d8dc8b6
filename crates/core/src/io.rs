//! Standalone streams behind `std::io`: header and payload in one, as `onekey seal` writes them.
//!
//! ```text
//! | header 72 | chunk | chunk | … | last chunk |
//! ```
//!
//! [`EncryptWriter`] and [`DecryptReader`] hold one chunk each and use its memory again, so a stream
//! may be of any length.

mod error;
mod read;
mod suites;
mod write;

pub use error::StreamError;
pub use read::DecryptReader;
pub use write::{EncryptWriter, encrypt_writer};
