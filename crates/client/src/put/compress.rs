//! Compression on the sending side: per file, before encryption, only if it pays.
//!
//! A file whose type is known to be compressed is stored as it is; so is one whose samples do not shrink. What is left is
//! compressed whole in memory, by several workers, and kept only when smaller; larger files are compressed while they stream.
//! Nothing is spooled to disk. What comes out depends on the files alone, never on threads or time: a put that is continued
//! makes the same bytes again.

mod ahead;
mod choice;
mod encoder;
mod ordered;
mod samples;
mod types;

pub(super) use choice::{Choice, Large, chance};
pub(super) use ordered::{Ordered, Stored};

/// Up to here a file is compressed whole in memory and compared.
pub(crate) const WHOLE: u64 = 64 << 20;

/// A sample is this part of the above: 1 MiB.
const SAMPLE_PART: u64 = 64;

/// Samples of one file: its start, its middle and its end.
const SAMPLES: u64 = 3;

/// Samples must lose one byte in so many: what barely shrinks costs more time than it saves.
const SAMPLE_GAIN: u64 = 20;

/// Smaller files are stored as they are: padding hides more than they could save.
const LEAST: u64 = 256;

/// Files whose samples are looked at before the first byte is sent: a share of nothing but files that do not shrink is then
/// read by all workers at any place, and its size is known.
const LOOKS: usize = 32;

/// Files that may be compressed ahead of the one that is being sent, however small they are.
const AHEAD: usize = 1024;
