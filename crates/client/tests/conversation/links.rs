//! Several links of one share.

use onekey_client::{LinksError, NewLinkOptions};
use onekey_core::owner::LabelError;
use onekey_core::wire::{ChangeLink, LinkState};
use serde_json::json;

use super::*;

fn labelled(label: &str) -> NewLinkOptions {
    NewLinkOptions {
        label: Some(label.to_owned()),
        ..NewLinkOptions::default()
    }
}

#[tokio::test]
async fn an_added_link_opens_what_the_first_one_does() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 100_000)]).await;
    let client = fake.client();
    let password = Password::new("correct horse").unwrap();
    let options = NewLinkOptions {
        expires_in: Some(Some(600)),
        label: Some("für Bob".to_owned()),
        max_downloads: Some(2),
        password: Some(password.clone()),
        direct: false,
    };
    let added = client.add_link(&shared.manage_link, options).await.unwrap();
    assert_eq!(
        (added.expires_at, added.max_downloads),
        (Some(600), Some(2))
    );
    assert_eq!(added.link.server, shared.link.server);
    assert_ne!(added.link.key.locator(), shared.link.key.locator());

    let error = client.open(&added.link, None).await.unwrap_err();
    assert!(matches!(error, OpenError::PasswordRequired));
    let opened = client.open(&added.link, Some(&password)).await.unwrap();
    let mut received = Vec::new();
    let written = opened.write_file(0, &mut received, &NoProgress).await;
    written.unwrap();
    assert!(received == noise(100_000));
    open_link(&fake, &shared.link).await;

    let links = client.links(&shared.manage_link).await.unwrap();
    let labels: Vec<_> = links.iter().map(|link| link.label.clone()).collect();
    assert_eq!(labels, [None, Some(Ok("für Bob".to_owned()))]);
    assert_eq!(links[1].locator, added.link.key.locator());
}

#[tokio::test]
async fn a_link_without_an_end_of_its_own_gets_what_the_server_proposes() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 1)]).await;
    let (client, manage) = (fake.client(), &shared.manage_link);
    let added = client.add_link(manage, NewLinkOptions::default());
    assert_eq!(added.await.unwrap().expires_at, Some(7 * 86_400));
    let never = NewLinkOptions {
        expires_in: Some(None),
        ..NewLinkOptions::default()
    };
    let added = fake.client().add_link(manage, never).await.unwrap();
    assert_eq!(added.expires_at, None);
}

#[tokio::test]
async fn a_link_whose_answer_was_lost_is_added_once() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 1)]).await;
    let client = fake.client();
    fake.fail("add_link", [Fault::LoseAnswer]);
    let added = client.add_link(&shared.manage_link, labelled("x"));
    let added = added.await.unwrap();
    assert_eq!(added.expires_at, Some(7 * 86_400));
    assert_eq!((fake.count("add_link"), fake.state().added.len()), (2, 1));
    open_link(&fake, &added.link).await;

    // One that the share does not list is another's.
    fake.fail("add_link", [Fault::Code(ErrorCode::LocatorTaken)]);
    let added = client.add_link(&shared.manage_link, labelled("x"));
    let error = added.await.unwrap_err();
    let LinksError::Api(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.code(), Some(ErrorCode::LocatorTaken));
}

#[tokio::test]
async fn nothing_is_wrapped_for_what_the_owner_did_not_make() {
    for damage in ["header", "envelope", "suite", "none"] {
        let fake = Fake::start().await;
        let shared = send(&fake, &[("a", 1)]).await;
        {
            let mut state = fake.state();
            let create = state.create.as_mut().unwrap();
            match damage {
                // Behind what the envelope is bound to: only the commitment notices.
                "header" => create.header[60] ^= 1,
                "envelope" => create.owner_envelope.as_mut().unwrap()[20] ^= 1,
                "suite" => create.header[9] = 2,
                _ => create.owner_envelope = None,
            }
        }
        let client = fake.client();
        let added = client.add_link(&shared.manage_link, labelled("x"));
        let error = added.await.unwrap_err();
        match damage {
            "suite" => assert!(matches!(error, LinksError::UnsupportedSuite)),
            "none" => assert!(matches!(error, LinksError::NoOwnerEnvelope)),
            _ => assert_eq!(error.exit_kind(), Kind::Damaged, "{damage}: {error}"),
        }
        assert_eq!(fake.count("add_link"), 0);
    }
}

#[tokio::test]
async fn labels_are_bound_to_their_links_and_to_their_owner() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 1)]).await;
    let client = fake.client();
    for label in ["one", "two"] {
        let added = client.add_link(&shared.manage_link, labelled(label));
        added.await.unwrap();
    }
    {
        let mut state = fake.state();
        let moved = state.added[0].label.clone();
        state.added[1].label = moved;
    }
    let links = client.links(&shared.manage_link).await.unwrap();
    assert_eq!(links[1].label, Some(Ok("one".to_owned())));
    assert_eq!(links[2].label, Some(Err(LabelError::Rejected)));

    let long = client.add_link(&shared.manage_link, labelled(&"x".repeat(257)));
    let error = long.await.unwrap_err();
    assert!(matches!(error, LinksError::Label(LabelError::TooLong)));
    assert_eq!(fake.count("add_link"), 2);
}

#[tokio::test]
async fn changes_send_only_what_changes() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 1)]).await;
    let (client, manage) = (fake.client(), &shared.manage_link);
    let locator = shared.link.key.locator();
    for change in [
        ChangeLink {
            max_downloads: Some(Some(5)),
            expires_in: None,
        },
        ChangeLink {
            max_downloads: None,
            expires_in: Some(None),
        },
        ChangeLink::default(),
    ] {
        client.change_link(manage, &locator, &change).await.unwrap();
    }
    assert_eq!(
        fake.state().changes,
        [
            json!({"max_downloads": 5}),
            json!({"expires_in": null}),
            json!({})
        ]
    );
    fake.fail("revoke_link", [Fault::LoseAnswer]);
    client.revoke_link(manage, &locator).await.unwrap();
    assert_eq!(fake.count("revoke_link"), 2);
    let links = client.links(manage).await.unwrap();
    assert_eq!(links[0].state, LinkState::Revoked);
}
