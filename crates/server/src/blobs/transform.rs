//! Pieces of one length, and what is done to each of them where it was read.

use std::error::Error;
use std::mem;
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, future, stream};

use super::{BlobBody, BlobError, Piece};

/// What is done to a piece by the thread that read it, while it is in that core's cache. It gets the piece's number in its
/// range, from 0, and may be called for several pieces at a time.
pub type Transform =
    Arc<dyn Fn(u64, Piece) -> Result<Piece, Box<dyn Error + Send + Sync>> + Send + Sync>;

/// Does it to one piece.
pub(super) fn transformed(
    transform: &Transform,
    number: u64,
    piece: Piece,
) -> Result<Piece, BlobError> {
    transform(number, piece).map_err(BlobError::Transform)
}

/// Cuts a body anew into pieces of `length` bytes and does it to each, in the reader's own task: for stores that cannot do
/// better.
pub(super) fn transform_body(body: BlobBody, length: usize, transform: Transform) -> BlobBody {
    let pieces = stream::try_unfold(
        (body, Vec::new()),
        move |(mut body, mut begun)| async move {
            while begun.len() < length {
                match body.try_next().await? {
                    Some(piece) if begun.is_empty() && piece.len() == length => {
                        return Ok(Some((piece, (body, begun))));
                    }
                    Some(piece) => begun.extend_from_slice(&piece),
                    None if begun.is_empty() => return Ok(None),
                    None => break,
                }
            }
            let rest = begun.split_off(begun.len().min(length));
            let piece = mem::replace(&mut begun, rest);
            Ok(Some((Piece::from(piece), (body, begun))))
        },
    );
    pieces
        .zip(stream::iter(0..))
        .map(move |(piece, number)| transformed(&transform, number, piece?))
        .scan(false, end_at_error)
        .boxed()
}

/// For `scan`: ends a stream behind its first error, so that what follows never looks like a range that went on.
pub(super) fn end_at_error(
    failed: &mut bool,
    piece: Result<Piece, BlobError>,
) -> future::Ready<Option<Result<Piece, BlobError>>> {
    let ended = mem::replace(failed, piece.is_err());
    future::ready((!ended).then_some(piece))
}
