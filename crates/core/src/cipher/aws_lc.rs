//! AWS-LC's ciphers behind the `aead` traits.

use core::fmt;

use aead::consts::{U12, U16, U32};
use aead::inout::InOutBuf;
use aead::{AeadCore, AeadInOut, Error, Key, KeyInit, KeySizeUser, Nonce, Tag, TagPosition};
use aws_lc_rs::aead::{AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, UnboundKey};

use super::{Cipher, Suite};

macro_rules! aws_lc {
    ($(#[$doc:meta])* $name:ident, $algorithm:ident, $suite:ident) => {
        $(#[$doc])*
        pub struct $name(LessSafeKey);

        impl KeySizeUser for $name {
            type KeySize = U32;
        }

        impl KeyInit for $name {
            fn new(key: &Key<Self>) -> Self {
                let key = UnboundKey::new(&$algorithm, key)
                    .expect("AWS-LC takes every key of the algorithm's length");
                Self(LessSafeKey::new(key))
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
                nonce: &Nonce<Self>,
                associated_data: &[u8],
                buffer: InOutBuf<'_, '_, u8>,
            ) -> Result<Tag<Self>, Error> {
                // In place this copies nothing: both sides are the same memory.
                let data = buffer.into_out_with_copied_in();
                let tag = self
                    .0
                    .seal_in_place_separate_tag(nonce_of::<Self>(nonce), Aad::from(associated_data), data)
                    .map_err(|_| Error)?;
                Tag::<Self>::try_from(tag.as_ref()).map_err(|_| Error)
            }

            fn decrypt_inout_detached(
                &self,
                nonce: &Nonce<Self>,
                associated_data: &[u8],
                buffer: InOutBuf<'_, '_, u8>,
                tag: &Tag<Self>,
            ) -> Result<(), Error> {
                let data = buffer.into_out_with_copied_in();
                self.0
                    .open_in_place_separate_tag(
                        nonce_of::<Self>(nonce),
                        Aad::from(associated_data),
                        tag,
                        data,
                    )
                    .map(|_| ())
                    .map_err(|_| Error)
            }
        }

        impl Cipher for $name {
            const SUITE: Suite = Suite::$suite;
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

aws_lc! {
    /// AES-256-GCM from AWS-LC.
    AwsLcAes256Gcm, AES_256_GCM, Aes256Gcm
}
aws_lc! {
    /// ChaCha20-Poly1305 from AWS-LC.
    AwsLcChaCha20Poly1305, CHACHA20_POLY1305, ChaCha20Poly1305
}

fn nonce_of<A: AeadCore<NonceSize = U12>>(nonce: &Nonce<A>) -> aws_lc_rs::aead::Nonce {
    aws_lc_rs::aead::Nonce::assume_unique_for_key((*nonce).into())
}
