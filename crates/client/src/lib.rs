//! onekey.
