//! The core of onekey: what sender, receiver and server agree on, byte for byte.
//!
//! ```text
//!  plaintext                                             ciphertext
//!
//!  files ──┬─ bytes, one after another ─┐
//!          │                            ├─ chunks ────── payload    n × ( nonce | text | tag )
//!          │             zeros up to ───┘    │
//!          │             padded_len          │
//!          └─ names, sizes, places           │
//!             title, note ── JSON ───────────┼────────── manifest   nonce | text | tag
//!                                            │
//!  share key S ── HKDF with the header ──────┴────────── header     72 bytes, commits to S
//!       │
//!       ├─ wrapped for each link key K ───────────────── envelope   60 bytes each
//!       └─ wrapped for the owner secret O ────────────── owner envelope
//!
//!  link key K ── HKDF ── locator, proof ──────────────── verifier   SHA-256 of the proof
//! ```
//!
//! What stands on the left never leaves sender and receiver; what stands on the right is all that a server
//! has. (In direct mode the server is given K with each request, and then stands on the left.)
//! `docs/format.md` is the normative text, `vectors/` its cases, `docs/threat-model.md` what it is good for.
//!
//! - [`keys`]: one type for each key. [`link`], [`owner`], [`password`]: how they follow from each other.
//! - [`header`], [`payload`], [`size`], [`cipher`]: the container, in chunks, in streams, or in any order.
//! - [`manifest`], [`padding`]: the private list of files, and how lengths are hidden.
//! - [`url`], [`base64url`]: links as people pass them on.
//! - [`wire`]: the bodies of the HTTP protocol, without HTTP.
//!
//! The crate does no I/O, reads no clock, starts no thread, and takes randomness from its caller. Input that
//! others made never makes it panic.
//!
//! # What it does not do
//!
//! - **Compress or decompress.** It says where a file's stored bytes are; who decompresses them must stop at `size` bytes.
//! - **Write files.** A path that it accepts is relative and does not climb, but your system may know more
//!   names that are not safe.
//! - **Keep S for one upload.** Under one share key each chunk index has one plaintext and there is one manifest;
//!   that is the caller's to keep when an upload resumes.
//! - **Count or limit**: caps, expiry and attempts are the server's word, not cryptography.
//! - **Sign.** Whoever has the link can tell that the content is what the link key's holder sealed, not who that was.
//! - **Hide from a local attacker.** Keys are wiped when dropped and secrets are compared in constant time; it
//!   promises nothing beyond that about caches, swap, or copies that the compiler makes.
//!
//! # Features
//!
//! None is on by default: the crate is `no_std` with `alloc`.
//!
//! - `std`: the module `io`, which puts standalone streams behind `std::io`.
//! - `aws-lc`: the ciphers of AWS-LC, about five times faster, in place of the pure Rust ones. Needs a C
//!   compiler. The bytes are the same.
//! - `openapi`: schemas of the wire types.

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

/// The README's example is compiled and run.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
