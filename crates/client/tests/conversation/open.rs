//! Opening, and what errors say.

use super::*;

#[tokio::test]
async fn retry_after_beyond_the_bound_is_reported() {
    let fake = Fake::start().await;
    fake.fail("server", [Fault::CodeAfter(ErrorCode::Unavailable, 3600)]);
    let error = fake.client().server().await.unwrap_err();
    assert!(matches!(
        error,
        ApiError::Refused {
            retry_after: Some(3600),
            ..
        }
    ));
    assert_eq!(fake.count("server"), 1);
}

#[tokio::test]
async fn passwords() {
    let fake = Fake::start().await;
    let source = folder(&[("a", 10)]);
    let password = Password::new("correct horse").unwrap();
    let options = PutOptions {
        password: Some(password.clone()),
        ..PutOptions::default()
    };
    let client = fake.client();
    let shared = client
        .put(sources(&source), options, &NoProgress)
        .await
        .unwrap();
    let error = client.open(&shared.link, None).await.unwrap_err();
    assert!(matches!(error, OpenError::PasswordRequired));
    assert_eq!(fake.count("open"), 0);
    let wrong = Password::new("wrong").unwrap();
    let error = client.open(&shared.link, Some(&wrong)).await.unwrap_err();
    assert!(matches!(error, OpenError::WrongPasswordOrKey));
    assert_eq!(error.exit_kind(), Kind::WrongKey);
    assert_eq!((fake.count("describe"), fake.count("open")), (2, 1));
    let opened = client.open(&shared.link, Some(&password)).await.unwrap();
    assert!(opened.has_password());
}

#[tokio::test]
async fn why_a_link_is_gone_is_asked_with_a_proof() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 10)]).await;
    let open = async || {
        fake.fail("describe", [Fault::Code(ErrorCode::LinkGone)]);
        fake.client().open(&shared.link, None).await
    };
    for (code, expected) in [
        (ErrorCode::Expired, "the link has expired"),
        (ErrorCode::UsedUp, "all downloads of the link are used up"),
        (ErrorCode::Revoked, "the link was revoked by its owner"),
        // Its download came back between the two questions and went to somebody else, and the like.
        (ErrorCode::LinkGone, "the link does not exist, or no longer"),
        (
            ErrorCode::ProofRejected,
            "the link does not exist, or no longer",
        ),
        (
            ErrorCode::TooManyAttempts,
            "the link does not exist, or no longer",
        ),
        (ErrorCode::NotFound, "the link does not exist, or no longer"),
    ] {
        fake.fail("open", [Fault::Code(code)]);
        let error = open().await.unwrap_err();
        assert_eq!(error.to_string(), expected, "{code:?}");
        assert_eq!(error.exit_kind(), Kind::Gone);
    }
    // A download that came back makes a used-up link live again.
    let opened = open().await.unwrap();
    assert!(!opened.has_password());
    // What is no answer of a onekey server says nothing about a link.
    fake.fail("describe", [Fault::Proxy(404)]);
    let error = fake.client().open(&shared.link, None).await.unwrap_err();
    assert!(matches!(error, OpenError::Api(_)));
    assert_eq!(fake.count("open"), 8);
}

#[tokio::test]
async fn refusals_to_open_have_their_names() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 10)]).await;
    for (code, kind) in [
        (ErrorCode::Expired, Kind::Gone),
        (ErrorCode::UsedUp, Kind::Gone),
        (ErrorCode::Revoked, Kind::Gone),
        (ErrorCode::LinkGone, Kind::Gone),
        (ErrorCode::ProofRejected, Kind::WrongKey),
        (ErrorCode::TooManyAttempts, Kind::Failed),
    ] {
        fake.fail("open", [Fault::Code(code)]);
        let error = fake.client().open(&shared.link, None).await.unwrap_err();
        assert_eq!(error.exit_kind(), kind, "{error}");
        assert!(!matches!(error, OpenError::Api(_)));
        fake.fail("grant", [Fault::Code(code)]);
        let opened = open_link(&fake, &shared.link).await;
        let error = opened.write_file(0, &mut Vec::new(), &NoProgress).await;
        let error = error.unwrap_err();
        assert_eq!(error.exit_kind(), kind, "{error}");
        assert!(!matches!(error, GetError::Api(_)));
    }
}

#[tokio::test]
async fn a_damaged_share_does_not_open() {
    for damage in ["manifest", "envelope", "header", "size"] {
        let fake = Fake::start().await;
        let shared = send(&fake, &[("a", 10)]).await;
        {
            let mut state = fake.state();
            let complete = state.complete.as_mut().unwrap();
            match damage {
                "manifest" => complete.manifest[20] ^= 1,
                "envelope" => complete.link.envelope[20] ^= 1,
                "size" => complete.size = 5,
                _ => state.create.as_mut().unwrap().header[50] ^= 1,
            }
        }
        let error = fake.client().open(&shared.link, None).await.unwrap_err();
        assert_eq!(error.exit_kind(), Kind::Damaged, "{damage}: {error}");
    }
}

#[tokio::test]
async fn other_suites_and_versions_are_named() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 10)]).await;
    for suite in [2, 3] {
        fake.state().create.as_mut().unwrap().header[9] = suite;
        let error = fake.client().open(&shared.link, None).await.unwrap_err();
        assert!(matches!(error, OpenError::UnsupportedSuite));
    }
    fake.state().create.as_mut().unwrap().header[8] = 2;
    let error = fake.client().open(&shared.link, None).await.unwrap_err();
    assert!(matches!(error, OpenError::UnsupportedVersion));
}

#[tokio::test]
async fn redirects_and_strangers_are_refused() {
    let fake = Fake::start().await;
    for status in [302, 307, 404, 200] {
        fake.fail("server", [Fault::Proxy(status)]);
        let error = fake.client().server().await.unwrap_err();
        assert!(matches!(error, ApiError::NotAServer { status: found, .. } if found == status));
    }
    assert_eq!(fake.count("server"), 4);
}

#[tokio::test]
async fn errors_hold_no_url_and_no_key() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 10)]).await;
    let opened = open_link(&fake, &shared.link).await;
    let mut texts = Vec::new();
    fake.fail(
        "open",
        [
            Fault::LoseAnswer,
            Fault::LoseAnswer,
            Fault::LoseAnswer,
            Fault::LoseAnswer,
        ],
    );
    let error = fake.client().open(&shared.link, None).await.unwrap_err();
    texts.push(format!("{error} {error:?}"));
    fake.fail("payload", vec![Fault::CutBody(10); 4]);
    let error = opened
        .write_file(0, &mut Vec::new(), &NoProgress)
        .await
        .unwrap_err();
    texts.push(format!("{error} {error:?}"));
    texts.push(format!("{shared:?} {opened:?} {:?}", fake.client()));
    // Nobody listens there any more.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut dead = shared.link.clone();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    dead.server = onekey_core::url::ServerUrl::parse(&url).unwrap();
    let client = onekey_client::Client::new(dead.server.clone(), Default::default()).unwrap();
    let error = client.open(&dead, None).await.unwrap_err();
    texts.push(format!("{error} {error:?}"));
    for text in texts {
        for secret in [
            shared.link.key.locator().to_base64url(),
            shared.link.key.to_base64url(),
            shared.manage_link.secret.to_base64url(),
            "/api/".to_owned(),
            "http://".to_owned(),
        ] {
            assert!(!text.contains(&secret), "{text}");
        }
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let fake = Fake::start().await;
    fake.fail("server", [Fault::Redirect]);
    let error = fake.client().server().await.unwrap_err();
    assert!(matches!(error, ApiError::NotAServer { status: 307, .. }));
    assert_eq!(fake.count("server"), 1);
}

#[tokio::test]
async fn connections_are_used_again_but_not_when_a_server_may_be_closing_them() {
    let fake = Fake::start().await;
    let client = fake.client();
    for _ in 0..3 {
        client.server().await.unwrap();
    }
    assert_eq!(fake.state().connections, 1);
    // Beyond the client's 5 seconds and well within the server's 10.
    tokio::time::sleep(Duration::from_secs(6)).await;
    client.server().await.unwrap();
    assert_eq!(fake.state().connections, 2);
}
