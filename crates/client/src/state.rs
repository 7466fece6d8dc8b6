//! Files that a transfer leaves so that another one can continue it: private, locked by who uses them, and made of lines
//! that tell whether they are whole.

pub(crate) mod folder;
pub(crate) mod line;
