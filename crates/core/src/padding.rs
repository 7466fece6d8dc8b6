//! Padmé: how long a payload's plaintext is made, so that its length tells little.

/// Bytes of the shortest padded plaintext.
pub const MIN_PADDED_LEN: u64 = 1024;

/// Returns the length that a plaintext of `total` bytes is padded to, with zeros.
///
/// It is `max(1024, Padmé(total))`: with `E = ⌊log2 total⌋` and `S = ⌊log2 E⌋ + 1`, the next
/// multiple of `2^(E-S)`. Above the floor that adds less than a sixteenth, and the share falls as
/// lengths grow. A length that is padded already stays as it is.
///
/// No length that a payload can have (below 2^53 bytes) comes near the end of `u64`; one that does
/// gives `u64::MAX`, which every later bound refuses.
///
/// ```
/// use onekey_core::padding::padded_len;
///
/// assert_eq!(padded_len(0), 1024);
/// assert_eq!(padded_len(1_000_000), 1_015_808);
/// ```
pub const fn padded_len(total: u64) -> u64 {
    if total <= MIN_PADDED_LEN {
        return MIN_PADDED_LEN;
    }
    let exponent = total.ilog2();
    let kept_bits = exponent.ilog2() + 1;
    match total.checked_next_multiple_of(1 << (exponent - kept_bits)) {
        Some(padded) => padded,
        None => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_answers() {
        for (total, padded) in [
            (0, 1024),
            (1, 1024),
            (1023, 1024),
            (1024, 1024),
            (1025, 1088),
            (1_000_000, 1_015_808),
            ((1 << 30) + 1, 1_107_296_256),
            (1 << 53, 1 << 53),
            (u64::MAX, u64::MAX),
        ] {
            assert_eq!(padded_len(total), padded, "{total}");
        }
    }

    proptest! {
        #[test]
        fn never_shorter_and_little_longer(bits in 0..54_u32, low in any::<u64>()) {
            let total = low >> (63 - bits) >> 1;
            let padded = padded_len(total);
            prop_assert!(padded >= total);
            prop_assert!(padded == MIN_PADDED_LEN || (padded - total) * 16 < total);
        }

        #[test]
        fn padded_lengths_stay(total in 0..1_u64 << 53) {
            prop_assert_eq!(padded_len(padded_len(total)), padded_len(total));
        }

        #[test]
        fn longer_is_never_padded_shorter(total in 0..1_u64 << 53, more in 0..1_u64 << 20) {
            prop_assert!(padded_len(total + more) >= padded_len(total));
            prop_assert!(padded_len(total % 4096 + 1) >= padded_len(total % 4096));
        }
    }
}
