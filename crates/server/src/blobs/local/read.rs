//! A range on its way from the disk.

use std::fs::File;
use std::future;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};

use crate::blobs::local::blocking;
use crate::blobs::local::error::failed;
use crate::blobs::{BlobBody, BlobError, READ_BUFFER};

/// Streams `range` in pieces of [`READ_BUFFER`]. Every piece is full or an error, and an error is the
/// last item: a file that was cut meanwhile never looks like a range that ended.
pub(super) fn read_range(file: File, range: Range<u64>) -> BlobBody {
    let file = Arc::new(file);
    pieces(range)
        .map(move |(offset, length)| {
            let file = Arc::clone(&file);
            blocking(move || read_piece(&file, offset, length))
        })
        .buffered(READ_AHEAD)
        .scan(false, |failed, piece| {
            let ended = *failed;
            *failed = piece.is_err();
            future::ready((!ended).then_some(piece))
        })
        .boxed()
}

fn pieces(range: Range<u64>) -> impl futures_util::Stream<Item = (u64, usize)> {
    stream::iter(range.clone().step_by(READ_BUFFER).map(move |offset| {
        let left = usize::try_from(range.end - offset).unwrap_or(READ_BUFFER);
        (offset, left.min(READ_BUFFER))
    }))
}

fn read_piece(file: &File, offset: u64, length: usize) -> Result<Bytes, BlobError> {
    let mut piece = vec![0; length];
    file.read_exact_at(&mut piece, offset).map_err(failed)?;
    Ok(Bytes::from(piece))
}

/// Pieces being read at a time: the one that is awaited and the next, so that the disk works while the
/// network does.
const READ_AHEAD: usize = 2;
