//! What `seal` and `unseal` have in common: where bytes come from and go to, and where the key is.

mod input;
mod key;
mod output;
mod text;

pub(super) use input::Input;
pub(super) use key::{NewKeyFile, check_stderr_keeps, print, prompt, read};
pub(super) use output::Target;
pub(super) use text::NotText;
