//! Samples of a large file: whether compressing it is worth the time.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::encoder::Encoder;
use super::{SAMPLE_GAIN, SAMPLES};
use crate::error::PutError;

/// Tells whether the samples of a file of `size` bytes shrink, or the whole of it if it is no larger than they are.
/// `sample` is the length of one.
pub(super) fn shrink(file: &File, size: u64, sample: u64) -> Result<io::Result<bool>, PutError> {
    let mut text = vec![0; usize::try_from(sample.min(size)).unwrap_or_default()];
    let (mut before, mut after) = (0, 0);
    let last = size.saturating_sub(sample);
    for place in 0..SAMPLES {
        if let Err(error) = file.read_exact_at(&mut text, last * place / (SAMPLES - 1)) {
            return Ok(Err(error));
        }
        let mut encoder = Encoder::new(sample);
        let mut out = Vec::new();
        encoder.push(&text, &mut out)?;
        encoder.finish(&mut out)?;
        before += text.len() as u64;
        after += encoder.len();
    }
    Ok(Ok(after <= before - before / SAMPLE_GAIN))
}

#[cfg(test)]
mod tests {
    use super::super::encoder::tests::prose;
    use super::*;

    const SAMPLE: usize = 4096;

    /// A file of ten samples' length that is prose in these places of thirds, and random elsewhere.
    fn shrinks(prose_in: [bool; 3]) -> bool {
        let mut content = vec![0; 10 * SAMPLE];
        rand::fill(&mut content);
        for (place, is_prose) in prose_in.into_iter().enumerate() {
            if is_prose {
                let at = place * 9 * SAMPLE / 2;
                content[at..at + SAMPLE].copy_from_slice(&prose(SAMPLE));
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, &content).unwrap();
        let file = File::open(path).unwrap();
        shrink(&file, content.len() as u64, SAMPLE as u64)
            .unwrap()
            .unwrap()
    }

    #[test]
    fn start_middle_and_end_are_looked_at() {
        assert!(!shrinks([false, false, false]));
        assert!(shrinks([true, false, false]));
        assert!(shrinks([false, true, false]));
        assert!(shrinks([false, false, true]));
    }

    #[test]
    fn a_file_that_is_shorter_than_it_was_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, [0; 100]).unwrap();
        let file = File::open(path).unwrap();
        let error = shrink(&file, 101, 10).unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
