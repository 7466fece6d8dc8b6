//! `onekey get`.

mod choice;
mod target;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use onekey_client::{GetError, GetOptions, OpenedShare};

use crate::args::GetArgs;
use crate::exit::Exit;
use crate::link_input;
use crate::message::Failure;
use crate::progress::Bar;
use crate::runtime::Runtime;
use crate::terminal::{self, Pipe, shown, tell};
use crate::units;

use choice::Choice;
use target::Target;

/// Downloads what is behind a link.
pub(super) fn run(args: &GetArgs) -> Result<(), Failure> {
    let text = link_input::read(args.link.as_deref())?;
    let link = link_input::parse_link(&text)?;
    let runtime = Runtime::start()?;
    let share = super::open::open(&runtime, &link, args.password_file.as_deref())?;
    if args.list {
        return Ok(terminal::result(&super::info::words_of_share(&share))?);
    }
    let choice = Choice::of(share.manifest(), &args.files)?;
    let get = Get {
        args,
        runtime,
        share: &share,
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

    const fn options(&self) -> GetOptions {
        GetOptions {
            overwrite: self.args.force,
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
            interrupted.hint("complete files were kept; run the command again for the others")
        })?
        .map_err(|error| self.explain(error))
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
