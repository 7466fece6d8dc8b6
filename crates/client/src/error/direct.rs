//! Why a link cannot be direct.

use onekey_core::wire::MAX_DIRECT_MANIFEST;

/// Why a link cannot be direct. No such link was made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectError {
    /// A file is compressed, and servers inflate nothing.
    #[error(
        "the share was compressed when it was sent, and a server serves directly only what is stored as it is"
    )]
    Compressed,
    /// The sealed list of files is longer than servers open for every request.
    #[error(
        "the share has too many names for a direct link: its sealed list of files may have at most \
         {MAX_DIRECT_MANIFEST} bytes"
    )]
    ManifestTooLarge,
    /// The server has its direct mode switched off.
    #[error("this server opens no links directly")]
    Off,
    /// A password and a key in the path go together nowhere.
    #[error(
        "a direct link cannot have a password: the server, chats and players open it without asking"
    )]
    Password,
}
