//! What a direct link means, in plain words.

use onekey_core::url::Link;

use crate::terminal::tell;

/// Tells who can read the share, and the link's private form.
pub(super) fn tell_meaning(private: &Link, max_downloads: Option<u64>) {
    tell(
        "direct link  whoever runs the server can read the whole share: the link gives it the key;",
    );
    tell("             chats that show a preview fetch the file and keep a copy");
    if max_downloads.is_some() {
        tell("             as downloads are counted it opens a button first, so nothing embeds it");
    }
    tell(&format!("private link {}", private.to_url()));
    tell("             opens the same share and gives the server no key");
}
