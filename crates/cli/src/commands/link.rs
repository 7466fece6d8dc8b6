//! `onekey link`.

mod add;
mod change;
mod list;
mod revoke;
mod which;

use crate::args::{LinkArgs, LinkCommand};
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
