//! `onekey link add`.

use onekey_client::{AddedLink, NewLinkOptions};
use onekey_core::url::Link;
use serde::Serialize;

use crate::args::AddArgs;
use crate::commands::{self, direct, limits, owner, qr};
use crate::history::{Described, History};
use crate::message::Failure;
use crate::runtime::Runtime;
use crate::terminal::{self, tell};
use crate::units;

/// The line of `--json`; scripts rely on its names.
#[derive(Serialize)]
struct Report<'a> {
    link: String,
    direct_link: Option<String>,
    locator: String,
    label: Option<&'a str>,
    password: bool,
    expires_at: Option<i64>,
    max_downloads: Option<u64>,
}

/// Adds a link and prints it.
pub(super) fn run(args: &AddArgs) -> Result<(), Failure> {
    let asked = &args.new_link;
    asked.check()?;
    let history = History::to_record(asked.no_history)?;
    let manage = owner::manage_link(args.link.as_deref())?;
    let client = commands::client(&manage.server, None)?;
    let runtime = Runtime::start()?;
    // Before a password is asked for: a wrong manage link or end is known sooner.
    runtime.wait(client.share(&manage))?;
    if asked.expires.is_some() || asked.direct {
        let server = runtime.wait(client.server())?;
        limits::check_expiry(&server, asked.expires)?;
        limits::check_direct(&server, asked.direct)?;
    }
    let options = NewLinkOptions {
        expires_in: asked.expires.map(limits::seconds),
        label: asked.label.clone(),
        max_downloads: asked.downloads,
        password: asked.choose_password()?,
        direct: asked.direct,
    };
    let added = runtime.wait(client.add_link(&manage, options))?;
    if let Some(history) = &history {
        let described = Described {
            title: None,
            label: asked.label.as_deref(),
            password: asked.wants_password(),
        };
        history.add_link(&manage, &added, described);
    }
    if !args.quiet && !args.json {
        tell_summary(&added);
    }
    let direct_link = added.direct_link.as_ref().map(Link::to_url);
    let private_link = added.link.to_url();
    let url = direct_link.as_ref().unwrap_or(&private_link);
    if asked.qr {
        qr::show(url)?;
    }
    if !args.json {
        return Ok(terminal::result(url)?);
    }
    commands::print_json(&Report {
        link: private_link,
        direct_link,
        locator: added.link.key.locator().to_base64url(),
        label: asked.label.as_deref(),
        password: asked.wants_password(),
        expires_at: added.expires_at,
        max_downloads: added.max_downloads,
    })
}

fn tell_summary(added: &AddedLink) {
    tell(&format!("link ends    {}", units::end(added.expires_at)));
    tell(&format!(
        "good for     {}",
        units::downloads(added.max_downloads)
    ));
    if added.direct_link.is_some() {
        direct::tell_meaning(&added.link, added.max_downloads);
    }
}
