//! `onekey completions`.

use clap::Args;
use clap_complete::Shell;

use super::after_help;

const INSTALL: &str = "\
Install:
  bash        in ~/.local/share/bash-completion/completions/onekey
  zsh         as _onekey in a folder of $fpath, before compinit runs
  fish        in ~/.config/fish/completions/onekey.fish
  elvish      in ~/.config/elvish/lib/onekey.elv, with `use onekey` in rc.elv
  powershell  at the end of the file that $PROFILE names

Examples:
  onekey completions fish > ~/.config/fish/completions/onekey.fish
  source <(onekey completions bash)                      (in ~/.bashrc)";

/// Print a script that lets your shell complete onekey's commands and options
#[derive(Args, Debug)]
#[command(after_help = after_help(INSTALL))]
pub(crate) struct CompletionsArgs {
    /// Your shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}
