//! The onekey command.
fn main() {}
