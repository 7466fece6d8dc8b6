//! The onekey server.

use std::process::ExitCode;

use clap::Parser;
use onekey_server::args::Args;
use onekey_server::{Server, logging};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Exit code of a usage error, as clap has it.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let listen = args.listen;
    if let Err(error) = logging::start(args.log) {
        return fail(&error, 1);
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
