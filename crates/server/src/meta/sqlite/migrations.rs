//! Numbered migrations. The database's `user_version` is the number of the last one that ran.

use std::cmp::Ordering;

use rusqlite::{Connection, TransactionBehavior};

use super::fault::Fault;

/// Every migration, the first one first. One that was released never changes.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_rows.sql"),
    include_str!("migrations/0002_caps.sql"),
];

/// Brings the database to the newest version, each step in one transaction with its number.
pub(super) fn run(db: &mut Connection) -> Result<(), Fault> {
    let known = i64::try_from(MIGRATIONS.len()).expect("the migrations are few");
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(Fault::Newer { found, known });
    }
    let done = usize::try_from(found).map_err(|_| Fault::Shape)?;
    for (number, migration) in (1_i64..).zip(MIGRATIONS).skip(done) {
        tx.execute_batch(migration)?;
        tx.pragma_update(None, "user_version", number)?;
    }
    Ok(tx.commit()?)
}

/// Refuses a database of another version, and changes nothing.
pub(super) fn known(db: &Connection) -> Result<(), Fault> {
    let known = i64::try_from(MIGRATIONS.len()).expect("the migrations are few");
    let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match found.cmp(&known) {
        Ordering::Less => Err(Fault::Older { found, known }),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(Fault::Newer { found, known }),
    }
}
