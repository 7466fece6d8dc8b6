//! The URLs that people pass around: a server's, a link's, a manage link's.
//!
//! ```text
//! server    https://HOST[:PORT][/prefix]
//! private   https://HOST/s#KEY
//! direct    https://HOST/KEY   https://HOST/KEY.png   https://HOST/KEY/any%20name.png
//! manage    https://HOST/manage/SHARE#SECRET
//! ```
//!
//! Links forgive what happens to a text between two people: white space or angle brackets around
//! it, `/s/` for `/s`, `%23` for `#`, a query that a site added. A key is never repaired.
//! Only a server's URL has `Display`. The others are secrets: they print by `to_url`, and they have
//! no `FromStr`, because argument parsers echo what they cannot parse.

mod link;
mod manage;
mod percent;
mod server;
mod suffix;
mod text;

pub use link::{Form, Link, ParseLinkError, split_key};
pub use manage::{ManageLink, ParseManageLinkError};
pub use server::{ParseServerUrlError, Scheme, ServerUrl};
pub use suffix::{MAX_EXTENSION, Suffix, SuffixError};
