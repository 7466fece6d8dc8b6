//! `onekey link revoke`.

use super::which::Which;
use crate::args::RevokeArgs;
use crate::commands;
use crate::message::Failure;
use crate::runtime::Runtime;
use crate::terminal::tell;

/// Ends a link.
pub(super) fn run(args: &RevokeArgs) -> Result<(), Failure> {
    let which = Which::parse(&args.which)?;
    let manage = which.manage_link(args.link.as_deref())?;
    let client = commands::client(&manage.server, None)?;
    let runtime = Runtime::start()?;
    let links = runtime.wait(client.links(&manage))?;
    let link = which.find(&links)?;
    runtime.wait(client.revoke_link(&manage, &link.locator))?;
    if !args.quiet {
        tell("revoked");
    }
    Ok(())
}
