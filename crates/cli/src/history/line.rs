//! A line of the history: one JSON object. Each says its version; lines of others are left alone.

use std::time::{SystemTime, UNIX_EPOCH};

use onekey_client::{AddedLink, PutShare};
use onekey_core::url::{Link, ManageLink};
use serde::{Deserialize, Serialize};

use super::{Described, OwnLink, Share};

/// The version that this program writes and reads.
const VERSION: u32 = 1;

/// Most names of a share that are kept: enough to know it again.
const NAMES_KEPT: usize = 5;

/// Most characters of a name or title that are kept.
const TEXT_KEPT: usize = 200;

/// A line.
#[derive(Deserialize, Serialize)]
struct Line {
    v: u32,
    #[serde(flatten)]
    what: What,
}

/// Only what every version has.
#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// What a line says.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// A share was put.
    Put(Box<Put>),
    /// A link was added.
    Link(Added),
    /// A share's server does not have it any more, or has it again.
    Gone(Gone),
}

/// What a text is, read as a line.
pub(super) enum Read {
    /// Of this version.
    Known(What),
    /// Of another version.
    Other,
    /// Not whole: a crash tore it.
    Torn,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Put {
    /// [`name`] of the share.
    share: String,
    manage_link: String,
    link: String,
    /// The link's direct form, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    direct_link: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    size: u64,
    files: u64,
    names: Vec<String>,
    title: Option<String>,
    label: Option<String>,
    password: bool,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Added {
    share: String,
    manage_link: String,
    link: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    direct_link: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    label: Option<String>,
    password: bool,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Gone {
    share: String,
    /// Since when, or `None` if it is there again.
    pub(super) since: Option<i64>,
}

impl Put {
    pub(super) fn new(share: &PutShare, put: Described<'_>) -> Self {
        let files = share.files.iter().map(|(path, _)| path.as_str());
        Self {
            share: name(&share.manage_link),
            manage_link: share.manage_link.to_url(),
            link: share.link.to_url(),
            direct_link: share.direct_link.as_ref().map(Link::to_url),
            created_at: now(),
            expires_at: share.expires_at,
            size: share.size,
            files: share.files.len() as u64,
            names: top_names(files),
            title: put.title.map(cut),
            label: put.label.map(str::to_owned),
            password: put.password,
        }
    }
}

impl Added {
    pub(super) fn new(manage: &ManageLink, added: &AddedLink, put: Described<'_>) -> Self {
        Self {
            share: name(manage),
            manage_link: manage.to_url(),
            link: added.link.to_url(),
            direct_link: added.direct_link.as_ref().map(Link::to_url),
            created_at: now(),
            expires_at: added.expires_at,
            label: put.label.map(str::to_owned),
            password: put.password,
        }
    }
}

impl Gone {
    pub(super) fn new(manage: &ManageLink, since: Option<i64>) -> Self {
        Self {
            share: name(manage),
            since,
        }
    }
}

impl What {
    /// Returns the name of the share that it is about.
    pub(super) fn share(&self) -> &str {
        match self {
            Self::Put(put) => &put.share,
            Self::Link(added) => &added.share,
            Self::Gone(gone) => &gone.share,
        }
    }

    /// Returns the share with the one link, unless somebody wrote something else into it.
    pub(super) fn to_share(&self) -> Option<Share> {
        let (manage, link, direct, label, password) = match self {
            Self::Put(put) => (
                &put.manage_link,
                &put.link,
                &put.direct_link,
                &put.label,
                put.password,
            ),
            Self::Link(added) => (
                &added.manage_link,
                &added.link,
                &added.direct_link,
                &added.label,
                added.password,
            ),
            Self::Gone(_) => return None,
        };
        let manage = ManageLink::parse(manage).ok()?;
        if name(&manage) != self.share() {
            return None;
        }
        let link = OwnLink {
            link: Link::parse(link).ok()?,
            direct: direct.as_deref().and_then(|link| Link::parse(link).ok()),
            label: label.clone(),
            password,
        };
        let mut share = Share {
            manage,
            created_at: 0,
            expires_at: None,
            size: None,
            files: None,
            title: None,
            names: Vec::new(),
            links: vec![link],
            gone_since: None,
        };
        match self {
            Self::Put(put) => {
                share.created_at = put.created_at;
                share.expires_at = put.expires_at;
                share.size = Some(put.size);
                share.files = Some(put.files);
                share.title.clone_from(&put.title);
                share.names.clone_from(&put.names);
            }
            Self::Link(added) => {
                share.created_at = added.created_at;
                share.expires_at = added.expires_at;
            }
            Self::Gone(_) => {}
        }
        Some(share)
    }
}

/// Prints a line with its end.
pub(super) fn print(what: What) -> String {
    let line = Line { v: VERSION, what };
    let mut text = serde_json::to_string(&line)
        .expect("strings and numbers under names that are strings can be printed");
    text.push('\n');
    text
}

/// Reads a line without its end.
pub(super) fn read(text: &str) -> Read {
    match serde_json::from_str::<Version>(text) {
        Ok(Version { v: VERSION }) => {
            serde_json::from_str::<Line>(text).map_or(Read::Torn, |line| Read::Known(line.what))
        }
        Ok(_) => Read::Other,
        Err(_) => Read::Torn,
    }
}

/// Returns a share's name, which no other share on any server has: its manage link without the secret.
pub(super) fn name(manage: &ManageLink) -> String {
    let url = manage.to_url();
    let end = url.find('#').unwrap_or(url.len());
    url[..end].to_owned()
}

/// Returns the time in Unix seconds.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

/// Returns the files and folders at the top, folders with a `/`.
fn top_names<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for path in paths {
        let top = path.split_inclusive('/').next().unwrap_or(path);
        let top = cut(top);
        if names.len() < NAMES_KEPT && !names.contains(&top) {
            names.push(top);
        }
    }
    names
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_KEPT).collect()
}
