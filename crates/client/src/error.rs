//! Errors: one enum for each operation, sentences for people, and nothing secret in them.
//!
//! Only [`SourceError`], [`PutError`] where it holds one, and [`GetError::Exists`] name local paths: the person
//! who typed them reads the message.

mod api;
mod direct;
mod get;
mod links;
mod open;
mod put;
mod source;
mod stream;

pub use api::{ApiError, NetworkError};
pub use direct::DirectError;
pub use get::{DamageError, GetError, NameError};
pub use links::LinksError;
pub use open::OpenError;
pub use put::{ClientError, PutError};
pub use source::SourceError;
pub use stream::{SealError, UnsealError};

/// What a program does about an error: one exit code each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// The data is not what the sender encrypted.
    Damaged,
    /// Anything else.
    Failed,
    /// The link or share does not exist any more.
    Gone,
    /// The key, the password or the owner secret is not the right one.
    WrongKey,
}
