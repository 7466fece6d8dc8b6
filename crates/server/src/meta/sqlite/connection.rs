//! How the database file is opened, and the connections that only read.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::fault::{Failure, Fault};
use super::migrations;
use crate::meta::MetaError;

/// How long a connection waits for another one: only a `sqlite3` shell or a backup hold locks
/// beside the writer, and neither for long.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections that read. A read takes well under a millisecond, so few serve many.
const READERS: usize = 4;

/// Statements that a connection keeps prepared: more than there are.
const PREPARED: usize = 128;

/// Bytes to which the write-ahead log is cut after a burst.
const WAL_KEPT: i64 = 64 * 1024 * 1024;

/// Opens the connection that writes: makes the file, checks it and migrates it.
pub(super) fn open_writer(path: &Path) -> Result<Connection, Fault> {
    make_private(path).map_err(|error| Fault::File(error.kind()))?;
    let mut db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    prepare(&db)?;
    quick_check(&db)?;
    let journal: String =
        db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if journal != "wal" {
        return Err(Fault::Journal);
    }
    // With NORMAL an acknowledged commit is lost at a power cut.
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "journal_size_limit", WAL_KEPT)?;
    // A deleted pepper or envelope is overwritten, not only forgotten.
    db.pragma_update(None, "secure_delete", "ON")?;
    migrations::run(&mut db)?;
    sync_folder(path).map_err(|error| Fault::File(error.kind()))?;
    Ok(db)
}

/// Opens a connection that leaves every file as it is: for `check`, beside a server or without one.
///
/// Without a write-ahead log no server runs, and the file alone is the database. With one, its index is
/// only read: the locks are those of the server's own readers, and where no server is left to hold the
/// index, SQLite builds one in memory.
pub(super) fn open_untouched(path: &Path) -> Result<Connection, Fault> {
    let found = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        std::fs::metadata(name).map_or(0, |file| file.len())
    };
    std::fs::metadata(path).map_err(|error| Fault::File(error.kind()))?;
    let mode = match (found("-wal"), found("-shm")) {
        (0, _) => "immutable=1",
        (_, 0) => return Err(Fault::LogWithoutIndex),
        _ => "readonly_shm=1",
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(uri(path, mode)?, flags)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    migrations::known(&db)?;
    Ok(db)
}

/// Returns `path` as SQLite takes it with parameters, every byte escaped that could end it.
fn uri(path: &Path, parameters: &str) -> Result<String, Fault> {
    use std::fmt::Write;
    let path = std::path::absolute(path).map_err(|error| Fault::File(error.kind()))?;
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            // Writing to a `String` cannot fail.
            byte => drop(write!(uri, "%{byte:02x}")),
        }
    }
    Ok(uri + "?" + parameters)
}

/// The connections that read.
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
}

impl Readers {
    /// Opens them; the file is there and migrated.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let idle = (0..READERS)
            .map(|_| {
                let db = Connection::open_with_flags(
                    path,
                    OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
                )?;
                prepare(&db)?;
                Ok(db)
            })
            .collect::<Result<Vec<_>, Fault>>()?;
        Ok(Self {
            idle: Arc::new(Mutex::new(idle)),
            free: Arc::new(Semaphore::new(READERS)),
        })
    }

    /// Runs `work` on one of them, in one snapshot of the rows.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, MetaError> {
        let permit = Arc::clone(&self.free)
            .acquire_owned()
            .await
            .map_err(|_| Fault::WriterEnded)?;
        let idle = Arc::clone(&self.idle);
        let answer = tokio::task::spawn_blocking(move || {
            let mut lent = Lent::take(idle)?;
            let answer = lent.db().and_then(|db| {
                let snapshot = db.transaction()?;
                work(&snapshot)
            });
            drop(lent);
            drop(permit);
            answer
        });
        match answer.await {
            Ok(answer) => Ok(answer?),
            Err(error) => Err(MetaError::Unavailable(Box::new(error))),
        }
    }
}

/// A connection that goes back when it is dropped, also by a panic.
struct Lent {
    db: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Lent {
    fn take(idle: Arc<Mutex<Vec<Connection>>>) -> Result<Self, Failure> {
        let db = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Self { db, idle })
    }

    fn db(&mut self) -> Result<&mut Connection, Failure> {
        self.db.as_mut().ok_or(Failure::Failed(Fault::WriterEnded))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(self.db.take());
    }
}

fn prepare(db: &Connection) -> Result<(), Fault> {
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.set_prepared_statement_cache_capacity(PREPARED);
    db.pragma_update(None, "foreign_keys", "ON")?;
    Ok(())
}

pub(super) fn quick_check(db: &Connection) -> Result<(), Fault> {
    let verdict: Result<String, _> = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => Ok(()),
        Ok(_) => Err(Fault::Damaged),
        Err(error) => match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                Err(Fault::Damaged)
            }
            _ => Err(error.into()),
        },
    }
}

/// Makes the file if there is none, readable by its owner alone. SQLite gives its side files the same mode.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(PRIVATE))?;
    file.sync_all()
}

/// Read and write for the owner: rows tell who keeps what.
#[cfg(unix)]
const PRIVATE: u32 = 0o600;

/// Makes the new file's name durable.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    };
    File::open(folder)?.sync_all()
}
