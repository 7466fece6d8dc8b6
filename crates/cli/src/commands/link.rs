//! `onekey link`.

mod add;
mod change;
mod list;
mod revoke;
mod which;

use onekey_core::url::ManageLink;

use crate::args::{LinkArgs, LinkCommand};
use crate::link_input;
use crate::message::Failure;

/// Does something with the links of a share.
pub(super) fn run(args: &LinkArgs) -> Result<(), Failure> {
    match &args.command {
        LinkCommand::Add(args) => add::run(args),
        LinkCommand::List(args) => list::run(args),
        LinkCommand::Change(args) => change::run(args),
        LinkCommand::Revoke(args) => revoke::run(args),
    }
}

/// Takes the manage link from where it is given.
fn manage_link(argument: Option<&str>) -> Result<ManageLink, Failure> {
    link_input::parse_manage_link(&link_input::read(argument)?)
}
