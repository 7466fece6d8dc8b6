//! A value has one text: what decodes is what would be encoded.

use onekey_core::base64url::{DecodeError, decode, decode_vec, encode, encoded_len};

use crate::Reached;

pub(super) fn run(data: &[u8], reached: &mut Reached) {
    assert_eq!(decode_vec(&encode(data)).as_deref(), Ok(data));
    assert_eq!(encode(data).len(), encoded_len(data.len()));
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let any = decode_vec(text);
    if let Ok(bytes) = &any {
        reached.mark("base64url::decode_vec");
        assert_eq!(encode(bytes), text);
    }
    match decode::<32>(text) {
        Ok(bytes) => {
            reached.mark("base64url::decode");
            assert_eq!(any.as_deref(), Ok(&bytes[..]));
        }
        Err(DecodeError::Length { found, .. }) => assert!(found != 43 && found == text.len()),
        Err(_) => assert!(any.is_err() && text.len() == 43),
    }
}
