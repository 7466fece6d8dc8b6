//! The rules that one row follows by itself, in whatever state.

use onekey_core::wire::MAX_PARTS;

use crate::blobs::PartPlace;
use crate::meta::{StoredLink, StoredRow, UploadState};

/// Tells whether the row could have been written by a server.
pub(super) fn is_sound(row: &StoredRow) -> bool {
    let state = match row.state {
        // Their bytes go away, and nobody reads their numbers.
        UploadState::Aborted => true,
        UploadState::Deleting | UploadState::Gone => row.links.iter().all(|link| link.ended),
        UploadState::Receiving => row.part_size > 0 && parts_fit(row) && is_charged(row),
        UploadState::Completing | UploadState::Live => {
            row.part_size > 0 && parts_fit(row) && is_charged(row) && is_whole(row)
        }
    };
    state && row.links.iter().all(link_is_sound)
}

/// Every part lies where its number says, is not longer than a part, and was counted.
fn parts_fit(row: &StoredRow) -> bool {
    let fits = |place: &PartPlace| {
        place.number < MAX_PARTS
            && Some(place.offset) == u64::from(place.number).checked_mul(row.part_size)
            && (1..=row.part_size).contains(&place.length)
            && row
                .size
                .is_none_or(|size| place.length <= size.saturating_sub(place.offset))
    };
    row.parts.iter().all(|part| fits(&part.place)) && sum(row) == row.received
}

/// A known size is charged from the start, an unknown one part by part.
fn is_charged(row: &StoredRow) -> bool {
    row.charged == row.size.unwrap_or(row.received)
}

/// The parts are the payload, without a gap, and the manifest is there.
fn is_whole(row: &StoredRow) -> bool {
    let in_order = (0..)
        .zip(&row.parts)
        .all(|(n, part)| part.place.number == n);
    let full = row.parts.iter().rev().skip(1);
    let full = full
        .into_iter()
        .all(|part| part.place.length == row.part_size);
    in_order && full && row.size == Some(sum(row)) && row.has_manifest
}

fn sum(row: &StoredRow) -> u64 {
    let lengths = row.parts.iter().map(|part| part.place.length);
    lengths.fold(0, u64::saturating_add)
}

/// Each grant that is there took a download and did not give it back; a link that ended has none.
fn link_is_sound(link: &StoredLink) -> bool {
    link.max_downloads
        .is_none_or(|max| max > 0 && link.downloads <= max)
        && link.grants <= link.downloads
        && !(link.ended && link.grants > 0)
}
