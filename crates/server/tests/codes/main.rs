//! Every code of the protocol, provoked: stable code, status, a sentence, and nothing changed.

#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod complete;
mod create;
mod limits;
mod links;
mod operations;
mod owners;
mod parts;
mod proofs;
mod routes;

use onekey_core::wire::ErrorCode;

/// Codes that no test here provokes, with the reason.
const ELSEWHERE: [(&str, &str); 3] = [
    ("internal", "needs a store that lost bytes: faults.rs"),
    ("unavailable", "needs a store that fails: faults.rs"),
    (
        "quota",
        "daily quotas come with a later step; the code is reserved",
    ),
];

/// Codes that the tests of this file provoke: a test names its code.
const HERE: [&str; 25] = [
    "bad_request",
    "complete_differs",
    "cross_site",
    "digest_mismatch",
    "expired",
    "length_required",
    "link_gone",
    "locator_taken",
    "method_not_allowed",
    "not_found",
    "owner_rejected",
    "part_busy",
    "part_exists",
    "parts_missing",
    "proof_rejected",
    "range_not_satisfiable",
    "revoked",
    "storage_full",
    "too_large",
    "too_many_attempts",
    "too_many_links",
    "upload_secret_rejected",
    "upload_secret_required",
    "used_up",
    "wrong_state",
];

#[test]
fn every_code_is_provoked() {
    let mut tested: Vec<&str> = HERE
        .into_iter()
        .chain(ELSEWHERE.map(|(code, _)| code))
        .collect();
    tested.sort_unstable();
    let mut all: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    all.sort_unstable();
    assert_eq!(tested, all);
    let source = [
        include_str!("complete.rs"),
        include_str!("create.rs"),
        include_str!("limits.rs"),
        include_str!("links.rs"),
        include_str!("owners.rs"),
        include_str!("parts.rs"),
        include_str!("routes.rs"),
    ]
    .concat();
    for code in HERE {
        let named = |line: &str| line.starts_with("async fn ") && line.contains(code);
        assert!(source.lines().any(named), "no test is named for {code}");
    }
}
