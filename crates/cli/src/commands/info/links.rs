//! The state of a share, for its owner.

use onekey_client::LinkInfo;
use onekey_core::url::ManageLink;
use onekey_core::wire::{LinkState, ShareDescription};
use serde::Serialize;

use crate::terminal::shown;
use crate::units;

/// Stands for a label that the owner key does not open.
const UNREADABLE: &str = "(label unreadable)";

/// The line of `--json` for a manage link; scripts rely on its names.
#[derive(Serialize)]
pub(super) struct Report {
    share: String,
    size: u64,
    created_at: i64,
    expires_at: Option<i64>,
    links: Vec<ReportedLink>,
}

/// A link in such a line.
#[derive(Serialize)]
pub(in crate::commands) struct ReportedLink {
    number: usize,
    locator: String,
    label: Option<String>,
    password: bool,
    direct: bool,
    max_downloads: Option<u64>,
    downloads: u64,
    downloads_left: Option<u64>,
    expires_at: Option<i64>,
    state: LinkState,
    last_used_at: Option<i64>,
}

/// Returns the line of `--json`.
pub(super) fn report(link: &ManageLink, share: &ShareDescription) -> Report {
    Report {
        share: link.share.to_base64url(),
        size: share.size,
        created_at: share.created_at,
        expires_at: share.expires_at,
        links: report_of_links(&opened(link, share)),
    }
}

/// Returns links as JSON shows them.
pub(in crate::commands) fn report_of_links(links: &[LinkInfo]) -> Vec<ReportedLink> {
    let links = links
        .iter()
        .enumerate()
        .map(|(position, link)| ReportedLink {
            number: position + 1,
            locator: link.locator.to_base64url(),
            label: link.label.clone().and_then(Result::ok),
            password: link.password,
            direct: link.direct,
            max_downloads: link.max_downloads,
            downloads: link.downloads,
            downloads_left: link.downloads_left,
            expires_at: link.expires_at,
            state: link.state,
            last_used_at: link.last_used_at,
        });
    links.collect()
}

/// Returns the same in words.
pub(super) fn words(link: &ManageLink, share: &ShareDescription) -> String {
    let lines = [
        format!("stored       {}, encrypted", units::size(share.size)),
        format!("sent on      {}", units::moment(share.created_at)),
        format!("share ends   {}", units::end(share.expires_at)),
        String::new(),
        words_of_links(&opened(link, share)),
    ];
    lines.join("\n").trim_end().to_owned()
}

/// Returns links in words, each under its number.
pub(in crate::commands) fn words_of_links(links: &[LinkInfo]) -> String {
    let links = links.iter().enumerate().map(|(position, link)| {
        let number = position + 1;
        let heading = match &link.label {
            None => format!("link {number}"),
            Some(Ok(label)) => format!("link {number}: {}", shown(label)),
            Some(Err(_)) => format!("link {number}: {UNREADABLE}"),
        };
        let mut lines = vec![heading];
        lines.extend(words_of_link(link));
        lines.join("\n")
    });
    links.collect::<Vec<_>>().join("\n\n")
}

fn words_of_link(link: &LinkInfo) -> Vec<String> {
    let state = match link.state {
        LinkState::Expired => "expired",
        LinkState::Live => "live",
        LinkState::Revoked => "revoked",
        LinkState::UsedUp => "used up",
    };
    let downloads = link.max_downloads.map_or_else(
        || link.downloads.to_string(),
        |most| format!("{} of {most}", link.downloads),
    );
    let last = link.last_used_at.map_or_else(
        || "never".to_owned(),
        |moment| format!("on {}", units::moment(moment)),
    );
    let protection = match (link.password, link.direct) {
        (true, _) => "password",
        (false, true) => "none, and the server may decrypt (direct link)",
        (false, false) => "none but the link",
    };
    vec![
        format!("  state      {state}"),
        format!("  ends       {}", units::end(link.expires_at)),
        format!("  downloads  {downloads}, last {last}"),
        format!("  protection {protection}"),
    ]
}

/// Opens the labels. A server could move a label, but neither read nor make one.
fn opened(link: &ManageLink, share: &ShareDescription) -> Vec<LinkInfo> {
    let key = link.secret.key();
    let links = share.links.iter().cloned();
    links.map(|link| LinkInfo::open(&key, link)).collect()
}
