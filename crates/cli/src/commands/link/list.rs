//! `onekey link list`.

use onekey_client::LinkInfo;
use serde::Serialize;

use crate::args::ListArgs;
use crate::commands::info::{ReportedLink, report_of_links, words_of_links};
use crate::commands::{self, owner};
use crate::message::Failure;
use crate::runtime::Runtime;
use crate::terminal::{self, tell};

/// The line of `--json`; scripts rely on its names.
#[derive(Serialize)]
struct Report {
    share: String,
    links: Vec<ReportedLink>,
}

/// Lists the links of a share.
pub(super) fn run(args: &ListArgs) -> Result<(), Failure> {
    let manage = owner::manage_link(args.link.as_deref())?;
    let client = commands::client(&manage.server, None)?;
    let links: Vec<LinkInfo> = Runtime::start()?.wait(client.links(&manage))?;
    if args.json {
        return commands::print_json(&Report {
            share: manage.share.to_base64url(),
            links: report_of_links(&links),
        });
    }
    if links.is_empty() {
        tell("this share has no links any more");
        return Ok(());
    }
    Ok(terminal::result(&words_of_links(&links))?)
}
