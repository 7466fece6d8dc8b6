//! The file: appended to under a lock and durable line by line, rewritten only to lose what is gone.

use std::collections::{HashMap, HashSet};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::line::{self, Read as ReadLine, What};

/// The file's name.
pub(super) const NAME: &str = "history";
/// Name of the file that is locked: the other one is replaced by a rewrite.
const LOCK_NAME: &str = "history.lock";
/// Name of a rewritten one that is not whole yet.
const NEW_NAME: &str = "history.new";

/// Nobody else looks: it holds keys.
const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// Longest wait for another onekey that writes: it holds the lock for a few writes.
const LOCK_WAIT: Duration = Duration::from_secs(5);
const LOCK_POLL: Duration = Duration::from_millis(10);

/// From this size on it is looked for what can go: about two thousand shares.
const COMPACT_AT: u64 = 1 << 20;

/// How long a share stays that its server does not have any more: for so long servers say why.
const KEEP_GONE: i64 = 30 * 24 * 60 * 60;

/// Most lines that stay when it is compacted; the oldest go.
const MAX_LINES: usize = 10_000;

/// Largest file that is read: far more than the most lines have.
const MAX_FILE: u64 = 64 << 20;

/// The file of the history in its folder.
#[derive(Debug)]
pub(super) struct HistoryFile {
    folder: PathBuf,
}

impl HistoryFile {
    pub(super) const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Adds a line. When it returns, the line is durable.
    pub(super) fn append(&self, what: What) -> io::Result<()> {
        let mut folder = DirBuilder::new();
        folder.recursive(true).mode(FOLDER_MODE);
        folder.create(&self.folder)?;
        let _lock = self.lock()?;
        let path = self.folder.join(NAME);
        let is_new = !path.exists();
        let mut file = options().read(true).append(true).create(true).open(&path)?;
        let len = file.metadata()?.len();
        let mut text = line::print(what);
        if ends_torn(&mut file, len)? {
            text.insert(0, '\n');
        }
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        if is_new {
            File::open(&self.folder)?.sync_all()?;
        }
        if len > COMPACT_AT {
            // The line is safe. What cannot be compacted now is compacted another time.
            let _ = self.compact(line::now());
        }
        Ok(())
    }

    /// Returns the lines of this version, in their order.
    pub(super) fn read(&self) -> io::Result<Vec<What>> {
        let lines = self.text()?;
        let lines = lines.lines().filter_map(|text| match line::read(text) {
            ReadLine::Known(what) => Some(what),
            ReadLine::Other | ReadLine::Torn => None,
        });
        Ok(lines.collect())
    }

    /// Removes every line about a share.
    pub(super) fn remove(&self, share: &str) -> io::Result<()> {
        if !self.folder.join(NAME).exists() {
            return Ok(());
        }
        let _lock = self.lock()?;
        self.retain(|_, what| what.share() != share)
    }

    /// Removes what is gone for long, then the oldest lines beyond the most.
    fn compact(&self, now: i64) -> io::Result<()> {
        let lines = self.read()?;
        let mut since = HashMap::new();
        for what in &lines {
            match what {
                What::Gone(gone) => since.insert(what.share().to_owned(), gone.since),
                _ => None,
            };
        }
        let is_old = |since: &Option<i64>| since.is_some_and(|since| since < now - KEEP_GONE);
        let gone = since.into_iter().filter(|(_, since)| is_old(since));
        let gone: HashSet<_> = gone.map(|(share, _)| share).collect();
        let first = lines.len().saturating_sub(MAX_LINES);
        self.retain(|number, what| number >= first && !gone.contains(what.share()))
    }

    /// Rewrites the file with the lines of this version that `keep` says, and with all of other versions.
    fn retain(&self, keep: impl Fn(usize, &What) -> bool) -> io::Result<()> {
        let text = self.text()?;
        let mut kept = String::with_capacity(text.len());
        let mut number = 0;
        for line in text.lines() {
            let keeps = match line::read(line) {
                ReadLine::Known(what) => {
                    number += 1;
                    keep(number - 1, &what)
                }
                ReadLine::Other => true,
                ReadLine::Torn => false,
            };
            if keeps {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        if kept == text {
            return Ok(());
        }
        let new = self.folder.join(NEW_NAME);
        // Of one that crashed. Only who has the lock comes here.
        let _ = fs::remove_file(&new);
        let mut file = options().write(true).create_new(true).open(&new)?;
        file.write_all(kept.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, self.folder.join(NAME))?;
        File::open(&self.folder)?.sync_all()
    }

    /// Returns the whole file, without characters that a crash tore.
    fn text(&self) -> io::Result<String> {
        let file = match File::open(self.folder.join(NAME)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(io::Error::other("the history is too large"));
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Waits until no other onekey writes. The lock ends with the file.
    fn lock(&self) -> io::Result<File> {
        let path = self.folder.join(LOCK_NAME);
        let file = options().append(true).create(true).open(path)?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if start.elapsed() < LOCK_WAIT => sleep(LOCK_POLL),
                Err(TryLockError::WouldBlock) => {
                    return Err(io::Error::other("another onekey is writing it"));
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

/// Tells whether what comes next would stand behind half a line.
fn ends_torn(file: &mut File, len: u64) -> io::Result<bool> {
    if len == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(FILE_MODE);
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::line::Gone;
    use onekey_core::url::ManageLink;

    const A: &str = "https://a.example/manage/AAECAwQFBgcICQoLDA0ODw#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    const B: &str = "https://b.example/manage/AAECAwQFBgcICQoLDA0ODw#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn gone(url: &str, since: Option<i64>) -> What {
        What::Gone(Gone::new(&ManageLink::parse(url).unwrap(), since))
    }

    #[test]
    fn a_torn_line_costs_itself_alone() {
        let home = tempfile::tempdir().unwrap();
        let file = HistoryFile::new(home.path().join("a/onekey"));
        file.append(gone(A, Some(1))).unwrap();
        file.append(gone(B, Some(2))).unwrap();
        let path = home.path().join("a/onekey").join(NAME);
        let whole = fs::read(&path).unwrap();
        for len in 0..whole.len() {
            fs::write(&path, &whole[..len]).unwrap();
            let before = file.read().unwrap().len();
            file.append(gone(B, None)).unwrap();
            assert_eq!(file.read().unwrap().len(), before + 1, "{len}");
        }
    }

    #[test]
    fn compacting_loses_what_is_long_gone_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let file = HistoryFile::new(home.path().to_owned());
        let now = 100 * KEEP_GONE;
        file.append(gone(A, Some(now - KEEP_GONE - 1))).unwrap();
        file.append(gone(B, Some(now - KEEP_GONE - 1))).unwrap();
        // It is there again.
        file.append(gone(B, None)).unwrap();
        let path = home.path().join(NAME);
        let other = "{\"v\":2,\"what\":\"later\"}\n";
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str(other);
        fs::write(&path, &text).unwrap();
        file.compact(now).unwrap();
        let left = fs::read_to_string(&path).unwrap();
        assert!(left.ends_with(other) && left.lines().count() == 3);
        assert!(
            file.read()
                .unwrap()
                .iter()
                .all(|what| what.share().contains("//b."))
        );
    }

    #[test]
    fn the_oldest_lines_go_when_there_are_too_many() {
        let home = tempfile::tempdir().unwrap();
        let file = HistoryFile::new(home.path().to_owned());
        let line = line::print(gone(B, None));
        let path = home.path().join(NAME);
        let text = line::print(gone(A, None)) + &line.repeat(MAX_LINES);
        assert!(text.len() as u64 > COMPACT_AT / 2);
        // Long enough for the next line to compact it.
        let padding = format!("{{\"v\":2,\"x\":\"{}\"}}\n", "x".repeat(1 << 20));
        fs::write(&path, padding.clone() + &text).unwrap();
        file.append(gone(B, None)).unwrap();
        let left = file.read().unwrap();
        assert_eq!(left.len(), MAX_LINES);
        assert!(left.iter().all(|what| what.share().contains("//b.")));
        assert!(fs::read_to_string(&path).unwrap().starts_with(&padding));
    }

    #[test]
    fn a_lock_that_is_held_is_waited_for_and_lines_never_mix() {
        let home = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let file = HistoryFile::new(home.path().to_owned());
                    for _ in 0..20 {
                        file.append(gone(A, None)).unwrap();
                        file.remove("none").unwrap();
                    }
                });
            }
        });
        let file = HistoryFile::new(home.path().to_owned());
        assert_eq!(file.read().unwrap().len(), 160);
    }
}
