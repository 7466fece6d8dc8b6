//! A header that is accepted prints as it was read.

use onekey_core::header::Header;
use onekey_core::keys::ShareKey;

use crate::Reached;

pub(super) const SHARE: ShareKey = ShareKey::from_bytes([7; 32]);

pub(super) fn run(data: &[u8], reached: &mut Reached) {
    let Ok(header) = Header::parse(data) else {
        return;
    };
    reached.mark("Header::parse");
    assert_eq!(header.as_bytes(), data);
    // What a writer makes of the same suite, chunk size and salt, but for the commitment.
    assert_eq!(with_commitment(&header).as_bytes()[..40], data[..40]);
    assert_eq!(header.suite().to_byte(), data[9]);
    assert_eq!(header.chunk_size().exponent(), data[10]);
    if header.keys(&SHARE).is_ok() {
        reached.mark("Header::keys");
        assert_eq!(header, with_commitment(&header));
    }
}

/// Returns the header with the commitment to [`SHARE`], which no fuzzer could guess.
pub(crate) fn with_commitment(header: &Header) -> Header {
    let salt = &mut crate::counter::Given(&header.as_bytes()[16..40]);
    Header::new(header.suite(), header.chunk_size(), &SHARE, salt)
}
