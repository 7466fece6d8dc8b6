//! Which files may be compressed, and how.

use std::fs::File;

use super::encoder::VERSION;
use super::{LEAST, LOOKS, SAMPLE_PART, SAMPLES, samples, types};
use crate::error::PutError;
use crate::put::plaintext::{Layout, failed, is_cut};
use crate::put::seal::SealError;
use crate::sources::SourceFile;

/// What becomes of files that are too large to be compressed whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::put) enum Large {
    /// They are compressed while they stream, if their samples shrink.
    Streamed,
    /// They are stored as they are, as one of them did not get smaller.
    Raw,
}

/// How the files of one upload are compressed.
#[derive(Clone, Copy, Debug)]
pub(in crate::put) struct Choice {
    /// Up to here a file is compressed whole in memory.
    pub(super) whole: u64,
    pub(super) large: Large,
}

/// How one file may be compressed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Way {
    Raw,
    Whole,
    Streamed,
}

impl Choice {
    pub(in crate::put) const fn new(whole: u64, large: Large) -> Self {
        Self { whole, large }
    }

    /// A word for all that the stored bytes depend on beside the files.
    pub(in crate::put) fn word(&self) -> String {
        let large = match self.large {
            Large::Streamed => "streamed",
            Large::Raw => "raw",
        };
        format!("{VERSION}-{}-{large}", self.whole)
    }

    /// How this file may be compressed, by its name and size.
    pub(super) fn way(&self, file: &SourceFile) -> Way {
        if file.size < LEAST || types::is_compressed(&file.name) {
            Way::Raw
        } else if file.size <= self.whole {
            Way::Whole
        } else if self.large == Large::Streamed {
            Way::Streamed
        } else {
            Way::Raw
        }
    }

    /// Whether it has samples that say more than a try would.
    pub(super) const fn has_samples(&self, file: &SourceFile) -> bool {
        file.size > self.whole || file.size > SAMPLES * self.sample()
    }

    /// Whether the samples of a file shrink.
    pub(super) fn samples_shrink(&self, file: &SourceFile, open: &File) -> Result<bool, SealError> {
        let shrink = samples::shrink(open, file.size, self.sample())?;
        Ok(shrink.map_err(|source| is_cut(file, source))?)
    }

    const fn sample(&self) -> u64 {
        self.whole.div_ceil(SAMPLE_PART)
    }

    /// Bytes that are stored whatever compression does.
    pub(in crate::put) fn least(&self, layout: &Layout) -> u64 {
        let files = layout.files().iter();
        let raw = files.filter(|(file, _)| self.way(file) == Way::Raw);
        raw.fold(0, |sum, (file, _)| sum.saturating_add(file.size))
    }
}

/// Tells whether any file may get smaller. Looks at the samples of a few; it reads from the disk.
pub(in crate::put) fn chance(layout: &Layout, choice: Choice) -> Result<bool, PutError> {
    let mut looks = 0;
    for (file, _) in layout.files() {
        if choice.way(file) == Way::Raw {
            continue;
        }
        if !choice.has_samples(file) || looks == LOOKS {
            return Ok(true);
        }
        looks += 1;
        let open = File::open(&file.path).map_err(|source| failed(file, source))?;
        if choice.samples_shrink(file, &open)? {
            return Ok(true);
        }
    }
    Ok(false)
}
