//! A range on its way from the disk.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use futures_util::{StreamExt, stream};

use crate::blobs::local::blocking;
use crate::blobs::local::error::failed;
use crate::blobs::piece::Memory;
use crate::blobs::transform::{end_at_error, transformed};
use crate::blobs::{BlobBody, BlobError, Piece, Transform};

/// Streams `range` in pieces of `length` bytes, each transformed. Every piece is full or an error, and an error is
/// the last item: a file that was cut meanwhile never looks like a range that ended.
pub(super) fn read_range(
    file: File,
    range: Range<u64>,
    length: usize,
    transform: Option<Transform>,
) -> BlobBody {
    let file = Arc::new(file);
    let memory = Arc::new(Memory::default());
    places(range, length.max(1))
        .zip(stream::iter(0..))
        .map(move |((offset, length), number)| {
            let (file, memory) = (Arc::clone(&file), Arc::clone(&memory));
            let transform = transform.clone();
            blocking(move || {
                let piece = read_piece(&file, &memory, offset, length)?;
                match transform {
                    Some(transform) => transformed(&transform, number, piece),
                    None => Ok(piece),
                }
            })
        })
        .buffered(READ_AHEAD)
        .scan(false, end_at_error)
        .boxed()
}

fn places(range: Range<u64>, length: usize) -> impl futures_util::Stream<Item = (u64, usize)> {
    stream::iter(range.clone().step_by(length).map(move |offset| {
        let left = usize::try_from(range.end - offset).unwrap_or(length);
        (offset, left.min(length))
    }))
}

fn read_piece(
    file: &File,
    memory: &Arc<Memory>,
    offset: u64,
    length: usize,
) -> Result<Piece, BlobError> {
    let mut piece = memory.piece(length);
    file.read_exact_at(&mut piece, offset).map_err(failed)?;
    Ok(piece)
}

/// Pieces being read at a time: the one that is awaited and the next, so that the disk works while the
/// network does.
const READ_AHEAD: usize = 2;
