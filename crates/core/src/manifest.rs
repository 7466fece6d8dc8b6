//! The manifest: the private list of a share's files and folders, its title and its note.
//!
//! Here it is plain JSON; it travels sealed. There is one text for each manifest, the one that
//! `JSON.stringify` prints, and the reader refuses all others: two readers that would repair
//! different mistakes could be shown different files.

mod padding;
mod path;
mod print;
mod read;
mod rules;
mod scan;
mod seal;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

pub use padding::{MAX_PADDED, MIN_PADDED, PADDED_MULTIPLE, PaddingError, pad, unpad};
pub use path::{MAX_PATH_LEN, PathError, check_path};
pub use rules::{MAX_MEDIA_TYPE_LEN, ManifestError, Place};
pub use scan::{JsonError, JsonErrorKind};
pub use seal::{MAX_SEALED, OpenManifestError};

/// The largest integer of a manifest, 2^53 - 1: above it JavaScript numbers have gaps.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// What a share holds.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Manifest {
    /// The files, in the order of their bytes in the payload.
    pub files: Vec<File>,
    /// Paths of the empty folders. Every other folder follows from its files.
    pub folders: Vec<String>,
    /// The name of the share and of its zip.
    pub title: Option<String>,
    /// The sender's caption.
    pub note: Option<String>,
}

/// One file of a share.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct File {
    /// Where it goes: relative, `/`-separated, see [`check_path`].
    pub path: String,
    /// Its media type, as the sender names it: 1 to 255 printable ASCII characters.
    pub media_type: String,
    /// Bytes of the original file.
    pub size: u64,
    /// Bytes of the payload's plaintext before this file's.
    pub offset: u64,
    /// Bytes that it takes in the payload's plaintext; `size` without a codec.
    pub stored: u64,
    /// How the stored bytes are compressed, if they are.
    pub codec: Option<Codec>,
    /// When it was last changed, in seconds since 1970 (UTC).
    pub modified: Option<i64>,
    /// Whether its owner may run it.
    pub executable: bool,
}

/// How a file's stored bytes are compressed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Codec {
    /// One Brotli stream (RFC 7932), `"br"`.
    Brotli,
    /// One gzip member (RFC 1952), `"gzip"`.
    Gzip,
}

impl Manifest {
    /// Reads what [`Self::print`] wrote: padded JSON that keeps every rule for a payload of
    /// `plaintext_len` bytes of plaintext.
    ///
    /// ```
    /// use onekey_core::manifest::{Manifest, ManifestError, PathError, Place, pad};
    ///
    /// let text = r#"{"files":[{"path":"a.txt","type":"text/plain","size":3,"offset":0,"stored":3}]}"#;
    /// let manifest = Manifest::parse(&pad(text)?, 3)?;
    /// assert_eq!(manifest.files[0].path, "a.txt");
    ///
    /// let hostile = text.replace("a.txt", "../a.txt");
    /// assert_eq!(
    ///     Manifest::parse(&pad(&hostile)?, 3),
    ///     Err(ManifestError::Path { place: Place::File(0), error: PathError::DotComponent })
    /// );
    /// # Ok::<(), ManifestError>(())
    /// ```
    ///
    /// # Errors
    /// [`ManifestError`] names the broken rule and the entry, never a name.
    pub fn parse(padded: &[u8], plaintext_len: u64) -> Result<Self, ManifestError> {
        let manifest = Self::from_json(unpad(padded)?)?;
        manifest.validate(plaintext_len)?;
        Ok(manifest)
    }

    /// Returns the padded JSON of a manifest that keeps every rule, so that no writer seals what
    /// readers refuse.
    ///
    /// ```
    /// use onekey_core::manifest::{File, Manifest, ManifestError};
    ///
    /// let mut manifest = Manifest::default();
    /// assert_eq!(manifest.print(0)?.len(), 4096);
    ///
    /// manifest.files.push(File { path: "a".into(), media_type: "a/b".into(), ..File::default() });
    /// manifest.files[0].offset = 1;
    /// assert_eq!(manifest.print(0), Err(ManifestError::Beyond { entry: 0 }));
    /// # Ok::<(), ManifestError>(())
    /// ```
    ///
    /// # Errors
    /// [`ManifestError`], as [`Self::parse`] would give for the same manifest.
    pub fn print(&self, plaintext_len: u64) -> Result<Vec<u8>, ManifestError> {
        self.validate(plaintext_len)?;
        Ok(pad(&self.to_json())?)
    }

    /// Returns the JSON, without padding and unchecked.
    ///
    /// ```
    /// use onekey_core::manifest::Manifest;
    ///
    /// let manifest = Manifest { note: Some("\u{e9}\n".into()), ..Manifest::default() };
    /// assert_eq!(manifest.to_json(), "{\"files\":[],\"note\":\"\u{e9}\\n\"}");
    /// ```
    pub fn to_json(&self) -> String {
        print::manifest(self)
    }

    /// Reads JSON without padding and checks its form only, not the rules of [`Self::validate`].
    ///
    /// Memory stays within a small multiple of the text, which [`unpad`] bounds.
    ///
    /// ```
    /// use onekey_core::manifest::Manifest;
    ///
    /// assert!(Manifest::from_json(br#"{"files":[],"note":"hi"}"#).is_ok());
    /// assert!(Manifest::from_json(br#"{"files":[], "note":"hi"}"#).is_err(), "white space");
    /// assert!(Manifest::from_json(br#"{"files":[],"note":"\u0068i"}"#).is_err(), "needless escape");
    /// ```
    ///
    /// # Errors
    /// [`JsonError`] for anything but the text that `JSON.stringify` prints for a manifest.
    pub fn from_json(json: &[u8]) -> Result<Self, JsonError> {
        read::manifest(json)
    }

    /// Checks every rule that the JSON's form does not carry already.
    ///
    /// ```
    /// use onekey_core::manifest::{Manifest, ManifestError, Place};
    ///
    /// let mut manifest = Manifest { folders: vec!["a/b".into()], ..Manifest::default() };
    /// assert_eq!(manifest.validate(0), Ok(()));
    ///
    /// manifest.folders.push("a".into());
    /// let place = Place::Folder(1);
    /// assert_eq!(manifest.validate(0), Err(ManifestError::FolderOfAnother { place }));
    /// ```
    ///
    /// # Errors
    /// [`ManifestError`] for the first rule that is broken.
    pub fn validate(&self, plaintext_len: u64) -> Result<(), ManifestError> {
        rules::check(self, plaintext_len)
    }
}

impl fmt::Debug for Manifest {
    // Names, titles and notes are as private as the content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manifest")
            .field("files", &self.files.len())
            .field("folders", &self.folders.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("File(..)")
    }
}

impl Codec {
    /// Returns the name that the manifest uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }
}
