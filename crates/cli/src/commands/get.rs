//! `onekey get`.

mod choice;
mod place;
mod target;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use onekey_client::{GetError, GetOptions, OpenedShare};
use onekey_core::manifest::Manifest;

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
        Target::Folder(folder) => get.all_or_some(&choice, &folder),
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
            Err(error) => return Err(explain(error, self.share.manifest())),
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

    fn all_or_some(&self, choice: &Choice, folder: &Path) -> Result<(), Failure> {
        let (files, bytes) = match choice.indices() {
            None => {
                let bar = Bar::new("receiving", self.args.quiet);
                let got = self.interruptible(self.share.get_all(folder, self.options(), &bar));
                bar.clear();
                got.map(|got| (got.files.len(), got.bytes))?
            }
            Some(indices) => (indices.len(), self.some_into_folder(indices, folder)?),
        };
        let files = match choice.names().as_slice() {
            [name] => shown(name),
            _ => units::count(files as u64, "file"),
        };
        let folder = match folder.to_string_lossy().as_ref() {
            target::HERE => "this folder".to_owned(),
            folder => shown(folder),
        };
        self.tell_done(&format!("{files} in {folder}"), bytes);
        Ok(())
    }

    /// Every file is taken by the same grant: together they cost one download.
    fn some_into_folder(&self, indices: &[usize], folder: &Path) -> Result<u64, Failure> {
        let files = &self.share.manifest().files;
        let places = indices
            .iter()
            .map(|&index| place::place(folder, &files[index].path));
        let places = places.collect::<Result<Vec<_>, _>>()?;
        // All of them before the first is fetched, which spends a download.
        if let Some(there) = places
            .iter()
            .find(|place| !self.args.force && is_there(place))
        {
            return Err(GetError::Exists(there.clone()).into());
        }
        let mut bytes = 0;
        for (&index, place) in indices.iter().zip(&places) {
            let bar = Bar::new("receiving", self.args.quiet);
            let got = self.interruptible(self.share.get_file(index, place, self.options(), &bar));
            bar.clear();
            bytes += got?.bytes;
        }
        Ok(bytes)
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
            interrupted.hint("complete files were kept; run the command again for the others")
        })?
        .map_err(|error| explain(error, self.share.manifest()))
    }

    fn tell_done(&self, what: &str, bytes: u64) {
        if !self.args.quiet {
            tell(&format!("received {what}, {}", units::size(bytes)));
        }
    }
}

/// A symbolic link counts, wherever it leads.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The client names no file in its errors, as others may log them. Who runs this command may know.
fn explain(error: GetError, manifest: &Manifest) -> Failure {
    let index = index_of(&error);
    let failure = Failure::from(error);
    let files = manifest.files.iter().map(|file| &file.path);
    let name = index.and_then(|index| files.chain(&manifest.folders).nth(index));
    failure.items(name.cloned())
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
