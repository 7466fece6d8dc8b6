//! The name of a blob in a store that chooses its names itself.

use crate::blobs::{BlobError, BlobRef};

/// 16 random bytes, written as 32 lower-case hexadecimal digits. Names sort as their texts do.
///
/// Paths are built from this type alone, so nothing but hexadecimal digits can get into one.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct BlobName(u128);

impl BlobName {
    /// The first name in order.
    pub(super) const FIRST: Self = Self(0);

    /// Draws a new name. Two of 2⁶⁴ are equal with odds of a coin, so nobody checks for one that exists
    /// but for the file system.
    pub(super) fn random() -> Self {
        Self(rand::random())
    }

    /// Takes exactly what [`text`](Self::text) gives, and nothing else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == DIGITS
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        // `from_str_radix` alone would take signs, capitals and fewer digits.
        if !digits {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(Self)
    }

    /// Returns the 32 digits.
    pub(super) fn text(self) -> String {
        format!("{:032x}", self.0)
    }

    /// Returns the first byte, by which names are spread over folders.
    pub(super) fn first_byte(self) -> u8 {
        self.0.to_be_bytes()[0]
    }

    /// Returns the reference to hand out.
    pub(super) fn to_ref(self) -> BlobRef {
        BlobRef::new(self.text())
    }
}

impl TryFrom<&BlobRef> for BlobName {
    type Error = BlobError;

    /// Refuses a reference that this kind of store never made as [`BlobError::NotFound`].
    fn try_from(blob: &BlobRef) -> Result<Self, BlobError> {
        Self::parse(blob.as_str()).ok_or(BlobError::NotFound)
    }
}

/// Hexadecimal digits of a name: 128 bits cannot be guessed and do not repeat.
const DIGITS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_text() {
        let name = BlobName::random();
        assert_eq!(BlobName::parse(&name.text()), Some(name));
        assert_eq!(BlobName::FIRST.text(), "0".repeat(DIGITS));
        assert_eq!(name.text()[..2], format!("{:02x}", name.first_byte()));
    }

    #[test]
    fn t21_only_the_exact_form_is_a_name() {
        let good = "0123456789abcdef0123456789abcdef";
        assert!(BlobName::parse(good).is_some());
        for bad in [
            "",
            "0123456789abcdef0123456789abcde",
            "0123456789abcdef0123456789abcdef0",
            "0123456789ABCDEF0123456789abcdef",
            "+123456789abcdef0123456789abcdef",
            "../../../../../../../../../../aa",
            "0123456789abcdef0123456789abcde\0",
            "0123456789abcdef0123456789abcd\u{e9}",
        ] {
            assert_eq!(BlobName::parse(bad), None, "{bad:?}");
        }
    }
}
