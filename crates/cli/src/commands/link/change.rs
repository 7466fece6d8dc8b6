//! `onekey link change`.

use onekey_core::wire::{ChangeLink, LinkState};

use super::which::Which;
use crate::args::{Cap, ChangeArgs};
use crate::commands::{self, limits};
use crate::exit::Exit;
use crate::message::Failure;
use crate::runtime::Runtime;
use crate::terminal::tell;
use crate::units;

/// Changes limits of a link.
pub(super) fn run(args: &ChangeArgs) -> Result<(), Failure> {
    if args.expires.is_none() && args.downloads.is_none() {
        return Err(Failure::usage("there is nothing to change")
            .hint("give --expires, --downloads or both"));
    }
    let which = Which::parse(&args.which)?;
    let manage = which.manage_link(args.link.as_deref())?;
    let client = commands::client(&manage.server, None)?;
    let runtime = Runtime::start()?;
    let links = runtime.wait(client.links(&manage))?;
    let link = which.find(&links)?;
    if link.state == LinkState::Revoked {
        return Err(
            Failure::new(Exit::Gone, "the link is revoked, which is for good")
                .hint("make another one with `onekey link add`"),
        );
    }
    if args.expires.is_some() {
        limits::check_expiry(&runtime.wait(client.server())?, args.expires)?;
    }
    let change = ChangeLink {
        max_downloads: args.downloads.map(|cap| match cap {
            Cap::Any => None,
            Cap::Most(most) => Some(most),
        }),
        expires_in: args.expires.map(limits::seconds),
    };
    let changed = runtime.wait(client.change_link(&manage, &link.locator, &change))?;
    if !args.quiet {
        let taken = changed.downloads;
        tell(&format!("link ends    {}", units::end(changed.expires_at)));
        tell(&format!(
            "good for     {}, {taken} taken",
            units::downloads(changed.max_downloads)
        ));
    }
    Ok(())
}
