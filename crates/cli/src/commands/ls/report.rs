//! The JSON of `onekey ls`.

use onekey_core::url::Link;
use onekey_core::wire::LinkState;
use serde::Serialize;

use super::{Answer, is_live};
use crate::history::Share;

/// The line of `--json`; scripts rely on its names.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    shares: Vec<ReportedShare<'a>>,
}

#[derive(Serialize)]
struct ReportedShare<'a> {
    manage_link: String,
    share: String,
    title: Option<&'a str>,
    names: &'a [String],
    files: Option<u64>,
    size: Option<u64>,
    created_at: i64,
    expires_at: Option<i64>,
    state: &'static str,
    links: Vec<ReportedLink>,
}

#[derive(Serialize)]
struct ReportedLink {
    link: Option<String>,
    direct_link: Option<String>,
    locator: String,
    label: Option<String>,
    password: bool,
    direct: bool,
    state: Option<LinkState>,
    max_downloads: Option<u64>,
    downloads: Option<u64>,
    downloads_left: Option<u64>,
    expires_at: Option<i64>,
}

/// Returns the line of `--json`.
pub(super) fn report<'a>(listed: &[(&'a Share, &Answer)]) -> Report<'a> {
    let shares = listed.iter().map(|(share, answer)| of_share(share, answer));
    Report {
        shares: shares.collect(),
    }
}

fn of_share<'a>(share: &'a Share, answer: &Answer) -> ReportedShare<'a> {
    let (state, expires_at) = match answer {
        Answer::Share(described, links) if links.iter().any(is_live) => {
            ("live", described.expires_at)
        }
        Answer::Share(described, _) => ("ended", described.expires_at),
        Answer::Gone => ("gone", share.expires_at),
        Answer::Unknown(_) => ("unknown", share.expires_at),
    };
    ReportedShare {
        manage_link: share.manage.to_url(),
        share: share.manage.share.to_base64url(),
        title: share.title.as_deref(),
        names: &share.names,
        files: share.files,
        size: share.size,
        created_at: share.created_at,
        expires_at,
        state,
        links: of_links(share, answer),
    }
}

fn of_links(share: &Share, answer: &Answer) -> Vec<ReportedLink> {
    let Answer::Share(_, links) = answer else {
        let links = share.links.iter().map(|own| ReportedLink {
            link: Some(own.link.to_url()),
            direct_link: own.direct.as_ref().map(Link::to_url),
            locator: own.link.key.locator().to_base64url(),
            label: own.label.clone(),
            password: own.password,
            direct: own.direct.is_some(),
            state: None,
            max_downloads: None,
            downloads: None,
            downloads_left: None,
            expires_at: None,
        });
        return links.collect();
    };
    let links = links.iter().map(|link| {
        let own = share.own(&link.locator);
        ReportedLink {
            link: own.map(|own| own.link.to_url()),
            direct_link: own.and_then(|own| Some(own.direct.as_ref()?.to_url())),
            locator: link.locator.to_base64url(),
            label: link.label.clone().and_then(Result::ok),
            password: link.password,
            direct: link.direct,
            state: Some(link.state),
            max_downloads: link.max_downloads,
            downloads: Some(link.downloads),
            downloads_left: link.downloads_left,
            expires_at: link.expires_at,
        }
    });
    links.collect()
}
