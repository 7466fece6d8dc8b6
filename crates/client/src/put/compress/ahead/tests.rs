//! Bounds, order and ends of the workers.

use std::time::{Duration, Instant};

use super::super::choice::Large;
use super::super::encoder::tests::prose;
use super::*;
use crate::sources::{Content, Sources, WalkOptions};

const WHOLE: usize = 16 << 10;
const WORKERS: usize = 2;

fn layout(folder: &std::path::Path) -> Arc<Layout> {
    let sources = Sources::from_paths(&[folder.to_owned()], WalkOptions::default()).unwrap();
    let Content::Files(files) = sources.content else {
        panic!("not files")
    };
    Arc::new(Layout::new(files, true))
}

fn files(count: usize, content: &[u8]) -> (tempfile::TempDir, Ahead) {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..count {
        std::fs::write(folder.path().join(format!("{number:06}")), content).unwrap();
    }
    let choice = Choice::new(WHOLE as u64, Large::Streamed);
    let ahead = Ahead::start(&layout(folder.path()), choice, WORKERS).unwrap();
    (folder, ahead)
}

/// Waits until the workers wait, and returns how many files they took and the bytes that they hold.
fn settled(ahead: &Ahead) -> (usize, u64) {
    let start = Instant::now();
    loop {
        let before = ahead.0.state().next;
        thread::sleep(Duration::from_millis(100));
        let state = ahead.0.state();
        let held = state.made.values().map(|form| match form {
            Ok(Form::Whole(whole)) => {
                let pieces: usize = whole.pieces.iter().map(|piece| piece.len()).sum();
                assert_eq!(pieces as u64, whole.len);
                whole.len
            }
            _ => 0,
        });
        let held = held.sum();
        // No more than what is there may come.
        if before == state.next && state.made.len() + state.taken == state.next {
            assert_eq!(held, state.held);
            return (state.next, held);
        }
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}

#[test]
fn memory_has_a_bound_and_every_file_comes() {
    let content = prose(WHOLE);
    let (_folder, ahead) = files(60, &content);
    let room = (WHOLE * WORKERS) as u64;
    let (taken, held) = settled(&ahead);
    assert!(held <= room && taken < 60, "{taken} {held}");
    for _ in 0..60 {
        let Form::Whole(whole) = ahead.take().unwrap() else {
            panic!("it is not compressed")
        };
        assert!(whole.len < WHOLE as u64 / 2);
        assert!(ahead.0.state().held <= room);
        ahead.release(whole.len);
    }
    assert_eq!(settled(&ahead), (60, 0));
}

#[test]
fn empty_files_do_not_pile_up() {
    let (_folder, ahead) = files(AHEAD + 100, b"");
    assert_eq!(settled(&ahead), (AHEAD, 0));
    for _ in 0..AHEAD + 100 {
        assert!(matches!(ahead.take(), Ok(Form::Raw)));
    }
}

#[test]
fn workers_end_with_the_one_who_needs_them() {
    let (_folder, ahead) = files(60, &prose(WHOLE));
    let shared = Arc::clone(&ahead.0);
    drop(ahead);
    let start = Instant::now();
    while Arc::strong_count(&shared) > 1 {
        assert!(start.elapsed() < Duration::from_secs(30));
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn what_does_not_get_smaller_is_stored_as_it_is() {
    // Too small for samples.
    let mut noise = vec![0; 700];
    rand::fill(&mut noise[..]);
    let (_folder, ahead) = files(1, &noise);
    assert!(matches!(ahead.take(), Ok(Form::Raw)));
}
