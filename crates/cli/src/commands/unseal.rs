//! `onekey unseal`.

use std::io::ErrorKind;
use std::sync::atomic::Ordering;

use onekey_client::{StreamOptions, UnsealError, unseal};
use tokio::task::spawn_blocking;

use super::streams::{self, Input, NotText, Target};
use crate::args::UnsealArgs;
use crate::exit::Exit;
use crate::message::Failure;
use crate::progress::Bar;
use crate::runtime::Runtime;
use crate::units;

/// Unseals a file or a pipe.
pub(super) fn run(args: &UnsealArgs) -> Result<(), Failure> {
    let target = Target::of(args.output.as_deref());
    let share = match &args.key_file {
        Some(path) => streams::read(path, args.input.as_deref())?,
        None => streams::prompt()?,
    };
    let input = Input::open(args.input.as_deref())?;
    let mut options = StreamOptions::default();
    if let Some(threads) = args.threads {
        options.workers = threads.into();
    }
    let runtime = Runtime::start()?;
    let unsealing = async {
        let mut output = target.open(args.force)?;
        let mut writer = output.writer()?;
        if output.is_terminal() && matches!(target, Target::Unnamed) {
            writer = writer.text_only();
        }
        let written = writer.written();
        // A bar would be drawn into the text.
        let bar = Bar::new("unsealing", output.is_terminal() || input.is_terminal());
        let unsealing = spawn_blocking(move || unseal(&share, input.0, &mut writer, options, &bar));
        let unsealed = unsealing
            .await
            .map_err(|_| Failure::new(Exit::Failed, "a thread failed"))?;
        match unsealed {
            Ok(_) => output.publish(),
            // A reader that has seen enough is no failure.
            Err(UnsealError::Write(error))
                if output.is_direct() && error.kind() == ErrorKind::BrokenPipe =>
            {
                Ok(())
            }
            Err(error) => {
                let written = if output.is_direct() {
                    written.load(Ordering::Relaxed)
                } else {
                    0
                };
                Err(explain(error, written))
            }
        }
    };
    let unsealed = runtime.wait_or_interrupt(unsealing);
    unsealed.map_err(|interrupted| {
        interrupted.hint("what was written is not the whole; run the command again")
    })?
}

/// Says what to do, and what there is of a stream that was not unsealed to its end.
fn explain(error: UnsealError, written: u64) -> Failure {
    let is_text = !matches!(&error, UnsealError::Write(error)
        if error.get_ref().is_some_and(|error| error.is::<NotText>()));
    if !is_text {
        return Failure::new(
            Exit::Failed,
            "what is in it is not plain text, and standard output is a terminal",
        )
        .hint("write it to a file with -o, or to the terminal all the same with `-o -`");
    }
    let failure = Failure::from(error);
    if written == 0 {
        return failure;
    }
    failure.hint(format!(
        "the {} that were written are authentic, but not the whole: do not use them as if they were",
        units::count(written, "byte"),
    ))
}
