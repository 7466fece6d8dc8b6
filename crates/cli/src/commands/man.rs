//! `onekey man`.

use std::fs;
use std::io;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use roff::{Roff, roman};

use crate::args::{self, ManArgs};
use crate::message::Failure;
use crate::terminal;

/// What the pages are part of.
const SOURCE: &str = concat!("onekey ", env!("CARGO_PKG_VERSION"));

/// Writes manual pages.
pub(super) fn run(args: &ManArgs) -> Result<(), Failure> {
    let mut command = args::definition();
    // Names of pages are made from the names of all commands above.
    command.build();
    match &args.output {
        Some(folder) => into(&command, folder),
        None => Ok(terminal::results(&page(&command)?)?),
    }
}

fn into(command: &Command, folder: &Path) -> Result<(), Failure> {
    let written = fs::create_dir_all(folder).and_then(|()| write_all(command, folder));
    written.map_err(|error| {
        Failure::io(&format!("cannot write into {}", folder.display()), &error)
            .hint("name a folder that is yours to write with -o")
    })
}

/// Writes the page of a command and of those below it.
fn write_all(command: &Command, folder: &Path) -> io::Result<()> {
    let name = Man::new(command.clone()).get_filename();
    fs::write(folder.join(name), page(command)?)?;
    command
        .get_subcommands()
        .try_for_each(|below| write_all(below, folder))
}

/// Returns a page as clap's definitions give it, and what follows the options in the help with its lines kept.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone()).source(SOURCE);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let behind = command.get_after_help().map(ToString::to_string);
    page.extend_from_slice(sections(&behind.unwrap_or_default()).as_bytes());
    Ok(page)
}

/// Returns sections: a line without indentation is a heading, what follows is an example or a table.
fn sections(text: &str) -> String {
    let mut roff = Roff::new();
    let mut open = false;
    for line in text.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("  ") {
            Some(line) => {
                roff.text([roman(line)]);
            }
            None => {
                if open {
                    roff.control("fi", []);
                }
                open = true;
                roff.control("SH", [line.trim_end_matches(':').to_uppercase().as_str()]);
                roff.control("nf", []);
            }
        }
    }
    if open {
        roff.control("fi", []);
    }
    roff.to_roff()
}
