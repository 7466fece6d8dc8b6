//! What an earlier get left on the disk.

use std::io;
use std::sync::Arc;

use onekey_core::manifest::Manifest;

use super::keep::Keep;
use super::look::enter;
use super::{failed, split};
use crate::error::GetError;
use crate::get::chosen::Place;
use crate::get::folder::{Folder, Temporary};

/// What an earlier get wrote of a file: so many bytes of it count.
pub(super) struct Begun {
    pub(super) index: usize,
    pub(super) temporary: Temporary,
    pub(super) bytes: u64,
}

/// Missing files, none of which replaces another one yet, and what there is of one of them.
pub(super) type Left = (Vec<(usize, bool)>, Option<Begun>);

/// What an earlier get left: the files that are missing all the same, and what there is of one of them.
pub(super) fn left(
    keep: &Keep,
    manifest: &Manifest,
    chosen: &[(usize, bool)],
    (folder, place): (&Arc<Folder>, &Place),
    overwrite: bool,
) -> Result<Left, GetError> {
    let (mut missing, mut begun) = (Vec::new(), None);
    for &(index, _) in chosen {
        let file = &manifest.files[index];
        let (parent, name) = split(place.name(file));
        let parent = match parent {
            None => Some(Arc::clone(folder)),
            Some(parent) => enter(folder, place.folder(), parent)?.map(Arc::new),
        };
        let io = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => GetError::Exists(place.path(file)),
            _ => failed(Some(index), error),
        };
        if let Some(parent) = &parent {
            let finished = keep.has_finished(index, file, (parent, name), overwrite);
            if finished.map_err(io)? {
                continue;
            }
            if keep.unfinished_index() == Some(index) {
                let unfinished = keep.unfinished(index, file, parent).map_err(io)?;
                begun = unfinished.map(|(temporary, bytes)| Begun {
                    index,
                    temporary,
                    bytes,
                });
            }
        }
        missing.push((index, false));
    }
    Ok((missing, begun))
}
