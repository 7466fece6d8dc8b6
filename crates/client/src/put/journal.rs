//! The resume state of one upload: what a put must still know after a crash.
//!
//! One file for each upload, which only its user can read. It begins with the upload's secrets and grows by one line at a
//! time; a line counts once it is durable. Before a part's first byte leaves, the part's line is there; before `complete`
//! leaves, its exact body is. The names of what is sent are not in it: their digest is enough to notice another list.

mod folder;
mod kept;
mod lines;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use onekey_core::header::HEADER_LEN;
use onekey_core::keys::{LinkKey, OwnerSecret, ShareId, ShareKey};
use zeroize::Zeroizing;

pub(super) use folder::{Found, Place};
pub(super) use kept::Kept;

/// What the first line holds: all that does not change while parts are sent.
pub(super) struct Saved {
    pub(super) share: ShareId,
    pub(super) share_key: ShareKey,
    pub(super) link_key: LinkKey,
    pub(super) owner: OwnerSecret,
    pub(super) header: [u8; HEADER_LEN],
    pub(super) part_size: u64,
    /// Length of the payload, unless it is known only when the last file is compressed.
    pub(super) size: Option<u64>,
    /// How files are compressed: a word of [`Choice`](super::compress::Choice), or [`RAW`].
    pub(super) form: String,
    /// Digest of the list of files: names, sizes and empty folders.
    pub(super) list: [u8; 32],
}

/// The form of files that are stored as they are.
pub(super) const RAW: &str = "raw";

/// Length and SHA-256 of a part's plaintext.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Record {
    pub(super) len: u64,
    pub(super) sha256: [u8; 32],
}

/// The state of an upload that was begun earlier.
pub(super) struct Opened {
    pub(super) journal: Journal,
    pub(super) saved: Saved,
    pub(super) records: BTreeMap<u64, Record>,
    /// The exact body of `complete`, if it may have been sent.
    pub(super) complete: Option<Bytes>,
}

/// The file of one upload, locked for this process.
pub(super) struct Journal {
    path: PathBuf,
    /// `None` once the put ended: what its threads still do must not count.
    file: Mutex<Option<File>>,
    kept: Arc<Kept>,
}

/// A journal in use by one put. Dropping it lets another put have it.
pub(super) struct Held(Arc<Journal>);

impl Journal {
    /// Makes a part's plaintext known. When it returns, the record is durable and the part may leave.
    pub(super) fn record(&self, number: u64, record: &Record) -> io::Result<()> {
        self.append(&lines::part(number, record))
    }

    /// Makes the exact body of `complete` known. When it returns, it is durable and may be sent.
    pub(super) fn save_complete(&self, body: &[u8]) -> io::Result<()> {
        self.append(&lines::complete(body))
    }

    fn append(&self, line: &str) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let file = file
            .as_mut()
            .ok_or_else(|| io::Error::other("the put has ended"))?;
        file.write_all(line.as_bytes())?;
        file.sync_data()
    }

    fn release(&self) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        drop(file.take());
    }
}

impl Held {
    pub(super) fn new(journal: Journal) -> Self {
        Self(Arc::new(journal))
    }

    pub(super) const fn journal(&self) -> &Arc<Journal> {
        &self.0
    }

    /// Removes the file: there is nothing to continue any more.
    pub(super) fn remove(self) {
        // What cannot be removed now is removed when it is old.
        let _ = fs::remove_file(&self.0.path);
        self.0.kept.set(false);
    }

    /// Keeps the file, and its lock, with the caller: the share is up, and nobody has its link yet.
    pub(super) fn hand_over(self) {
        let Journal { path, file, kept } = &*self.0;
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = file.take() {
            kept.hold(path.clone(), file);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.release();
    }
}

impl Saved {
    fn line(&self) -> Zeroizing<String> {
        lines::first(self)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;

    const KEY: &str = "aaaa";

    fn place(folder: &Path) -> Place {
        let kept = Arc::default();
        Place::new(folder.join("a/onekey"), KEY.to_owned(), [3; 32], kept)
    }

    fn saved() -> Saved {
        Saved {
            share: ShareId::from_bytes([1; 16]),
            share_key: ShareKey::from_bytes([2; 32]),
            link_key: LinkKey::from_bytes([4; 32]),
            owner: OwnerSecret::from_bytes([5; 32]),
            header: [6; HEADER_LEN],
            part_size: 7,
            size: Some(8),
            form: RAW.to_owned(),
            list: [3; 32],
        }
    }

    fn record(byte: u8) -> Record {
        Record {
            len: u64::from(byte) * 1000,
            sha256: [byte; 32],
        }
    }

    fn opened(place: &Place) -> Opened {
        match place.find().unwrap() {
            Found::Opened(opened) => *opened,
            Found::InUse => panic!("in use"),
            Found::Unreadable(_) => panic!("unreadable"),
            Found::Nothing => panic!("nothing"),
        }
    }

    fn only_file(place: &Path) -> PathBuf {
        let mut entries = fs::read_dir(place.join("a/onekey")).unwrap();
        let path = entries.next().unwrap().unwrap().path();
        assert!(entries.next().is_none());
        path
    }

    #[test]
    fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let journal = Held::new(place.create(&saved()).unwrap());
        journal.journal().record(3, &record(3)).unwrap();
        journal.journal().record(0, &record(9)).unwrap();
        journal.journal().save_complete(b"{\"body\"}").unwrap();
        drop(journal);
        let opened = opened(&place);
        let (was, is) = (saved(), &opened.saved);
        assert_eq!(was.share, is.share);
        assert!(was.share_key == is.share_key && was.link_key == is.link_key);
        assert!(was.owner == is.owner && was.header == is.header);
        assert_eq!((was.part_size, was.size), (is.part_size, is.size));
        assert_eq!((was.list, &was.form), (is.list, &is.form));
        let records: Vec<_> = opened.records.into_iter().collect();
        assert_eq!(records, [(0, record(9)), (3, record(3))]);
        assert_eq!(opened.complete.as_deref(), Some(&b"{\"body\"}"[..]));
    }

    #[test]
    fn only_the_user_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let _journal = place.create(&saved()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(&folder.path().join("a/onekey")), 0o700);
        assert_eq!(mode(&only_file(folder.path())), 0o600);
    }

    #[test]
    fn a_torn_last_line_is_ignored_and_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let journal = Held::new(place.create(&saved()).unwrap());
        journal.journal().record(0, &record(1)).unwrap();
        journal.journal().record(1, &record(2)).unwrap();
        drop(journal);
        let path = only_file(folder.path());
        let whole = fs::read(&path).unwrap();
        let second = lines::part(1, &record(2)).len();
        for cut in 1..=second {
            for tail in [&b""[..], b"\n", b"\0\0\0\0", b"x x x\n"] {
                let mut torn = whole[..whole.len() - cut].to_vec();
                torn.extend_from_slice(tail);
                if torn == whole {
                    continue;
                }
                fs::write(&path, torn).unwrap();
                let opened = opened(&place);
                assert_eq!(opened.records.len(), 1, "{cut}");
                let journal = Held::new(opened.journal);
                journal.journal().record(5, &record(6)).unwrap();
                drop(journal);
                let again = self::opened(&place);
                let numbers: Vec<_> = again.records.keys().copied().collect();
                assert_eq!(numbers, [0, 5], "{cut}");
            }
        }
    }

    #[test]
    fn a_changed_line_ends_what_counts() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let journal = Held::new(place.create(&saved()).unwrap());
        for number in 0..3 {
            journal.journal().record(number, &record(1)).unwrap();
        }
        drop(journal);
        let path = only_file(folder.path());
        let whole = fs::read(&path).unwrap();
        let line = lines::part(0, &record(1)).len();
        let mut changed = whole.clone();
        // A digit of the second part's line.
        let at = whole.len() - 2 * line + "part ".len();
        changed[at] = b'7';
        fs::write(&path, changed).unwrap();
        assert_eq!(opened(&place).records.len(), 1);
        // Of the first line nothing may be guessed.
        let mut changed = whole;
        changed[20] ^= 1;
        fs::write(&path, changed).unwrap();
        assert!(matches!(place.find().unwrap(), Found::Unreadable(_)));
    }

    #[test]
    fn two_puts_never_have_one_state() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let journal = Held::new(place.create(&saved()).unwrap());
        assert!(matches!(place.find().unwrap(), Found::InUse));
        let thread = Arc::clone(journal.journal());
        drop(journal);
        // A thread of the first put that is late records nothing.
        assert!(thread.record(0, &record(1)).is_err());
        let opened = opened(&place);
        assert!(opened.records.is_empty());
        assert!(matches!(place.find().unwrap(), Found::InUse));
        Held::new(opened.journal).remove();
        assert!(matches!(place.find().unwrap(), Found::Nothing));
    }

    #[test]
    fn old_states_are_removed_and_other_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        drop(place.create(&saved()).unwrap());
        let state = only_file(folder.path());
        let other = folder.path().join("a/onekey/history");
        fs::write(&other, "").unwrap();
        let age = |path: &Path, days: u64| {
            let time = std::time::SystemTime::now() - std::time::Duration::from_secs(days * 86_400);
            let file = File::options().write(true).open(path).unwrap();
            file.set_modified(time).unwrap();
        };
        age(&state, 6);
        age(&other, 8);
        place.remove_old();
        assert!(state.exists());
        age(&state, 8);
        place.remove_old();
        assert!(!state.exists() && other.exists());
    }

    #[test]
    fn nothing_of_it_is_debug_or_plain_text_that_names_files() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let _journal = place.create(&saved()).unwrap();
        let mut text = String::new();
        let mut file = File::open(only_file(folder.path())).unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, *saved().line());
        assert!(text.ends_with('\n') && text.lines().count() == 1);
    }
}
