//! `onekey unseal`.

use std::path::PathBuf;

use clap::{Args, value_parser};

use super::after_help;
use super::seal::MAX_THREADS;

const EXAMPLES: &str = "\
The key:
  Without -k onekey asks for it at the terminal. A key file holds its 43
  characters, and a line end at most.

What is written:
  OUT appears when its last byte was checked. To a pipe every byte is checked
  before it is written, but only exit code 0 says that they are all: do not use
  what came before another one. Of a file, its end is checked first.
  To a terminal goes text alone, unless you say `-o -`.

Examples:
  onekey unseal -k backup.key backup.tar.sealed -o backup.tar
  onekey unseal -k photos.key < photos.tar.sealed | tar x
  onekey unseal notes.sealed                             (asks for the key)
  pass show backup | onekey unseal -k - backup.tar.sealed -o backup.tar";

/// Decrypt and check what `seal` wrote
#[derive(Args, Debug)]
#[command(after_help = after_help(EXAMPLES))]
pub(crate) struct UnsealArgs {
    /// What to unseal [default: standard input, as `-`]
    #[arg(value_name = "IN")]
    pub(crate) input: Option<PathBuf>,

    /// Where to write [default: standard output, as `-`]
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,

    /// Take the key from a file, or from standard input with `-`
    #[arg(short, long, value_name = "KEYFILE")]
    pub(crate) key_file: Option<PathBuf>,

    /// Overwrite OUT if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// How many threads work [default: as many as the processor has cores, at most 8]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=MAX_THREADS))]
    pub(crate) threads: Option<u16>,
}
