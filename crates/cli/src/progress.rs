//! The progress bar.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use onekey_client::{Continued, Progress, Resumed};

use crate::message;
use crate::terminal;
use crate::units;

/// Amount, rate and time left; the bar takes what the window's width leaves.
const KNOWN: &str = "{msg} {wide_bar} {bytes}/{total_bytes}  {binary_bytes_per_sec}  {eta} left";
/// The same for a pipe, whose end nobody knows.
const UNKNOWN: &str = "{msg} {spinner} {bytes}  {binary_bytes_per_sec}  {elapsed}";

/// What is done once every byte is through.
const FINISHING: &str = "finishing";

/// How often the rate is drawn anew while nothing arrives.
const TICK: Duration = Duration::from_millis(250);

/// A bar on stderr, or nothing where nobody watches.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    doing: &'static str,
    quiet: bool,
}

impl Bar {
    /// Makes a bar for `doing`, such as "sending". It shows once bytes are expected.
    pub(crate) fn new(doing: &'static str, quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_message(doing);
        if !quiet && terminal::is_watched() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        Self { bar, doing, quiet }
    }

    /// Removes the bar, so that a message starts on a line of its own.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn begin(&self, total: Option<u64>) {
        let template = total.map_or(UNKNOWN, |_| KNOWN);
        let style = ProgressStyle::with_template(template).expect("the template is well-formed");
        self.bar.set_style(style);
        if let Some(total) = total {
            self.bar.set_length(total);
        }
        self.bar.reset();
        if !self.bar.is_hidden() {
            self.bar.enable_steady_tick(TICK);
        }
    }

    fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
        // The server, or the disk, still has its part to do.
        let is_all = self.bar.length() == Some(self.bar.position());
        self.bar
            .set_message(if is_all { FINISHING } else { self.doing });
    }

    fn retrying(&self, after: Duration, cause: &str) {
        let cause = terminal::shown(cause);
        let wait = units::words(after.as_secs().max(1));
        self.bar.set_message(format!("{cause}, again in {wait}"));
    }

    fn resumed(&self, how: &Resumed) {
        let quiet = self.quiet;
        self.bar.suspend(|| match how {
            Resumed::Continues { there, parts } if !quiet => {
                let parts = match parts {
                    Some(parts) => format!("{there} of {}", units::count(*parts, "part")),
                    None => units::count(*there, "part"),
                };
                let verb = if parts == "1 part" { "is" } else { "are" };
                terminal::tell(&format!("onekey: continuing: {parts} {verb} there"));
            }
            Resumed::Nothing if !quiet => {
                terminal::tell("onekey: there is nothing to continue: beginning anew");
            }
            Resumed::NotKept(error) => message::warn_io(
                "cannot note what was sent, so --resume will not find it",
                error,
            ),
            // Also with `--quiet`: somebody counted on less to send.
            Resumed::StartedOver(reason) => {
                message::warn(&format!("cannot continue, beginning anew: {reason}"));
            }
            _ => {}
        });
    }

    fn not_smaller(&self, path: &str) {
        if self.quiet {
            return;
        }
        let path = terminal::shown(path);
        self.bar.suspend(|| {
            terminal::tell(&format!(
                "onekey: {path} does not get smaller: beginning anew, large files are sent as they are"
            ));
        });
    }

    fn continued(&self, how: &Continued) {
        let quiet = self.quiet;
        self.bar.suspend(|| match how {
            Continued::Continues { there, size } if !quiet => terminal::tell(&format!(
                "onekey: continuing: {} of {} are here",
                units::size(*there),
                units::size(*size)
            )),
            // Also with `--quiet`: it is one of few.
            Continued::NewGrant => message::warn(
                "the earlier download has ended on the server: one more was spent to continue",
            ),
            Continued::NotKept(error) => {
                message::warn_io(
                    "cannot note what arrives, so this cannot be continued",
                    error,
                );
            }
            Continued::StartedOver(reason) => {
                message::warn(&format!("cannot continue, beginning anew: {reason}"));
            }
            _ => {}
        });
    }

    fn finish(&self) {
        self.clear();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_templates_are_well_formed() {
        let bar = Bar::new("sending", true);
        bar.begin(None);
        bar.begin(Some(10));
        bar.advance(5);
        bar.retrying(Duration::from_secs(2), "no\u{1b} connection");
        assert_eq!(bar.bar.position(), 5);
        bar.finish();
    }
}
