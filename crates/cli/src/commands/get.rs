//! `onekey get`.

mod choice;
mod target;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use onekey_client::{GetError, GetOptions, GetState, Kind, OpenedShare};

use crate::args::GetArgs;
use crate::exit::Exit;
use crate::folders;
use crate::link_input;
use crate::message::Failure;
use crate::progress::Bar;
use crate::runtime::Runtime;
use crate::terminal::{self, Pipe, shown, tell};
use crate::units;

use choice::Choice;
use target::Target;

/// Not the command itself: a link may stand in it.
const CONTINUE: &str = "run the same command again to continue: what arrived is kept, and no further download is spent";

const ELSEWHERE: &str = "a download of it was cut off: the same command as then, with the same -o and --file, continues it";

/// Downloads what is behind a link.
pub(super) fn run(args: &GetArgs) -> Result<(), Failure> {
    let text = link_input::read(args.link.as_deref())?;
    let link = link_input::parse_link(&text)?;
    let runtime = Runtime::start()?;
    let state = folders::state().filter(|_| !args.list).map(GetState::new);
    let password = args.password_file.as_deref();
    let (share, opened_again) = super::open::open(&runtime, &link, password, state.as_ref())?;
    if args.list {
        return Ok(terminal::result(&super::info::words_of_share(&share))?);
    }
    let choice = if args.files.is_empty() {
        let named: Vec<_> = share.named().map(str::to_owned).into_iter().collect();
        Choice::of(share.manifest(), &named)?
    } else {
        Choice::of(share.manifest(), &args.files)?
    };
    let get = Get {
        args,
        runtime,
        share: &share,
        state,
        opened_again,
    };
    match Target::of(args.output.as_deref(), &choice)? {
        Target::Stdout(index) => get.write(index),
        Target::File(index, path) => get.one(index, &path),
        Target::Folder(folder) => get.named_files(&choice, &folder),
    }
}

struct Get<'a> {
    args: &'a GetArgs,
    runtime: Runtime,
    share: &'a OpenedShare,
    state: Option<GetState>,
    /// Whether the link has ended, and what an earlier get kept opened it.
    opened_again: bool,
}

impl Get<'_> {
    fn write(&self, index: usize) -> Result<(), Failure> {
        let mut pipe = Pipe::stdout();
        // A bar would be drawn into the text.
        let bar = Bar::new("receiving", self.args.quiet || io::stdout().is_terminal());
        let transfer = self.share.write_file(index, &mut pipe, &bar);
        let written = self.runtime.wait_or_exit(transfer);
        let flushed = pipe.flush();
        bar.clear();
        if pipe.closed {
            return Ok(());
        }
        match written {
            Err(GetError::Io { source, .. }) => return Err(source.into()),
            Err(error) => return Err(self.explain(error)),
            Ok(_) => {}
        }
        Ok(flushed?)
    }

    fn one(&self, index: usize, path: &Path) -> Result<(), Failure> {
        target::check_folder_of(path)?;
        let bar = Bar::new("receiving", self.args.quiet);
        let got = self.interruptible(self.share.get_file(index, path, self.options(), &bar));
        bar.clear();
        let got = got?;
        self.tell_done(&shown(&path.to_string_lossy()), got.bytes);
        Ok(())
    }

    fn named_files(&self, choice: &Choice, folder: &Path) -> Result<(), Failure> {
        let bar = Bar::new("receiving", self.args.quiet);
        let options = self.options();
        let got = match choice.indices() {
            None => self.interruptible(self.share.get_all(folder, options, &bar)),
            Some(chosen) => self.interruptible(self.share.get_files(chosen, folder, options, &bar)),
        };
        bar.clear();
        let got = got?;
        let files = match choice.names().as_slice() {
            [name] => shown(name),
            _ => units::count(got.files.len() as u64, "file"),
        };
        let folder = match folder.to_string_lossy().as_ref() {
            target::HERE => "this folder".to_owned(),
            folder => shown(folder),
        };
        self.tell_done(&format!("{files} in {folder}"), got.bytes);
        Ok(())
    }

    fn options(&self) -> GetOptions {
        GetOptions {
            overwrite: self.args.force,
            state: self.state.clone(),
        }
    }

    fn interruptible<T>(
        &self,
        transfer: impl Future<Output = Result<T, GetError>>,
    ) -> Result<T, Failure> {
        let done = self.runtime.wait_or_interrupt(transfer);
        done.map_err(|interrupted| {
            // A thread may still be writing the file that is not complete.
            self.runtime.wait(self.share.settle());
            if self.is_kept() {
                interrupted.hint(CONTINUE)
            } else {
                interrupted.hint("complete files were kept; run the command again for the others")
            }
        })?
        .map_err(|error| {
            let is_passing = matches!(error, GetError::Api(_) | GetError::Cancelled);
            let is_over = error.exit_kind() == Kind::Gone;
            let failure = self.explain(error);
            if is_passing && self.is_kept() {
                failure.hint(CONTINUE)
            } else if is_over && self.opened_again {
                failure.hint(ELSEWHERE)
            } else {
                failure
            }
        })
    }

    fn is_kept(&self) -> bool {
        self.state.as_ref().is_some_and(GetState::is_kept)
    }

    /// The client names no file in its errors, as others may log them. Who runs this command may know.
    fn explain(&self, error: GetError) -> Failure {
        if self.args.force
            && let GetError::Exists(path) = &error
        {
            return Failure::new(
                Exit::Failed,
                format!("{} is in the way and is not replaced", path.display()),
            )
            .hint("--force replaces files, but no folder and nothing by a folder: write elsewhere with -o");
        }
        let manifest = self.share.manifest();
        let index = index_of(&error);
        let failure = Failure::from(error);
        let files = manifest.files.iter().map(|file| &file.path);
        let name = index.and_then(|index| files.chain(&manifest.folders).nth(index));
        failure.items(name.cloned())
    }

    fn tell_done(&self, what: &str, bytes: u64) {
        if !self.args.quiet {
            tell(&format!("received {what}, {}", units::size(bytes)));
        }
    }
}

const fn index_of(error: &GetError) -> Option<usize> {
    use onekey_client::DamageError::{Codec, DecodedSize};

    match error {
        GetError::Io { index, .. } => *index,
        GetError::UnsafeName { index, .. }
        | GetError::Damaged(Codec { index } | DecodedSize { index }) => Some(*index),
        _ => None,
    }
}

/// `-o -` takes one file.
fn not_one_file(choice: &Choice) -> Failure {
    let failure = Failure::new(
        Exit::Usage,
        format!(
            "`-o -` writes one file, and the share has {}",
            choice.words()
        ),
    );
    failure
        .items(choice.names())
        .hint("choose one with --file NAME, or leave -o out to write them all into this folder")
}
