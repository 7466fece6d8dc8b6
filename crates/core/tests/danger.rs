//! The ciphers without security, which fuzz targets use, are in no other build. (That their names
//! are not there either is a `compile_fail` example in `cipher.rs`.)

use std::any::type_name;

use aead::{AeadInOut, KeyInit};
use onekey_core::cipher::{Aes256Gcm, ChaCha20Poly1305, Cipher};

#[test]
fn chosen_ciphers_encrypt() {
    const { assert!(!cfg!(fuzzing), "tests are not run under cfg(fuzzing)") };
    encrypts::<Aes256Gcm>();
    encrypts::<ChaCha20Poly1305>();
}

fn encrypts<A: Cipher + KeyInit + AeadInOut>() {
    let name = type_name::<A>();
    assert!(!name.contains("Danger"), "{name}");
    let mut text = [0; 64];
    let tag = A::new(&[7; 32].into())
        .encrypt_inout_detached(&[0; 12].into(), b"", text.as_mut_slice().into())
        .expect("the text is short");
    assert_ne!(text, [0; 64], "{name}");
    A::new(&[8; 32].into())
        .decrypt_inout_detached(&[0; 12].into(), b"", text.as_mut_slice().into(), &tag)
        .expect_err(name);
}

#[test]
fn what_people_run_refuses_to_compile_with_them() {
    for source in [
        include_str!("../../client/src/lib.rs"),
        include_str!("../../server/src/lib.rs"),
    ] {
        assert!(source.contains("#[cfg(fuzzing)]\ncompile_error!("));
    }
}
