//! What this machine shared: the links and the owner secrets, for `onekey ls` and for those who name a share by its link.
//!
//! One file with a line of JSON for each share and each further link. Only its user can read it, and whoever can has the
//! shares: `--no-history` and `ONEKEY_HISTORY=off` keep it from growing.

mod file;
mod line;

use std::collections::HashMap;
use std::path::PathBuf;
use std::{env, io};

use onekey_client::{AddedLink, PutShare};
use onekey_core::keys::Locator;
use onekey_core::url::{Link, ManageLink};

use crate::folders;
use crate::message::{Failure, warn_io};
use file::HistoryFile;
use line::{Added, Gone, Put, What};

pub(crate) use line::now;

/// The variable that switches recording off, and its values.
const VARIABLE: &str = "ONEKEY_HISTORY";
const OFF: &str = "off";
const ON: &str = "on";

/// The history of this user.
pub(crate) struct History(HistoryFile);

/// A share that was made, or got a link, on this machine.
pub(crate) struct Share {
    pub(crate) manage: ManageLink,
    /// When it was put, or its first link of ours was added.
    pub(crate) created_at: i64,
    /// When its first link ended, as the server said then.
    pub(crate) expires_at: Option<i64>,
    /// Sum of the files' sizes, if it was put here.
    pub(crate) size: Option<u64>,
    /// Number of files, if it was put here.
    pub(crate) files: Option<u64>,
    pub(crate) title: Option<String>,
    /// The first of the files and folders that were put.
    pub(crate) names: Vec<String>,
    pub(crate) links: Vec<OwnLink>,
    /// When its server said first that it does not exist any more.
    pub(crate) gone_since: Option<i64>,
}

/// A link that was made on this machine.
pub(crate) struct OwnLink {
    pub(crate) link: Link,
    /// Its direct form, if it has one.
    pub(crate) direct: Option<Link>,
    pub(crate) label: Option<String>,
    pub(crate) password: bool,
}

impl History {
    /// Returns the history to read, or `None` where no folder is the user's.
    pub(crate) fn of_user() -> Option<Self> {
        Some(Self(HistoryFile::new(folders::data()?)))
    }

    /// Returns the history to record in, or `None` if it is switched off.
    ///
    /// # Errors
    /// [`Failure`] for a value of `ONEKEY_HISTORY` that is none: who set it wants something.
    pub(crate) fn to_record(switched_off: bool) -> Result<Option<Self>, Failure> {
        let off = match env::var_os(VARIABLE) {
            None => false,
            Some(value) if value.is_empty() || value == ON => false,
            Some(value) if value == OFF => true,
            Some(_) => {
                return Err(
                    Failure::usage(format!("{VARIABLE} is neither {ON} nor {OFF}"))
                        .hint(format!("set it to {OFF} to record nothing, or unset it")),
                );
            }
        };
        Ok(if off || switched_off {
            None
        } else {
            Self::of_user()
        })
    }

    /// Records a share. Tells whether it is durable; if not, that was told.
    pub(crate) fn add_share(&self, share: &PutShare, put: Described<'_>) -> bool {
        self.record(What::Put(Box::new(Put::new(share, put))))
    }

    /// Records a link that was added to a share.
    pub(crate) fn add_link(&self, manage: &ManageLink, added: &AddedLink, put: Described<'_>) {
        self.record(What::Link(Added::new(manage, added, put)));
    }

    /// Notes of shares whether their server has them.
    pub(crate) fn note(&self, shares: impl IntoIterator<Item = (ManageLink, Option<i64>)>) {
        for (manage, since) in shares {
            self.record(What::Gone(Gone::new(&manage, since)));
        }
    }

    fn record(&self, what: What) -> bool {
        let recorded = self.0.append(what);
        if let Err(error) = &recorded {
            warn_io(
                "cannot write the history, so `onekey ls` will not show it",
                error,
            );
        }
        recorded.is_ok()
    }

    /// Removes a share and its links.
    pub(crate) fn remove(&self, manage: &ManageLink) {
        if let Err(error) = self.0.remove(&line::name(manage)) {
            warn_io("cannot remove it from the history", &error);
        }
    }

    /// Returns what was shared, the oldest first.
    ///
    /// # Errors
    /// Those of reading the file.
    pub(crate) fn shares(&self) -> io::Result<Vec<Share>> {
        let mut shares: Vec<Share> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for what in self.0.read()? {
            let place = places.get(what.share()).copied();
            match (what, place) {
                (What::Gone(gone), Some(place)) => shares[place].gone_since = gone.since,
                (What::Gone(_), None) => {}
                (what, place) => {
                    let Some(share) = what.to_share() else {
                        continue;
                    };
                    match place {
                        Some(place) => shares[place].join(share),
                        None => {
                            places.insert(line::name(&share.manage), shares.len());
                            shares.push(share);
                        }
                    }
                }
            }
        }
        Ok(shares)
    }

    /// Finds the share of a link that was made here.
    ///
    /// # Errors
    /// Those of reading the file.
    pub(crate) fn find(&self, link: &Link) -> io::Result<Option<ManageLink>> {
        let locator = link.key.locator();
        let shares = self.shares()?;
        let found = shares.into_iter().find(|share| {
            let mut links = share.links.iter();
            links.any(|own| own.link.key.locator() == locator)
        });
        Ok(found.map(|share| share.manage))
    }
}

/// What only the command line knows of a link.
#[derive(Clone, Copy)]
pub(crate) struct Described<'d> {
    pub(crate) title: Option<&'d str>,
    pub(crate) label: Option<&'d str>,
    pub(crate) password: bool,
}

impl Share {
    /// Returns the link with this locator, if it was made here.
    pub(crate) fn own(&self, locator: &Locator) -> Option<&OwnLink> {
        let mut links = self.links.iter();
        links.find(|own| own.link.key.locator() == *locator)
    }

    /// Takes over what another line says of the same share.
    fn join(&mut self, other: Self) {
        if self.size.is_none() {
            self.size = other.size;
            self.files = other.files;
            self.title = other.title;
            self.names = other.names;
        }
        for link in other.links {
            let known = |own: &OwnLink| own.link.key.locator() == link.link.key.locator();
            // A put that was resumed may be recorded twice.
            if !self.links.iter().any(known) {
                self.links.push(link);
            }
        }
    }
}

/// Returns where the history is, for messages.
pub(crate) fn place() -> Option<PathBuf> {
    folders::data().map(|folder| folder.join(file::NAME))
}

#[cfg(test)]
mod tests;
