//! The page: HTML, modules, styles and the service worker, embedded in the program or read from a folder.
//!
//! Assets stand under a folder that the hash of all of them names, so that they may be kept for ever. HTML and the
//! service worker have fixed names and hold that folder's relative address, as the server may stand behind any prefix.

mod disk;
mod embedded;
mod encoding;
mod imports;
mod names;
pub(crate) mod policy;
mod template;

use std::path::{Path, PathBuf};

use bytes::Bytes;

pub(crate) use encoding::Encoding;
pub(crate) use template::Form;

/// The folder's name where the page is read from disk: nothing is kept, so it need not change.
const DISK_FOLDER: &str = "dev";

/// A page of HTML.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Page {
    Escaped,
    Manage,
    Open,
    Send,
    Tools,
    Upload,
}

/// The plain upload form, for every page that has a place for it.
const FORM: &str = "html/upload-form.html";

impl Page {
    /// Returns its file.
    fn file(self) -> &'static str {
        match self {
            Self::Escaped => "html/escaped.html",
            Self::Manage => "html/manage.html",
            Self::Open => "html/open.html",
            Self::Send => "html/send.html",
            Self::Tools => "html/tools.html",
            Self::Upload => "html/upload.html",
        }
    }
}

/// An asset, ready to be sent.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) bytes: Bytes,
    pub(crate) encoding: Encoding,
    pub(crate) media_type: &'static str,
    /// Whether its name will never mean other bytes.
    pub(crate) immutable: bool,
}

/// A file that the folder of `--web-dir` lacks.
#[derive(Debug, thiserror::Error)]
#[error("the folder of --web-dir has no readable {0}")]
pub(crate) struct Missing(&'static str);

/// Returns the types of all assets.
pub(crate) fn media_types() -> impl Iterator<Item = &'static str> {
    names::TYPES.iter().map(|(_, media_type)| *media_type)
}

/// Where the page comes from.
#[derive(Debug)]
pub(crate) enum Web {
    /// A folder of the machine, read at each request.
    Disk(PathBuf),
    /// The program.
    Embedded,
}

impl Web {
    pub(crate) fn new(folder: Option<&Path>) -> Self {
        folder.map_or(Self::Embedded, |folder| Self::Disk(folder.into()))
    }

    /// Returns the name of the assets' folder.
    pub(crate) fn folder(&self) -> &'static str {
        match self {
            Self::Disk(_) => DISK_FOLDER,
            Self::Embedded => embedded::FOLDER,
        }
    }

    /// Returns the asset `name` of `folder`, in `encoding` if it is kept in that.
    pub(crate) async fn asset(
        &self,
        folder: &str,
        name: &str,
        encoding: Encoding,
    ) -> Option<Asset> {
        if folder != self.folder() {
            return None;
        }
        match self {
            Self::Disk(root) => {
                let (root, name) = (root.clone(), name.to_owned());
                let media_type = names::media_type(&name)?;
                let bytes = off_thread(move || disk::asset(&root, &name)).await?;
                Some(Asset {
                    bytes: bytes.into(),
                    encoding: Encoding::Identity,
                    media_type,
                    immutable: false,
                })
            }
            Self::Embedded => {
                let (bytes, encoding) = embedded::asset(name)?.in_encoding(encoding);
                Some(Asset {
                    bytes: Bytes::from_static(bytes),
                    encoding,
                    media_type: names::media_type(name)?,
                    immutable: true,
                })
            }
        }
    }

    /// Returns `page` for an address from which `up` leads to the server's root, with `form` where it has a place for that.
    pub(crate) async fn page(
        &self,
        page: Page,
        up: &str,
        form: Option<Form>,
    ) -> Result<String, Missing> {
        let text = self.text(page.file(), up).await?;
        if !text.contains(template::FORM) {
            return Ok(text);
        }
        match form {
            Some(form) => Ok(form.put_into(&text, &self.text(FORM, up).await?)),
            None => Ok(text.replace(template::FORM, "")),
        }
    }

    /// Returns the service worker, which stands one folder below the server's root.
    pub(crate) async fn service_worker(&self) -> Result<String, Missing> {
        self.text(names::SERVICE_WORKER, "../").await
    }

    async fn text(&self, file: &'static str, up: &str) -> Result<String, Missing> {
        let assets = format!("{up}assets/{}", self.folder());
        match self {
            Self::Disk(root) => {
                let root = root.clone();
                let template = off_thread(move || disk::template(&root, file)).await;
                let (text, preload) = template.ok_or(Missing(file))?;
                let preload: Vec<&str> = preload.iter().map(String::as_str).collect();
                Ok(template::filled(&text, &assets, &preload))
            }
            Self::Embedded => {
                let (text, preload) = embedded::template(file).ok_or(Missing(file))?;
                Ok(template::filled(text, &assets, preload))
            }
        }
    }
}

/// Reads a file where waiting for the disk holds up nobody.
async fn off_thread<T: Send + 'static>(
    read: impl FnOnce() -> Option<T> + Send + 'static,
) -> Option<T> {
    tokio::task::spawn_blocking(read).await.ok().flatten()
}
