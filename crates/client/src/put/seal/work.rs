//! Which parts there are to seal, and how large they are.

use super::super::records::Records;

/// How a payload is cut.
#[derive(Clone, Copy, Debug)]
pub(in crate::put) struct Cut {
    /// Bytes of every part but the last.
    pub(in crate::put) part_size: u64,
    /// Parts, or `None` until the plaintext ends.
    pub(in crate::put) parts: Option<u64>,
    /// Length of the payload, where it is known.
    pub(in crate::put) len: Option<u64>,
    /// Most bytes that it may have, where that is known.
    pub(in crate::put) most: Option<u64>,
}

/// What workers do.
pub(in crate::put) struct Work {
    pub(in crate::put) cut: Cut,
    pub(in crate::put) parts: Parts,
    /// Where every part's plaintext is recorded before the part leaves, if the put can be continued.
    pub(in crate::put) records: Option<Records>,
}

/// Which parts they seal.
pub(in crate::put) enum Parts {
    All,
    /// These, ascending.
    Missing(Vec<u64>),
    /// All but these, ascending, which are there and only compared. For a plaintext that cannot be read at any place.
    AllBut(Vec<u64>),
}

impl Cut {
    /// The cut of a payload of this length.
    pub(in crate::put) const fn known(len: u64, part_size: u64) -> Self {
        Self {
            part_size,
            parts: Some(len.div_ceil(part_size)),
            len: Some(len),
            most: Some(len),
        }
    }

    /// The cut of a payload that tells its length when it ends.
    pub(in crate::put) const fn unknown(most: Option<u64>, part_size: u64) -> Self {
        Self {
            part_size,
            parts: None,
            len: None,
            most,
        }
    }

    /// Bytes of a part: of the last one, what is left of a known length.
    pub(in crate::put) fn part_len(&self, number: u64) -> u64 {
        let left = self
            .len
            .map_or(u64::MAX, |len| len.saturating_sub(number * self.part_size));
        left.min(self.part_size)
    }

    /// Bytes that a part may need while it is made: whole chunks, unless the payload's end is known.
    pub(super) fn room(&self, number: u64, chunk: u64) -> u64 {
        let most = self.most.map_or(u64::MAX, |most| {
            most.saturating_sub(number * self.part_size)
                .div_ceil(chunk)
                .max(1)
                * chunk
        });
        self.part_len(number).min(most)
    }
}

impl Work {
    /// Number and length together of the parts to send. Of a known length only.
    pub(in crate::put) fn all(&self) -> (u64, u64) {
        let Parts::Missing(missing) = &self.parts else {
            let Cut { parts, len, .. } = self.cut;
            return (parts.unwrap_or_default(), len.unwrap_or_default());
        };
        let lens = missing.iter().map(|number| self.cut.part_len(*number));
        (missing.len() as u64, lens.sum())
    }

    /// The part at a place of the list.
    pub(super) fn number(&self, place: u64) -> Option<u64> {
        match (&self.parts, self.cut.parts) {
            (Parts::Missing(missing), _) => missing.get(usize::try_from(place).ok()?).copied(),
            (_, Some(parts)) => (place < parts).then_some(place),
            (_, None) => Some(place),
        }
    }

    /// Whether the server has this part, and it is only compared.
    pub(super) fn is_there(&self, number: u64) -> bool {
        matches!(&self.parts, Parts::AllBut(there) if there.binary_search(&number).is_ok())
    }
}

impl From<Cut> for Work {
    fn from(cut: Cut) -> Self {
        Self {
            cut,
            parts: Parts::All,
            records: None,
        }
    }
}
