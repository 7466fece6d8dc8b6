//! The log on standard error.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, fmt};

/// The target of this crate's lines.
const OURS: &str = "onekey_server";

/// Returns the filter for `level`. Whatever the level, other crates are heard from `warn` up only:
/// at `debug` the HTTP crates write paths and header fields, and those hold keys.
pub fn filter(level: LevelFilter) -> Targets {
    Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target(OURS, level)
}

/// Begins to log.
///
/// # Errors
/// If the process logs already.
pub fn start(level: LevelFilter) -> Result<(), TryInitError> {
    let lines = fmt::layer()
        .with_writer(std::io::stderr)
        .with_filter(filter(level));
    tracing_subscriber::registry().with(lines).try_init()?;
    Ok(())
}
