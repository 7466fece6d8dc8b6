//! The onekey server.
fn main() {}
