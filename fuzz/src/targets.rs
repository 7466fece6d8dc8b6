//! The targets, one a file.

mod base64url;
mod chunks;
mod decryptor;
mod header;
mod link;
mod manifest;
mod message;
pub(crate) mod multipart;
mod range;
mod sealed_manifest;
pub(crate) mod wire;

use crate::Reached;
pub(crate) use header::with_commitment;

/// One thing to fuzz.
#[derive(Debug)]
pub struct Target {
    /// Its name, and its corpus' folder.
    pub name: &'static str,
    /// Runs it once; a panic is a finding.
    pub run: fn(&[u8], &mut Reached),
    /// The places that seeds and their mutations must get to.
    pub reaches: &'static [&'static str],
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target {
        name: "base64url",
        run: base64url::run,
        reaches: &["base64url::decode_vec", "base64url::decode"],
    },
    Target {
        name: "chunks",
        run: chunks::run,
        reaches: &[
            "Decryptor::decrypt_last of all",
            "Decryptor::decrypt_next refuses",
            "PayloadCipher::decrypt_chunk out of order",
        ],
    },
    Target {
        name: "decryptor",
        run: decryptor::run,
        reaches: &["Decryptor::decrypt_next", "Decryptor::decrypt_last"],
    },
    Target {
        name: "header",
        run: header::run,
        reaches: &["Header::parse", "Header::keys"],
    },
    Target {
        name: "link",
        run: link::run,
        reaches: &[
            "Link::to_url",
            "Suffix::name",
            "ManageLink::to_url",
            "ServerUrl::prefix",
        ],
    },
    Target {
        name: "manifest",
        run: manifest::run,
        reaches: &[
            "print::manifest",
            "rules::check accepts",
            "rules::check refuses paths",
        ],
    },
    Target {
        name: "message",
        run: message::run,
        reaches: &[
            "OwnerKey::open_label",
            "WrapKey::unwrap",
            "OwnerKey::unwrap",
        ],
    },
    Target {
        name: "multipart",
        run: multipart::run,
        reaches: &[
            "Event::End",
            "Field::file_name",
            "Field::name",
            "MultipartError::Cut",
        ],
    },
    Target {
        name: "range",
        run: range::run,
        reaches: &[
            "Requested::Part",
            "Requested::Unsatisfiable",
            "Requested::Whole",
        ],
    },
    Target {
        name: "sealed_manifest",
        run: sealed_manifest::run,
        reaches: &["rules::check accepts", "rules::check refuses"],
    },
    Target {
        name: "wire",
        run: wire::run,
        reaches: wire::BODIES,
    },
];
