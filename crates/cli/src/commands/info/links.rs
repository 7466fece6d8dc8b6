//! The state of a share, for its owner.

use onekey_core::keys::OwnerKey;
use onekey_core::owner::LabelError;
use onekey_core::url::ManageLink;
use onekey_core::wire::{LinkState, ShareDescription, SharedLink};
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

#[derive(Serialize)]
struct ReportedLink {
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
    let key = link.secret.key();
    let links = share.links.iter().map(|link| ReportedLink {
        locator: link.locator.to_base64url(),
        label: label(&key, link).and_then(Result::ok),
        password: link.password,
        direct: link.direct,
        max_downloads: link.max_downloads,
        downloads: link.downloads,
        downloads_left: link.downloads_left,
        expires_at: link.expires_at,
        state: link.state,
        last_used_at: link.last_used_at,
    });
    Report {
        share: link.share.to_base64url(),
        size: share.size,
        created_at: share.created_at,
        expires_at: share.expires_at,
        links: links.collect(),
    }
}

/// Returns the same in words.
pub(super) fn words(link: &ManageLink, share: &ShareDescription) -> String {
    let key = link.secret.key();
    let mut lines = vec![
        format!("stored       {}, encrypted", units::size(share.size)),
        format!("sent on      {}", units::moment(share.created_at)),
        format!("share ends   {}", units::end(share.expires_at)),
    ];
    for (position, link) in share.links.iter().enumerate() {
        let label = label(&key, link).map(|label| label.unwrap_or_else(|_| UNREADABLE.to_owned()));
        let heading = label.map_or_else(
            || format!("link {}", position + 1),
            |label| format!("link {}: {}", position + 1, shown(&label)),
        );
        lines.extend([String::new(), heading]);
        lines.extend(words_of_link(link));
    }
    lines.join("\n")
}

fn words_of_link(link: &SharedLink) -> Vec<String> {
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

/// Opens a link's label, if it has one. A server could move a label, but neither read nor make one.
fn label(key: &OwnerKey, link: &SharedLink) -> Option<Result<String, LabelError>> {
    let sealed = link.label.as_deref()?;
    Some(key.open_label(&link.locator, sealed))
}
