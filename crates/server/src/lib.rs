//! onekey.
pub mod blobs;
pub mod clock;
pub mod meta;
