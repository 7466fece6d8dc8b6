//! What a link is asked for, by `put` for the first one and by `link add` for another.

use std::path::PathBuf;

use clap::Args;
use onekey_core::password::Password;

use crate::message::Failure;
use crate::password;
use crate::units::{Expiry, parse_count, parse_expiry};

/// Limits, password and label of a new link, and what happens to it here.
#[derive(Args)]
pub(crate) struct NewLinkArgs {
    /// How long the link lives: 90s, 10m, 12h, 7d or never [default: as the server proposes]
    #[arg(long, value_name = "TIME", value_parser = parse_expiry)]
    pub(crate) expires: Option<Expiry>,

    /// How many downloads the link is good for [default: any number]
    #[arg(long, value_name = "N", value_parser = parse_count)]
    pub(crate) downloads: Option<u64>,

    /// Ask for a password that receivers must know besides the link
    ///
    /// It is asked for at the terminal, or taken from ONEKEY_PASSWORD. It cannot stand on the
    /// command line, where other users of this machine could read it.
    #[arg(long)]
    pub(crate) password: bool,

    /// Read the password from a file that holds nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "password")]
    pub(crate) password_file: Option<PathBuf>,

    /// Make a direct link: browsers show what it opens, players play it, curl fetches it
    ///
    /// The key is then a part of the address, and the server gets it with every request: whoever runs
    /// it can read the whole share. Chats that show a preview fetch the file and keep a copy. The
    /// private form of the link is shown as well: it opens the same, and gives the server no key.
    /// There is no password with it, and nothing is compressed: servers inflate nothing.
    #[arg(long)]
    pub(crate) direct: bool,

    /// Your own name for the link, which only the manage link can read
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: Option<String>,

    /// Keep the link out of the history that `onekey ls` shows; ONEKEY_HISTORY=off does so for good
    #[arg(long)]
    pub(crate) no_history: bool,

    /// Also show the link as a QR code, on standard error
    #[arg(long)]
    pub(crate) qr: bool,
}

impl NewLinkArgs {
    /// Tells whether receivers must know a password.
    pub(crate) const fn wants_password(&self) -> bool {
        self.password || self.password_file.is_some()
    }

    /// Refuses a direct link with a password.
    ///
    /// # Errors
    /// [`Failure`] that says why.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.direct && self.wants_password() {
            return Err(Failure::usage(
                "--direct takes no password: the server, chats and players open a direct link without asking for one",
            )
            .hint("leave --direct out to have a password, or the password to have a direct link"));
        }
        Ok(())
    }

    /// Takes the password from where it is, or asks for it.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be one.
    pub(crate) fn choose_password(&self) -> Result<Option<Password>, Failure> {
        let choose = || password::choose(self.password_file.as_deref());
        self.wants_password().then(choose).transpose()
    }
}
