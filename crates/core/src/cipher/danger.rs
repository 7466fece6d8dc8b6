//! NO SECURITY: ciphers that encrypt nothing, for fuzz targets alone.
//!
//! They exist only under `cfg(fuzzing)`. Text stays as it is, so that a fuzzer's comparisons see it, and a tag
//! is the text's length modulo 256 in all its bytes: a mutation of the text alone still authenticates, one of
//! its length does so once in 256 times, and zeros are the tag of every full chunk. What rests on real tags
//! (order, place, keys) is for [`super::RustAes256Gcm`], which stays what it is.

use core::fmt;

use aead::consts::{U12, U16, U32};
use aead::inout::InOutBuf;
use aead::{AeadCore, AeadInOut, Error, Key, KeyInit, KeySizeUser, Nonce, Tag, TagPosition};

use super::{Cipher, Suite, TAG_LEN};

macro_rules! danger {
    ($(#[$doc:meta])* $name:ident, $suite:ident) => {
        $(#[$doc])*
        pub struct $name(());

        impl KeySizeUser for $name {
            type KeySize = U32;
        }

        impl KeyInit for $name {
            fn new(_: &Key<Self>) -> Self {
                Self(())
            }
        }

        impl AeadCore for $name {
            type NonceSize = U12;
            type TagSize = U16;
            const TAG_POSITION: TagPosition = TagPosition::Postfix;
        }

        impl AeadInOut for $name {
            fn encrypt_inout_detached(
                &self,
                _: &Nonce<Self>,
                _: &[u8],
                buffer: InOutBuf<'_, '_, u8>,
            ) -> Result<Tag<Self>, Error> {
                Ok(danger_tag(buffer.into_out_with_copied_in()).into())
            }

            fn decrypt_inout_detached(
                &self,
                _: &Nonce<Self>,
                _: &[u8],
                buffer: InOutBuf<'_, '_, u8>,
                tag: &Tag<Self>,
            ) -> Result<(), Error> {
                let text = buffer.into_out_with_copied_in();
                (danger_tag(text) == tag[..]).then_some(()).ok_or(Error)
            }
        }

        impl Cipher for $name {
            const SUITE: Suite = Suite::$suite;
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

danger! {
    /// NO SECURITY: stands where AES-256-GCM does.
    DangerNoAes256Gcm, Aes256Gcm
}
danger! {
    /// NO SECURITY: stands where ChaCha20-Poly1305 does.
    DangerNoChaCha20Poly1305, ChaCha20Poly1305
}

/// The low byte of the length, in every byte.
fn danger_tag(text: &[u8]) -> [u8; TAG_LEN] {
    [text.len().to_le_bytes()[0]; TAG_LEN]
}
