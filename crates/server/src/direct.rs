//! The direct mode: the server gets a key, uses it for one request, and forgets it.
//!
//! Keys and plaintext are in this folder and in `routes/direct`, `routes/upload`, and nowhere else in the server.
//! Nothing here writes plaintext to a disk, logs, or keeps anything between two requests.

pub(crate) mod base;
pub(crate) mod disposition;
mod file_name;
pub(crate) mod media_type;
pub(crate) mod open;
pub(crate) mod plaintext;
pub(crate) mod receive;
pub(crate) mod zip;
