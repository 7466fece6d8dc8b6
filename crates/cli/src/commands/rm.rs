//! `onekey rm`.

use onekey_core::wire::ErrorCode;

use super::owner;
use crate::args::RmArgs;
use crate::history::History;
use crate::message::Failure;
use crate::runtime::Runtime;
use crate::terminal::tell;

/// Deletes a share.
pub(super) fn run(args: &RmArgs) -> Result<(), Failure> {
    let link = owner::manage_link(args.link.as_deref())?;
    let client = super::client(&link.server, None)?;
    let deleted = Runtime::start()?.wait(client.delete(&link));
    let is_gone = match &deleted {
        Ok(()) => true,
        Err(error) => error.code() == Some(ErrorCode::NotFound),
    };
    if let (true, Some(history)) = (is_gone, History::of_user()) {
        history.remove(&link);
    }
    deleted?;
    if !args.quiet {
        tell("deleted");
    }
    Ok(())
}
