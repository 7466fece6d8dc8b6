//! What a check found: counts by kind, and where.

use std::fmt;

use serde_json::{Map, Value, json};

/// Most places that a report keeps. Counts go on beyond it.
const MAX_FOUND: usize = 10_000;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// What can be wrong. The word never changes.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the kind's word.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

kinds! {
    /// An upload still receives parts, but its blob is completed: rows and blobs are of different times.
    AlreadyCompleted = "already_completed";
    /// A row breaks the rules, or belongs to nothing.
    BadRow = "bad_row";
    /// The blob holds more bytes than the share's row says.
    BlobLong = "blob_long";
    /// The row has parts, and its blob is not there.
    BlobMissing = "blob_missing";
    /// The blob holds fewer bytes than the row says.
    BlobShort = "blob_short";
    /// The database file is damaged.
    Database = "database";
    /// A completed blob that no row knows. No server ever removes it.
    Leftover = "leftover";
    /// The share is live, and its blob was not completed.
    NotCompleted = "not_completed";
    /// An unfinished blob that no row knows. The sweeper removes it a day after it was last written: until
    /// then it is a note and no problem.
    Orphan = "orphan";
    /// The bytes of a part have another digest than when they came, or cannot be read.
    PartDigest = "part_digest";
}

/// Where something was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// In the store's own name of a blob.
    Blob(String),
    /// In the database as a whole.
    Database,
    /// In the row of a share or upload, by its id.
    Share(String),
}

/// One thing that was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// What.
    pub kind: Kind,
    /// Where.
    pub place: Place,
    /// Whether it is only worth a note.
    pub note: bool,
}

/// What a check counted and found. Its text names neither share nor blob; [`Report::found`] does.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// Live shares.
    pub shares: u64,
    /// Uploads that are not complete yet.
    pub uploads: u64,
    /// Their parts.
    pub parts: u64,
    /// Bytes of these parts.
    pub bytes: u64,
    /// Whether the bytes of parts were read.
    pub digests: bool,
    /// The first things that were found, for whoever has to repair them.
    pub found: Vec<Found>,
    problems: [u64; Kind::ALL.len()],
    notes: [u64; Kind::ALL.len()],
}

impl Report {
    pub(super) fn new(digests: bool) -> Self {
        Self {
            digests,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, kind: Kind, place: Place) {
        self.problems[kind as usize] += 1;
        self.keep(kind, place, false);
    }

    pub(super) fn note(&mut self, kind: Kind, place: Place) {
        self.notes[kind as usize] += 1;
        self.keep(kind, place, true);
    }

    fn keep(&mut self, kind: Kind, place: Place, note: bool) {
        if self.found.len() < MAX_FOUND {
            self.found.push(Found { kind, place, note });
        }
    }

    /// Returns how many problems there are.
    pub fn problems(&self) -> u64 {
        self.problems.iter().sum()
    }

    /// Returns how many problems of a kind there are.
    pub fn count(&self, kind: Kind) -> u64 {
        self.problems[kind as usize]
    }

    /// Returns the report for programs, with places if `verbose`.
    pub fn to_json(&self, verbose: bool) -> Value {
        let counts = |counts: &[u64]| {
            let named = Kind::ALL.iter().zip(counts);
            let named = named.map(|(kind, count)| (kind.word().to_owned(), json!(count)));
            Value::Object(named.collect::<Map<_, _>>())
        };
        let mut report = json!({
            "shares": self.shares,
            "uploads": self.uploads,
            "parts": self.parts,
            "bytes": self.bytes,
            "digests": self.digests,
            "problems": counts(&self.problems),
            "notes": counts(&self.notes),
        });
        if verbose {
            report["found"] = self.found.iter().map(Found::to_json).collect();
        }
        report
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            ("shares", self.shares),
            ("uploads", self.uploads),
            ("parts", self.parts),
            ("bytes", self.bytes),
        ];
        for (word, count) in counts {
            writeln!(f, "{word} {count}")?;
        }
        for (label, counts) in [("note", &self.notes), ("problem", &self.problems)] {
            for (kind, count) in Kind::ALL
                .iter()
                .zip(counts)
                .filter(|(_, count)| **count > 0)
            {
                writeln!(f, "{label} {} {count}", kind.word())?;
            }
        }
        match self.problems() {
            0 => f.write_str("clean"),
            count => write!(f, "problems {count}"),
        }
    }
}

impl Found {
    fn to_json(&self) -> Value {
        let (place, name) = match &self.place {
            Place::Blob(name) => ("blob", Some(name)),
            Place::Database => ("database", None),
            Place::Share(id) => ("share", Some(id)),
        };
        json!({"kind": self.kind.word(), "note": self.note, "place": place, "name": name})
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = if self.note { "note" } else { "problem" };
        write!(f, "{label} {} ", self.kind.word())?;
        match &self.place {
            Place::Blob(name) => write!(f, "blob {name}"),
            Place::Database => f.write_str("database"),
            Place::Share(id) => write!(f, "share {id}"),
        }
    }
}
