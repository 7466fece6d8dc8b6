//! `onekey put`.

mod limits;
mod report;
mod resume;

use std::io::{self, IsTerminal};
use std::path::Path;

use onekey_client::{PutError, PutOptions, PutShare, SourceError, Sources, WalkOptions};
use onekey_core::url::{Scheme, ServerUrl};

use crate::args::{DEFAULT_SERVER, PutArgs, STDIN};
use crate::history::{Described, History};
use crate::message::{Failure, hint, warn};
use crate::progress::Bar;
use crate::runtime::Runtime;
use crate::terminal::{self, tell};

/// Name of what comes from standard input, if it is given no other.
const STDIN_NAME: &str = "stdin";

/// Sends files and prints the link.
pub(super) fn run(args: &PutArgs) -> Result<(), Failure> {
    args.new_link.check()?;
    let server = server(args)?;
    let history = History::to_record(args.new_link.no_history)?;
    let secret = super::upload_secret()?;
    let sources = sources(args)?;
    name_skipped(&sources);
    let state = resume::state(args)?;
    let mut options = options(args)?;
    let has_password = options.password.is_some();
    options.state = state.clone();

    let runtime = Runtime::start()?;
    let has_secret = secret.is_some();
    let client = super::client(&server, secret)?;
    let description = runtime.wait(client.server()).map_err(PutError::from)?;
    limits::check(&description, args, has_secret)?;

    let bar = Bar::new("sending", args.quiet);
    let put = runtime.wait_or_interrupt(client.put(sources, options, &bar));
    bar.clear();
    if !matches!(put, Ok(Ok(_))) {
        // What was sent and cannot be continued is taken back from the server.
        runtime.wait(client.settle());
    }
    let share = match put {
        Ok(Ok(share)) => share,
        Ok(Err(error)) => return Err(resume::hint(error.into(), state.as_ref())),
        Err(interrupted) => {
            let failure = interrupted.hint("nothing was shared");
            return Err(resume::hint(failure, state.as_ref()));
        }
    };

    let described = Described {
        title: args.title.as_deref(),
        label: args.new_link.label.as_deref(),
        password: has_password,
    };
    let recorded = history.is_some_and(|history| history.add_share(&share, described));
    if !args.quiet && !args.json {
        report::tell_summary(&share);
    }
    if !args.quiet && travels_in_the_clear(&server) {
        hint(if args.new_link.direct {
            "the link begins with http://: somebody on the way reads the key and the files; give your server \
             https"
        } else {
            "the link begins with http://: somebody on the way could change the page that receivers \
             open; give your server https"
        });
    }
    let printed = print(args, &share);
    // Until now a put that is resumed gives the link again.
    if let (Some(state), true) = (&state, recorded || matches!(printed, Ok(true))) {
        state.forget();
    }
    printed.map(drop).map_err(|failure| {
        if recorded {
            failure.hint("the share is up: `onekey ls` shows its link")
        } else {
            resume::hint(failure, state.as_ref())
        }
    })
}

/// Prints the link, and tells whether somebody reads it.
fn print(args: &PutArgs, share: &PutShare) -> Result<bool, Failure> {
    let url = share.direct_link.as_ref().unwrap_or(&share.link).to_url();
    if args.new_link.qr {
        super::qr::show(&url)?;
    }
    let line = if args.json {
        terminal::shown_json(&report::json(share)?)
    } else {
        url
    };
    Ok(terminal::result_read(&line)?)
}

fn server(args: &PutArgs) -> Result<ServerUrl, Failure> {
    let text = match args.server.trim() {
        "" => DEFAULT_SERVER,
        text => text,
    };
    ServerUrl::parse(text).map_err(|error| {
        Failure::usage(format!(
            "--server or ONEKEY_SERVER is not a server's address: {error}"
        ))
        .hint("it looks like https://files.example.org")
    })
}

fn sources(args: &PutArgs) -> Result<Sources, Failure> {
    if args.paths.iter().any(|path| path == Path::new(STDIN)) {
        return stdin(args);
    }
    if args.name.is_some() {
        return Err(
            Failure::usage("--name names standard input, which is not sent")
                .hint("put `-` in place of the paths, or leave --name out"),
        );
    }
    let walk = WalkOptions {
        follow_symlinks: args.follow,
    };
    Sources::from_paths(&args.paths, walk).map_err(|error| {
        let may_be_a_password = args.new_link.password && matches!(error, SourceError::NotFound(_));
        let failure = Failure::from(error);
        if may_be_a_password {
            failure.hint("what follows --password is a path: onekey asks for the password itself")
        } else {
            failure
        }
    })
}

fn stdin(args: &PutArgs) -> Result<Sources, Failure> {
    if args.paths.len() > 1 {
        return Err(Failure::usage("`-` is standard input, which goes alone")
            .hint("send the other paths with a command of their own")
            .hint("a file of that name is ./-"));
    }
    if !args.quiet && io::stdin().is_terminal() {
        tell("onekey: reading what you type; end it with Ctrl-D on a line of its own");
    }
    let name = args.name.as_deref().unwrap_or(STDIN_NAME);
    Ok(Sources::from_reader(name, io::stdin())?)
}

/// Also with `--quiet`: what is missing from a share is worth a line.
fn name_skipped(sources: &Sources) {
    for skipped in sources.skipped() {
        warn(&format!(
            "skipped {}: {}",
            skipped.path.display(),
            skipped.reason.as_str()
        ));
    }
}

fn options(args: &PutArgs) -> Result<PutOptions, Failure> {
    let link = &args.new_link;
    Ok(PutOptions {
        expires_in: link.expires.map(super::limits::seconds),
        max_downloads: link.downloads,
        password: link.choose_password()?,
        title: args.title.clone(),
        note: args.note.clone(),
        pad: match (args.pad, args.no_pad) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        },
        compress: !args.no_compress,
        direct: link.direct,
        label: link.label.clone(),
        ..PutOptions::default()
    })
}

/// Tells whether the page would come over a network without TLS.
fn travels_in_the_clear(server: &ServerUrl) -> bool {
    server.scheme() == Scheme::Http && !is_loopback(server.host())
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let name = host.trim_end_matches('.');
    name == "localhost"
        || name.ends_with(".localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_beyond_this_machine_travels_in_the_clear() {
        for url in [
            "https://example.org",
            "http://localhost:8080",
            "http://127.0.0.1",
            "http://127.8.8.8",
            "http://[::1]:80",
            "http://a.localhost",
        ] {
            assert!(
                !travels_in_the_clear(&ServerUrl::parse(url).unwrap()),
                "{url}"
            );
        }
        for url in [
            "http://example.org",
            "http://192.168.0.1:8080",
            "http://notlocalhost",
        ] {
            assert!(
                travels_in_the_clear(&ServerUrl::parse(url).unwrap()),
                "{url}"
            );
        }
    }
}
