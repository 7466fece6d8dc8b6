//! `onekey info`, and the words that `get --list` shares with it.

mod files;
mod links;

use onekey_core::url::{Link, ManageLink};

use crate::args::InfoArgs;
use crate::link_input::{self, AnyLink};
use crate::message::Failure;
use crate::runtime::Runtime;
use crate::terminal;

pub(super) use files::words as words_of_share;
pub(super) use links::{ReportedLink, report_of_links, words_of_links};

/// Shows what is behind a link, or the state of a share.
pub(super) fn run(args: &InfoArgs) -> Result<(), Failure> {
    let text = link_input::read(args.link.as_deref())?;
    match link_input::parse_any(&text)? {
        AnyLink::Link(link) => of_link(args, &link),
        AnyLink::Manage(link) => of_share(args, &link),
    }
}

fn of_link(args: &InfoArgs, link: &Link) -> Result<(), Failure> {
    let runtime = Runtime::start()?;
    let (share, _) = super::open::open(&runtime, link, args.password_file.as_deref(), None)?;
    if args.json {
        super::print_json(&files::report(&share))
    } else {
        Ok(terminal::result(&files::words(&share))?)
    }
}

fn of_share(args: &InfoArgs, link: &ManageLink) -> Result<(), Failure> {
    let client = super::client(&link.server, None)?;
    let share = Runtime::start()?.wait(client.share(link))?;
    if args.json {
        super::print_json(&links::report(link, &share))
    } else {
        Ok(terminal::result(&links::words(link, &share))?)
    }
}
