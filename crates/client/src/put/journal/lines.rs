//! The lines of an upload's state.

use std::collections::BTreeMap;

use bytes::Bytes;
use onekey_core::base64url::{decode, decode_vec, encode};
use onekey_core::keys::{LinkKey, OwnerSecret, ShareId, ShareKey};
use onekey_core::wire::MAX_PARTS;
use zeroize::Zeroizing;

use super::{Record, Saved};
use crate::state::line::{check, checked, words};

/// Word and version that the first line begins with.
const FIRST: &str = "upload 2";
/// Stands for a size that is not known yet.
const UNKNOWN: &str = "-";
/// Word of a part's line.
const PART: &str = "part";
/// Word of the line with the body of `complete`.
const COMPLETE: &str = "complete";

/// More than the first line has, so that its text never moves and leaves no copy.
const FIRST_LINE: usize = 512;

/// What a file's lines say.
pub(super) struct Read {
    pub(super) saved: Saved,
    pub(super) records: BTreeMap<u64, Record>,
    pub(super) complete: Option<Bytes>,
    /// Bytes of whole lines: what follows was torn.
    pub(super) valid: u64,
}

/// Prints the first line.
pub(super) fn first(saved: &Saved) -> Zeroizing<String> {
    let mut line = Zeroizing::new(String::with_capacity(FIRST_LINE));
    line.push_str(FIRST);
    let words = [
        saved.share.as_bytes().as_slice(),
        saved.share_key.as_bytes(),
        saved.link_key.as_bytes(),
        saved.owner.as_bytes(),
        &saved.header,
        &saved.list,
    ];
    for word in words {
        line.push(' ');
        line.push_str(&Zeroizing::new(encode(word)));
    }
    let size = saved
        .size
        .map_or_else(|| UNKNOWN.to_owned(), |size| size.to_string());
    for word in [&saved.part_size.to_string(), &size, &saved.form] {
        line.push(' ');
        line.push_str(word);
    }
    let check = check(&line);
    line.push(' ');
    line.push_str(&check);
    line.push('\n');
    line
}

/// Prints a part's line.
pub(super) fn part(number: u64, record: &Record) -> String {
    let Record { len, sha256 } = record;
    checked(format!("{PART} {number} {len} {}", encode(sha256)))
}

/// Prints the line of `complete`.
pub(super) fn complete(body: &[u8]) -> String {
    checked(format!("{COMPLETE} {}", encode(body)))
}

/// Reads a file, up to the first line that is not whole. `None` if that is the first one.
pub(super) fn read(file: &[u8]) -> Option<Read> {
    let mut lines = file.split_inclusive(|&byte| byte == b'\n');
    let first = lines.next()?;
    let mut read = Read {
        saved: read_first(words(first)?)?,
        records: BTreeMap::new(),
        complete: None,
        valid: first.len() as u64,
    };
    for line in lines {
        let Some(words) = words(line) else { break };
        if read.take(words).is_none() {
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
            PART => {
                let number = words.next()?.parse().ok()?;
                let len = words.next()?.parse().ok()?;
                let sha256 = decode(words.next()?).ok()?;
                // A second record of a part would mean that two plaintexts may have left.
                let is_new = number < u64::from(MAX_PARTS) && !self.records.contains_key(&number);
                is_new.then(|| self.records.insert(number, Record { len, sha256 }))?;
            }
            COMPLETE if self.complete.is_none() => {
                self.complete = Some(decode_vec(words.next()?).ok()?.into());
            }
            _ => return None,
        }
        words.next().is_none().then_some(())
    }
}

fn read_first(line: &str) -> Option<Saved> {
    let mut words = line.strip_prefix(FIRST)?.strip_prefix(' ')?.split(' ');
    let mut word = || words.next();
    let saved = Saved {
        share: ShareId::from_bytes(decode(word()?).ok()?),
        share_key: ShareKey::from_bytes(decode(word()?).ok()?),
        link_key: LinkKey::from_bytes(decode(word()?).ok()?),
        owner: OwnerSecret::from_bytes(decode(word()?).ok()?),
        header: header(word()?)?,
        list: decode(word()?).ok()?,
        part_size: word()?.parse().ok()?,
        size: match word()? {
            UNKNOWN => None,
            size => Some(size.parse().ok()?),
        },
        form: word()?.to_owned(),
    };
    let is_whole = word().is_none() && saved.part_size > 0;
    is_whole.then_some(saved)
}

fn header(word: &str) -> Option<[u8; onekey_core::header::HEADER_LEN]> {
    decode_vec(word).ok()?.try_into().ok()
}
