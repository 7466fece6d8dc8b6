//! HKDF (RFC 5869) with SHA-256: the one way keys are derived.

use hkdf::Hkdf;
use sha2::Sha256;

/// `HKDF(key, salt, info, N)`: extract, then expand. The parts of `key` and `info` are joined.
pub(crate) fn hkdf<const N: usize>(key: &[&[u8]], salt: &[u8], info: &[&[u8]]) -> [u8; N] {
    let mut extract = hkdf::HkdfExtract::<Sha256>::new(Some(salt));
    for part in key {
        extract.input_ikm(part);
    }
    let (_, expand): (_, Hkdf<Sha256>) = extract.finalize();
    let mut output = [0; N];
    expand
        .expand_multi_info(info, &mut output)
        .expect("every derived value is far shorter than HKDF's limit of 8,160 bytes");
    output
}
