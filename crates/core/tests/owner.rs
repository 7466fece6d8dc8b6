//! T23: nobody derives the owner's rights from a link.

#![allow(clippy::unwrap_used)]

use onekey_core::header::Header;
use onekey_core::keys::{LinkKey, OwnerSecret, OwnerVerifier, ShareKey};
use onekey_core::link::UnwrapError;
use onekey_core::owner::LabelError;
use onekey_core::password::Password;
use onekey_core::size::ChunkSize;
use onekey_core::{cipher::Suite, keys::OwnerToken};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// Everything that a recipient with link, password and envelope can derive.
fn known_to_a_recipient(link: &LinkKey, share: &ShareKey, header: &Header) -> Vec<[u8; 32]> {
    let password = Password::new("correct horse").unwrap().stretch(link);
    let keys = header.keys(share).unwrap();
    let mut known = vec![
        *link.as_bytes(),
        *share.as_bytes(),
        *password.as_bytes(),
        *keys.payload.as_bytes(),
        *keys.manifest.as_bytes(),
    ];
    for password in [None, Some(&password)] {
        known.push(*link.proof(password).as_bytes());
        known.push(*link.wrap_key(password).as_bytes());
    }
    known
}

#[test]
fn t23_no_value_of_a_recipient_is_an_owner_token() {
    let rng = &mut StdRng::seed_from_u64(23);
    let (link, share) = (LinkKey::generate(rng), ShareKey::generate(rng));
    let owner = OwnerSecret::generate(rng);
    let header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, rng);
    let verifier = OwnerVerifier::of(&owner.token());
    assert!(verifier.accepts(&owner.token()));

    for value in known_to_a_recipient(&link, &share, &header) {
        // As the token itself, and as the secret that the token is derived from.
        assert!(!verifier.accepts(&OwnerToken::from_bytes(value)));
        assert!(!verifier.accepts(&OwnerSecret::from_bytes(value).token()));
    }
}

#[test]
fn t23_the_owner_secret_is_new_whatever_link_and_share_are() {
    let rng = &mut StdRng::seed_from_u64(23);
    let (one, two) = (OwnerSecret::generate(rng), OwnerSecret::generate(rng));
    assert!(one.token() != two.token());
    // And the token does not give the key that opens the owner's envelope.
    assert_ne!(one.token().as_bytes(), one.key().as_bytes());
    let from_token = OwnerSecret::from_bytes(*one.token().as_bytes());
    assert!(from_token.key() != one.key());
}

#[test]
fn what_is_sealed_for_the_owner_is_bound_to_its_place() {
    let rng = &mut StdRng::seed_from_u64(24);
    let share = ShareKey::generate(rng);
    let (owner, other) = (
        OwnerSecret::generate(rng).key(),
        OwnerSecret::generate(rng).key(),
    );
    let header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, rng);
    let other_header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, rng);
    let envelope = owner.wrap(&header, &share, rng);
    assert!(owner.unwrap(&header, &envelope).unwrap() == share);
    assert_eq!(owner.unwrap(&other_header, &envelope), Err(UnwrapError));
    assert_eq!(other.unwrap(&header, &envelope), Err(UnwrapError));

    let (locator, elsewhere) = (
        LinkKey::generate(rng).locator(),
        LinkKey::generate(rng).locator(),
    );
    let label = owner.seal_label(&locator, "for Bob", rng).unwrap();
    assert_eq!(owner.open_label(&locator, &label).unwrap(), "for Bob");
    assert_eq!(
        owner.open_label(&elsewhere, &label),
        Err(LabelError::Rejected)
    );
    assert_eq!(
        other.open_label(&locator, &label),
        Err(LabelError::Rejected)
    );
    let long = "x".repeat(257);
    assert_eq!(
        owner.seal_label(&locator, &long, rng),
        Err(LabelError::TooLong)
    );
}
