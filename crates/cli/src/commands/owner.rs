//! The manage link, by itself or by a link that this machine made.

use onekey_core::url::{Link, ManageLink};

use crate::history::History;
use crate::link_input::{self, AnyLink};
use crate::message::Failure;

/// Takes the manage link from where it is given. An ordinary link is looked up in the history.
///
/// # Errors
/// [`Failure`], also for a link that is not there.
pub(super) fn manage_link(argument: Option<&str>) -> Result<ManageLink, Failure> {
    of_text(&link_input::read(argument)?)
}

/// The same for what was read already.
///
/// # Errors
/// As [`manage_link`].
pub(super) fn of_text(text: &str) -> Result<ManageLink, Failure> {
    match link_input::parse_any(text)? {
        AnyLink::Manage(link) => Ok(link),
        AnyLink::Link(link) => find(&link)?.ok_or_else(|| {
            Failure::usage("this link is not in the history of this machine")
                .hint("give the manage link, which `onekey put` printed besides the link: https://HOST/manage/…#…")
                .hint("`onekey ls` lists what was shared from here")
        }),
    }
}

/// Looks for a link in the history.
///
/// # Errors
/// [`Failure`] if that cannot be read.
pub(super) fn find(link: &Link) -> Result<Option<ManageLink>, Failure> {
    let found = History::of_user().map(|history| history.find(link));
    let found = found.transpose().map_err(|error| {
        Failure::io("cannot read the history", &error)
            .hint("give the manage link, which `onekey put` printed besides the link")
    })?;
    Ok(found.flatten())
}
