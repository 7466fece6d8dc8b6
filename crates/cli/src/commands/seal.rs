//! `onekey seal`.

use onekey_client::{StreamOptions, seal};
use onekey_core::cipher::Suite;
use onekey_core::keys::ShareKey;
use tokio::task::spawn_blocking;

use super::streams::{self, Input, NewKeyFile, Target};
use crate::args::{CipherName, SealArgs};
use crate::exit::Exit;
use crate::message::Failure;
use crate::progress::Bar;
use crate::runtime::Runtime;

/// Seals a file or a pipe.
pub(super) fn run(args: &SealArgs) -> Result<(), Failure> {
    let target = Target::of(args.output.as_deref());
    let key = Key::of(args)?;
    let input = Input::open(args.input.as_deref())?;
    let runtime = Runtime::start()?;
    // All that leaves a trace is within, and goes with it when it is interrupted.
    let sealing = seal_to(args, key, input, &target);
    let sealed = runtime.wait_or_interrupt(sealing);
    sealed.map_err(|interrupted| {
        interrupted.hint("what was written is not a whole stream; run the command again")
    })?
}

async fn seal_to(args: &SealArgs, key: Key, input: Input, target: &Target) -> Result<(), Failure> {
    let mut output = target.open(args.force)?;
    if output.is_terminal() {
        return Err(garbled());
    }
    let new_key_file = match &args.new_key {
        Some(path) => Some(NewKeyFile::create(path, &key.share)?),
        None => None,
    };
    let bar = Bar::new("sealing", input.is_terminal());
    let mut writer = output.writer()?;
    let (share, options) = (key.share.clone(), options(args));
    let sealing = spawn_blocking(move || seal(&share, input.0, &mut writer, options, &bar));
    sealing
        .await
        .map_err(|_| Failure::new(Exit::Failed, "a thread failed"))??;
    key.hand_over()?;
    output.publish()?;
    if let Some(file) = new_key_file {
        file.keep();
    }
    Ok(())
}

/// The key, and whether somebody must be told.
struct Key {
    share: ShareKey,
    printed: bool,
}

impl Key {
    fn of(args: &SealArgs) -> Result<Self, Failure> {
        if let Some(path) = &args.key_file {
            return Ok(Self {
                share: streams::read(path, args.input.as_deref())?,
                printed: false,
            });
        }
        let printed = args.new_key.is_none();
        if printed {
            streams::check_stderr_keeps()?;
        }
        Ok(Self {
            share: ShareKey::generate(&mut rand::rng()),
            printed,
        })
    }

    /// Prints a new key, once the stream is whole and before it has its name: neither is there without the other.
    fn hand_over(&self) -> Result<(), Failure> {
        if self.printed {
            streams::print(&self.share)?;
        }
        Ok(())
    }
}

fn options(args: &SealArgs) -> StreamOptions {
    let mut options = StreamOptions {
        suite: match args.cipher {
            CipherName::Aes256Gcm => Suite::Aes256Gcm,
            CipherName::ChaCha20Poly1305 => Suite::ChaCha20Poly1305,
        },
        ..StreamOptions::default()
    };
    if let Some(threads) = args.threads {
        options.workers = threads.into();
    }
    options
}

fn garbled() -> Failure {
    Failure::usage("a sealed stream is not for a terminal to show")
        .hint("name a file with -o, or send it down a pipe")
}
