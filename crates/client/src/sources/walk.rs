//! Walks.
use super::*;
pub(super) fn gather(paths: &[PathBuf], options: WalkOptions) -> Result<Sources, SourceError> {
    let _ = (paths, options);
    unimplemented!()
}
