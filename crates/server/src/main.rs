//! The onekey server.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use onekey_server::args::{Args, CheckArgs, Command};
use onekey_server::check::check_files;
use onekey_server::{Server, logging};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Exit code of a usage error, as clap has it.
const USAGE: u8 = 2;

/// Exit code of a check that found problems.
const PROBLEMS: u8 = 1;

fn main() -> ExitCode {
    let mut args = Args::parse();
    let listen = args.listen;
    if let Err(error) = logging::start(args.log) {
        return fail(&error, 1);
    }
    if let Some(Command::Check(how)) = args.command.take() {
        return check(args, &how);
    }
    let checked = match args.config(|name| std::env::var(name).ok()) {
        Ok(checked) => checked,
        Err(error) => return fail(&error, USAGE),
    };
    for warning in &checked.warnings {
        eprintln!("onekey-server: warning: {warning}");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error, 1),
    };
    let ended = runtime.block_on(async {
        // Before the stores: a signal in the middle of recovery must end it in order, too.
        let stop = stop_signal()?;
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|error| format!("--listen: cannot listen on {listen}: {error}"))?;
        let server = Server::new(checked.config).await?;
        eprintln!(
            "onekey-server: listening on http://{}",
            listener.local_addr()?
        );
        server.run(listener, stop).await;
        Ok::<(), Box<dyn std::error::Error>>(())
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error, 1),
    }
}

/// `onekey-server check`: a check that could not be made is told from one that found something.
fn check(args: Args, how: &CheckArgs) -> ExitCode {
    let at = match args.check_at(|name| std::env::var(name).ok()) {
        Ok(at) => at,
        Err(error) => return fail(&error, USAGE),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error, USAGE),
    };
    let report = match runtime.block_on(check_files(&at.db, &at.blobs, how.digests)) {
        Ok(report) => report,
        Err(error) => return fail(&error, USAGE),
    };
    let mut out = std::io::stdout().lock();
    let printed = if how.json {
        writeln!(out, "{}", report.to_json(how.verbose))
    } else {
        let shown = if how.verbose { report.found.len() } else { 0 };
        let mut found = report.found.iter().take(shown);
        found
            .try_for_each(|found| writeln!(out, "{found}"))
            .and_then(|()| writeln!(out, "{report}"))
    };
    match printed {
        Err(error) => fail(&error, USAGE),
        Ok(()) if report.problems() > 0 => ExitCode::from(PROBLEMS),
        Ok(()) => ExitCode::SUCCESS,
    }
}

/// Returns what ends at SIGTERM or SIGINT.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn fail(error: &dyn std::error::Error, code: u8) -> ExitCode {
    eprint!("onekey-server: error: {error}");
    let mut source = error.source();
    while let Some(error) = source {
        eprint!(": {error}");
        source = error.source();
    }
    eprintln!();
    ExitCode::from(code)
}
