//! `onekey rm`.

use crate::args::RmArgs;
use crate::link_input;
use crate::message::Failure;
use crate::runtime::Runtime;
use crate::terminal::tell;

/// Deletes a share.
pub(super) fn run(args: &RmArgs) -> Result<(), Failure> {
    let text = link_input::read(args.link.as_deref())?;
    let link = link_input::parse_manage_link(&text)?;
    let client = super::client(&link.server, None)?;
    Runtime::start()?.wait(client.delete(&link))?;
    if !args.quiet {
        tell("deleted");
    }
    Ok(())
}
