//! Digests, hashes and random numbers in rows.

use std::fmt;

macro_rules! bytes_type {
    ($(#[$doc:meta])* $name:ident, $len:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

bytes_type! {
    /// SHA-256 of the ciphertext of a part, or of the body of `complete`.
    Digest, 32
}
bytes_type! {
    /// SHA-256 of a grant: all that is kept of it.
    GrantHash, 32
}
bytes_type! {
    /// The random number of one attempt to write a part.
    WriterId, 16
}
bytes_type! {
    /// A client's address behind a keyed hash (docs/protocol.md).
    ClientKey, 16
}
bytes_type! {
    /// The key of that hash, random, one for each day.
    Pepper, 32
}
