//! The lines of a get's state.

use std::collections::BTreeMap;

use onekey_core::base64url::{decode, decode_vec, encode};
use onekey_core::keys::{Grant, Locator};
use onekey_core::wire::LinkOpened;

use super::{At, First};
use crate::state::line::{checked, words};

/// Word and version that the first line begins with.
const FIRST: &str = "get 1";
/// Word of the line with a grant.
const GRANT: &str = "grant";
/// Word of a finished file's line.
const DONE: &str = "done";
/// Word of the line that says how far an unfinished file is.
const AT: &str = "at";

/// What a file's lines say; later ones count.
pub(super) struct Read {
    pub(super) first: First,
    pub(super) grant: Option<Grant>,
    pub(super) done: BTreeMap<usize, u64>,
    pub(super) at: Option<At>,
    /// Bytes of whole lines: what follows was torn.
    pub(super) valid: u64,
}

/// Prints the first line.
pub(super) fn first(first: &First) -> String {
    let First {
        id,
        locator,
        target,
        password,
        answer,
    } = first;
    let answer =
        serde_json::to_vec(answer).expect("wire types have string keys and no failing parts");
    checked(format!(
        "{FIRST} {id:016x} {} {} {} {}",
        locator.to_base64url(),
        encode(target),
        u8::from(*password),
        encode(&answer),
    ))
}

/// Prints the line of a grant.
pub(super) fn grant(grant: &Grant) -> String {
    checked(format!("{GRANT} {}", grant.to_base64url()))
}

/// Prints the line of a finished file.
pub(super) fn done(index: usize, inode: u64) -> String {
    checked(format!("{DONE} {index} {inode}"))
}

/// Prints the line of the unfinished file.
pub(super) fn at(at: &At) -> String {
    let At {
        index,
        bytes,
        inode,
        path,
    } = at;
    checked(format!("{AT} {index} {bytes} {inode} {}", encode(path)))
}

/// Reads a file, up to the first line that is not whole. `None` if that is the first one.
pub(super) fn read(file: &[u8]) -> Option<Read> {
    let mut lines = file.split_inclusive(|&byte| byte == b'\n');
    let first = lines.next()?;
    let mut read = Read {
        first: read_first(words(first)?)?,
        grant: None,
        done: BTreeMap::new(),
        at: None,
        valid: first.len() as u64,
    };
    for line in lines {
        if words(line).and_then(|line| read.take(line)).is_none() {
            break;
        }
        read.valid += line.len() as u64;
    }
    Some(read)
}

impl Read {
    fn take(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        match words.next()? {
            GRANT => self.grant = Some(Grant::from_base64url(words.next()?).ok()?),
            DONE => {
                let index = words.next()?.parse().ok()?;
                self.done.insert(index, words.next()?.parse().ok()?);
            }
            AT => {
                self.at = Some(At {
                    index: words.next()?.parse().ok()?,
                    bytes: words.next()?.parse().ok()?,
                    inode: words.next()?.parse().ok()?,
                    path: decode_vec(words.next()?).ok()?,
                });
            }
            _ => return None,
        }
        words.next().is_none().then_some(())
    }
}

fn read_first(line: &str) -> Option<First> {
    let mut words = line.strip_prefix(FIRST)?.strip_prefix(' ')?.split(' ');
    let first = First {
        id: u64::from_str_radix(words.next()?, 16).ok()?,
        locator: Locator::from_bytes(decode(words.next()?).ok()?),
        target: decode_vec(words.next()?).ok()?,
        password: words.next()? == "1",
        answer: serde_json::from_slice::<LinkOpened>(&decode_vec(words.next()?).ok()?).ok()?,
    };
    words.next().is_none().then_some(first)
}
