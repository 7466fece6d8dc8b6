//! What `put` says about what it did.

use onekey_client::PutShare;
use onekey_core::url::Link;
use serde::Serialize;

use crate::commands::direct;
use crate::exit::Exit;
use crate::message::Failure;
use crate::terminal::tell;
use crate::units;

/// The line of `--json`; scripts rely on its names.
#[derive(Serialize)]
struct Report<'a> {
    link: String,
    direct_link: Option<String>,
    manage_link: String,
    share: String,
    expires_at: Option<i64>,
    max_downloads: Option<u64>,
    size: u64,
    files: Vec<ReportedFile<'a>>,
}

#[derive(Serialize)]
struct ReportedFile<'a> {
    path: &'a str,
    size: u64,
}

/// Returns the line of `--json`.
///
/// # Errors
/// None that a share could cause.
pub(super) fn json(share: &PutShare) -> Result<String, Failure> {
    let files = share.files.iter();
    let report = Report {
        link: share.link.to_url(),
        direct_link: share.direct_link.as_ref().map(Link::to_url),
        manage_link: share.manage_link.to_url(),
        share: share.share.to_base64url(),
        expires_at: share.expires_at,
        max_downloads: share.max_downloads,
        size: share.size,
        files: files
            .map(|(path, size)| ReportedFile { path, size: *size })
            .collect(),
    };
    serde_json::to_string(&report)
        .map_err(|error| Failure::new(Exit::Failed, format!("cannot write JSON: {error}")))
}

/// Tells the person at the terminal what was sent and what to keep.
pub(super) fn tell_summary(share: &PutShare) {
    let files = units::count(share.files.len() as u64, "file");
    let downloads = units::downloads(share.max_downloads);
    tell(&format!(
        "sent         {files}, {}",
        units::size(share.size)
    ));
    tell(&format!("link ends    {}", units::end(share.expires_at)));
    tell(&format!("good for     {downloads}"));
    if share.direct_link.is_some() {
        direct::tell_meaning(&share.link, share.max_downloads);
    }
    tell(&format!("manage link  {}", share.manage_link.to_url()));
    tell("             keep it to yourself: who has it can add links and delete the share");
}
