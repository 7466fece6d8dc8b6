//! `onekey ls`.

mod ask;
mod report;
mod words;

use onekey_client::LinkInfo;

use crate::args::LsArgs;
use crate::exit::Exit;
use crate::history::{self, History, Share};
use crate::message::{Failure, hint, warn};
use crate::runtime::Runtime;
use crate::terminal::{self, tell};
use crate::units;

use ask::Answer;

/// Shares that are listed, and asked for, unless all are wanted.
const NEWEST: usize = 100;

/// Lists what was shared from this machine.
pub(super) fn run(args: &LsArgs) -> Result<(), Failure> {
    let history = History::of_user();
    let mut shares = match &history {
        Some(history) => history
            .shares()
            .map_err(|error| Failure::io("cannot read the history", &error).hint(where_it_is()))?,
        None => Vec::new(),
    };
    let left_out = if args.all {
        0
    } else {
        shares.len().saturating_sub(NEWEST)
    };
    shares.drain(..left_out);
    let answers = Runtime::start()?.wait(ask::all(&shares));
    if let Some(history) = &history {
        note(history, &shares, &answers);
    }
    let listed: Vec<_> = shares.iter().zip(&answers).collect();
    if args.json {
        super::print_json(&report::report(&listed))?;
    } else if listed.is_empty() {
        tell("nothing was shared from this machine, or its history is off");
    } else {
        terminal::result(&words::table(&listed, terminal::width()))?;
    }
    if left_out > 0 {
        hint(&format!(
            "{} more: `onekey ls --all` lists them",
            units::count(left_out as u64, "older share")
        ));
    }
    unanswered(&listed)
}

/// Remembers which shares are gone, so that the history can forget them one day.
fn note(history: &History, shares: &[Share], answers: &[Answer]) {
    let now = history::now();
    let changed = shares.iter().zip(answers);
    history.note(changed.filter_map(|(share, answer)| {
        let since = match (answer, share.gone_since) {
            (Answer::Gone, None) => Some(now),
            (Answer::Share(..), Some(_)) => None,
            _ => return None,
        };
        Some((share.manage.clone(), since))
    }));
}

/// Names the servers that did not answer.
fn unanswered(listed: &[(&Share, &Answer)]) -> Result<(), Failure> {
    let mut servers: Vec<(String, &str)> = Vec::new();
    for (share, answer) in listed {
        if let Answer::Unknown(reason) = answer {
            let server = share.manage.server.to_string();
            if !servers.iter().any(|(known, _)| *known == server) {
                servers.push((server, reason));
            }
        }
    }
    if servers.is_empty() {
        return Ok(());
    }
    for (server, reason) in &servers {
        warn(&format!("{server}: {reason}"));
    }
    Err(Failure::new(
        Exit::Failed,
        format!(
            "no answer from {}",
            units::count(servers.len() as u64, "server")
        ),
    )
    .hint("the list shows what was known when it was sent; check the connection and try again"))
}

fn where_it_is() -> String {
    history::place().map_or_else(
        || "set HOME or XDG_DATA_HOME".to_owned(),
        |path| format!("it is in {}", path.display()),
    )
}

/// The state of a link as people and programs read it.
const fn is_live(link: &LinkInfo) -> bool {
    matches!(link.state, onekey_core::wire::LinkState::Live)
}
