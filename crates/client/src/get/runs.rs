//! Which chunks of the payload hold what is wanted.

use std::ops::Range;

use onekey_core::manifest::File;

use crate::error::GetError;
use crate::open::OpenedShare;

impl OpenedShare {
    /// A file and its place in the plaintext.
    pub(super) fn file(&self, index: usize) -> Result<(&File, Range<u64>), GetError> {
        let file = self.manifest.files.get(index);
        let file = file.ok_or(GetError::NoSuchRange)?;
        Ok((file, file.offset..file.offset + file.stored))
    }

    /// The chunks to fetch for places in the plaintext, which ascend.
    pub(super) fn runs_of(&self, places: impl IntoIterator<Item = Range<u64>>) -> Vec<Range<u64>> {
        let chunk_size = self.cipher.chunk_size();
        let mut runs: Vec<Range<u64>> = Vec::new();
        for place in places {
            let chunks = chunk_size.chunks_of(&place);
            match runs.last_mut() {
                _ if chunks.is_empty() => {}
                // One file may end in the chunk in which the next begins.
                Some(last) if chunks.start <= last.end => last.end = last.end.max(chunks.end),
                _ => runs.push(chunks),
            }
        }
        runs
    }

    /// The chunks from byte `from` of the plaintext to the end of the payload. Who takes every file takes the padding too:
    /// else the first download would tell the true size.
    pub(super) fn runs_from(&self, from: u64) -> Vec<Range<u64>> {
        let chunk_size = self.cipher.chunk_size();
        let first = from / chunk_size.plaintext() as u64;
        let behind = self.size.div_ceil(chunk_size.encrypted() as u64);
        Vec::from_iter(std::iter::once(first.min(behind - 1)..behind))
    }

    /// The chunks to fetch for one file.
    pub(super) fn runs_of_file(&self, index: usize) -> Vec<Range<u64>> {
        if self.manifest.files.len() == 1 {
            return self.runs_from(0);
        }
        let file = &self.manifest.files[index];
        self.runs_of(std::iter::once(file.offset..file.offset + file.stored))
    }
}

/// The bytes of `text`, which stands at `at`, that lie within `wanted`.
pub(super) fn overlap<'t>(at: u64, text: &'t [u8], wanted: &Range<u64>) -> &'t [u8] {
    let within = |place: u64| {
        let place = place.saturating_sub(at).min(text.len() as u64);
        usize::try_from(place).expect("at most the text's length")
    };
    let (start, end) = (within(wanted.start), within(wanted.end));
    &text[start..end.max(start)]
}
