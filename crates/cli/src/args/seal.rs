//! `onekey seal`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, value_parser};

use super::after_help;

/// Most threads that may be asked for: more processors than most machines have, and 64 MiB of buffers.
pub(super) const MAX_THREADS: i64 = 64;

const EXAMPLES: &str = "\
The key:
  Without -k and --new-key a new key is printed on standard error, alone on a
  line if that is no terminal: `2> FILE` keeps it. Nobody can unseal without it,
  and nobody can make it again. A key file holds its 43 characters.
  Take a new key for each stream: who stores two of one key can give you one in
  place of the other.

What is written:
  OUT appears when it is whole. Nothing is written to a terminal. The format is
  docs/format.md: a header, then chunks that are bound to their place and end.

Examples:
  onekey seal backup.tar -o backup.tar.sealed --new-key backup.key
  onekey seal notes.txt -o notes.sealed                  (prints the key)
  tar c photos | onekey seal -k photos.key > photos.tar.sealed";

/// Encrypt a file or a pipe with a key, without a server
///
/// `unseal` opens it with the same key. Its name is not in it, and its length shows.
#[derive(Args, Debug)]
#[command(after_help = after_help(EXAMPLES))]
pub(crate) struct SealArgs {
    /// What to seal [default: standard input, as `-`]
    #[arg(value_name = "IN")]
    pub(crate) input: Option<PathBuf>,

    /// Where to write [default: standard output, as `-`]
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,

    /// Take the key from a file, or from standard input with `-`
    #[arg(short, long, value_name = "KEYFILE")]
    pub(crate) key_file: Option<PathBuf>,

    /// Make a key and keep it in a new file that you alone can read
    #[arg(long, value_name = "KEYFILE", conflicts_with = "key_file")]
    pub(crate) new_key: Option<PathBuf>,

    /// Overwrite OUT if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// The cipher; `unseal` finds out by itself
    #[arg(long, value_enum, default_value_t = CipherName::Aes256Gcm)]
    pub(crate) cipher: CipherName,

    /// How many threads work [default: as many as the processor has cores, at most 8]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=MAX_THREADS))]
    pub(crate) threads: Option<u16>,
}

/// A cipher as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CipherName {
    /// The fastest on most processors
    #[value(name = "aes-256-gcm")]
    Aes256Gcm,
    /// The fastest on processors without instructions for AES
    #[value(name = "chacha20-poly1305")]
    ChaCha20Poly1305,
}
