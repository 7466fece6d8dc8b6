//! The protocol's bodies: what is accepted prints as a text that reads the same.

use std::fmt::Debug;

use onekey_core::wire::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::Reached;

/// The smoke run compares this list with the types in the core's `wire/`.
macro_rules! bodies {
    ($($body:ident),*) => {
        /// The bodies' names.
        pub(crate) const BODIES: &[&str] = &[$(stringify!($body)),*];

        pub(super) fn run(data: &[u8], reached: &mut Reached) {
            $(round_trip::<$body>(stringify!($body), data, reached);)*
        }
    };
}

bodies!(
    ChangeLink,
    ChangeShare,
    CompleteUpload,
    CreateUpload,
    ErrorBody,
    ErrorDetail,
    GrantCreated,
    LinkAdded,
    LinkDescription,
    LinkOpened,
    NewLink,
    ServerDescription,
    ShareDescription,
    SharedLink,
    UploadCompleted,
    UploadCreated,
    UploadStatus
);

fn round_trip<T>(name: &'static str, data: &[u8], reached: &mut Reached)
where
    T: Debug + DeserializeOwned + PartialEq + Serialize,
{
    let Ok(body) = serde_json::from_slice::<T>(data) else {
        return;
    };
    reached.mark(name);
    let printed = serde_json::to_string(&body).expect("a body prints");
    let again = serde_json::from_str::<T>(&printed).expect("what is printed is accepted");
    assert_eq!(again, body);
}
