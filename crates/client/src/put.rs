//! Sending: plan, encrypt, send, complete.

mod compress;
mod journal;
mod plaintext;
mod plan;
mod records;
mod resume;
mod run;
mod seal;
mod secrets;
mod upload;

use std::sync::Arc;

use compress::Large;
use onekey_core::keys::ShareId;
use onekey_core::password::Password;
use onekey_core::url::{Link, ManageLink};
use plaintext::Layout;
use run::Put;

pub(crate) use compress::WHOLE as COMPRESS_WHOLE;
pub use resume::{ResumeState, Resumed, StartedOver};

use crate::client::Client;
use crate::error::PutError;
use crate::new_link::{NewLink, check_label, check_mode, check_no_password};
use crate::progress::Progress;
use crate::sources::{Content, Sources};

/// What the first link of a share allows, and what the share says of itself.
#[derive(Clone, Debug)]
pub struct PutOptions {
    /// Seconds until the link ends: `None` is what the server proposes, `Some(None)` is never.
    pub expires_in: Option<Option<u64>>,
    /// Downloads in all, or `None` for no cap.
    pub max_downloads: Option<u64>,
    /// What a receiver must know beside the link.
    pub password: Option<Password>,
    /// The share's name.
    pub title: Option<String>,
    /// The share's caption.
    pub note: Option<String>,
    /// Whether zeros hide the exact size: `None` is yes, but for a direct link no, as its server reads the files anyhow.
    pub pad: Option<bool>,
    /// Whether files are compressed, those that get smaller by it; on by default. A reader never is, and nothing with a
    /// direct link.
    pub compress: bool,
    /// Whether the link opens directly as well: who asks for [`PutShare::direct_link`] gives the server the key, and the
    /// server decrypts. Off by default. Such a link has no password.
    pub direct: bool,
    /// The owner's name for the link, which only the owner can read.
    pub label: Option<String>,
    /// Keeps what is needed to continue after a crash, and continues. Off by default; a reader cannot be continued.
    /// When the put is done, call [`ResumeState::forget`].
    pub state: Option<ResumeState>,
}

/// A share that is up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutShare {
    /// Opens the share, and gives the server no key.
    pub link: Link,
    /// The same link in its direct form, if [`PutOptions::direct`] asked for it: of one file it ends like the file's name.
    pub direct_link: Option<Link>,
    /// Changes and deletes it.
    pub manage_link: ManageLink,
    /// Its name on the server.
    pub share: ShareId,
    /// When the link ends, in Unix seconds, or `None` for never.
    pub expires_at: Option<i64>,
    /// Downloads in all, or `None` for no cap.
    pub max_downloads: Option<u64>,
    /// Sum of the files' sizes.
    pub size: u64,
    /// Paths in the share and sizes.
    pub files: Vec<(String, u64)>,
}

impl Default for PutOptions {
    fn default() -> Self {
        Self {
            expires_in: None,
            max_downloads: None,
            password: None,
            title: None,
            note: None,
            pad: None,
            compress: true,
            direct: false,
            label: None,
            state: None,
        }
    }
}

impl PutOptions {
    pub(crate) fn pads(&self) -> bool {
        self.pad.unwrap_or(!self.direct)
    }

    /// Servers inflate nothing, and a range of what is stored as it is costs no more than itself.
    pub(crate) const fn compresses(&self) -> bool {
        self.compress && !self.direct
    }
}

impl Client {
    /// Sends files as a new share with one link.
    ///
    /// # Errors
    /// [`PutError`]. What was sent is taken back then, and also when this future is dropped. With
    /// [`PutOptions::state`] it stays where another put can continue it: when the server cannot be reached, and when
    /// this future is dropped.
    pub async fn put(
        &self,
        sources: Sources,
        options: PutOptions,
        progress: &dyn Progress,
    ) -> Result<PutShare, PutError> {
        check_label(options.label.as_deref())?;
        check_no_password(options.direct, options.password.as_ref())?;
        let server = self.server().await?;
        check_mode(options.direct, &server)?;
        let put = Put {
            client: &self.inner,
            link: NewLink::new(options.password.as_ref()),
            server,
            parts_sent: false,
            large: Large::Streamed,
            options,
            folders: sources.folders,
            roots: sources.roots,
            progress,
        };
        let share = match sources.content {
            Content::Files(files) => {
                let layout = Arc::new(Layout::new(files, put.options.pads()));
                put.files(&layout).await?
            }
            Content::Reader { name, reader } => put.reader(name, reader).await?,
        };
        progress.finish();
        Ok(share)
    }
}
