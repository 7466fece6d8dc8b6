//! Direct links: what is stored for them, what they look like, and when there is none.

use onekey_client::{DirectError, LinksError, NewLinkOptions};
use onekey_core::url::Form;
use onekey_core::wire::LinkState;

use super::*;

/// Longest a sealed manifest may be, as the protocol says.
const MOST: usize = 256 << 10;

fn direct() -> PutOptions {
    PutOptions {
        direct: true,
        ..PutOptions::default()
    }
}

fn direct_link() -> NewLinkOptions {
    NewLinkOptions {
        direct: true,
        ..NewLinkOptions::default()
    }
}

/// Parses the link's direct form with something else behind its key.
fn behind_key(shared: &PutShare, text: &str) -> Link {
    let key = shared.link.key.to_base64url();
    Link::parse(&format!("{}/{key}{text}", shared.link.server)).unwrap()
}

async fn put(fake: &Fake, sources: Sources, options: PutOptions) -> PutShare {
    let client = fake.client();
    client.put(sources, options, &NoProgress).await.unwrap()
}

async fn refused(fake: &Fake, sources: Sources, options: PutOptions) -> DirectError {
    let error = fake.client().put(sources, options, &NoProgress).await;
    let Err(PutError::Direct(error)) = error else {
        panic!("{error:?}")
    };
    assert_eq!((fake.count("create"), fake.count("part")), (0, 0));
    error
}

#[tokio::test]
async fn a_direct_put_is_stored_as_it_is_and_opens_both_ways() {
    let fake = Fake::start().await;
    let source = folder_of(&[("a.TXT", hex(100_000))]);
    let shared = put(&fake, sources(&source), direct()).await;
    {
        let state = fake.state();
        let complete = state.complete.as_ref().unwrap();
        assert!(complete.link.direct && !complete.link.password);
        // Two chunks, no padding, and known before it was sent.
        assert_eq!(complete.size, 100_000 + 2 * 28);
        assert_eq!(state.create.as_ref().unwrap().size, Some(complete.size));
    }
    let (server, key) = (&fake.server, shared.link.key.to_base64url());
    let direct = shared.direct_link.unwrap();
    assert_eq!(direct.to_url(), format!("{server}/{key}.TXT"));
    assert_eq!(shared.link.to_url(), format!("{server}/s#{key}"));
    for link in [&shared.link, &direct] {
        let opened = open_link(&fake, link).await;
        assert_eq!(opened.manifest().files[0].codec, None);
        let mut received = Vec::new();
        let written = opened.write_file(0, &mut received, &NoProgress).await;
        written.unwrap();
        assert!(received == hex(100_000));
    }
}

#[tokio::test]
async fn padding_is_there_if_it_is_asked_for() {
    let fake = Fake::start().await;
    let options = PutOptions {
        pad: Some(true),
        ..direct()
    };
    let source = folder(&[("a", 1)]);
    put(&fake, sources(&source), options).await;
    assert_eq!(fake.state().complete.as_ref().unwrap().size, 1024 + 28);
}

#[tokio::test]
async fn several_files_have_no_ending_and_a_pipe_that_of_its_name() {
    let fake = Fake::start().await;
    let source = folder(&[("a.png", 10), ("b.png", 10)]);
    let link = put(&fake, sources(&source), direct())
        .await
        .direct_link
        .unwrap();
    assert!(matches!(&link.form, Form::Direct { suffix } if suffix.to_path().is_empty()));

    let pipe = Sources::from_reader("shot.png", &b"content"[..]).unwrap();
    let shared = put(&fake, pipe, direct()).await;
    assert!(shared.direct_link.unwrap().to_url().ends_with(".png"));
    let state = fake.state();
    let complete = state.complete.as_ref().unwrap();
    assert!(complete.link.direct);
    assert_eq!(complete.size, 7 + 28);
}

#[tokio::test]
async fn a_private_put_has_no_direct_form() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 10)]).await;
    assert!(shared.direct_link.is_none());
    assert!(!fake.state().complete.as_ref().unwrap().link.direct);
}

#[tokio::test]
async fn a_password_is_refused_before_anything_is_asked() {
    let fake = Fake::start().await;
    let options = PutOptions {
        password: Some(Password::new("correct horse").unwrap()),
        ..direct()
    };
    let error = refused(&fake, sources(&folder(&[("a", 10)])), options).await;
    assert_eq!(error, DirectError::Password);
    assert!(fake.state().log.is_empty());
}

#[tokio::test]
async fn a_server_without_direct_mode_is_known_before_anything_is_sent() {
    let fake = Fake::start().await;
    fake.state().direct_off = true;
    let source = folder(&[("a", 10)]);
    let error = refused(&fake, sources(&source), direct()).await;
    assert_eq!(error, DirectError::Off);
    let pipe = Sources::from_reader("a", &b"content"[..]).unwrap();
    assert_eq!(refused(&fake, pipe, direct()).await, DirectError::Off);
    send(&fake, &[("a", 10)]).await;
}

#[tokio::test]
async fn a_long_list_is_known_before_anything_is_sent() {
    let fake = Fake::start().await;
    let folder_of = |count: usize| {
        let names: Vec<_> = (0..count).map(|n| format!("{n:0>200}.txt")).collect();
        let files: Vec<_> = names.iter().map(|name| (name.as_str(), 0)).collect();
        folder(&files)
    };
    let many = folder_of(700);
    let error = refused(&fake, sources(&many), direct()).await;
    assert_eq!(error, DirectError::ManifestTooLarge);
    // A note is a part of it, and a pipe cannot be sent again.
    let pipe = Sources::from_reader("a", &b"content"[..]).unwrap();
    let options = PutOptions {
        note: Some("x".repeat(200_000)),
        ..direct()
    };
    let error = refused(&fake, pipe, options).await;
    assert_eq!(error, DirectError::ManifestTooLarge);
    // A private link may have it, and fewer files a direct one.
    put(&fake, sources(&many), PutOptions::default()).await;
    assert!(fake.state().complete.as_ref().unwrap().manifest.len() > MOST);
    let fewer = folder_of(400);
    put(&fake, sources(&fewer), direct()).await;
    assert!(fake.state().complete.as_ref().unwrap().manifest.len() <= MOST);
}

#[tokio::test]
async fn a_put_is_continued_in_its_own_mode_only() {
    let fake = Fake::start().await;
    let (source, states) = (
        folder(&[("a.png", 3 * CHUNK)]),
        tempfile::tempdir().unwrap(),
    );
    fake.fail("complete", vec![Fault::Code(ErrorCode::Unavailable); 4]);
    let options = |direct| PutOptions {
        direct,
        // As it is in both modes, so that nothing else tells them apart.
        compress: false,
        pad: Some(false),
        state: Some(ResumeState::new(states.path()).resume(true)),
        ..PutOptions::default()
    };
    let client = fake.client();
    let put = client.put(sources(&source), options(true), &NoProgress);
    put.await.unwrap_err();

    let watch = Watch::default();
    let put = client.put(sources(&source), options(false), &watch);
    let private = put.await.unwrap();
    assert_eq!(*watch.resumed.lock().unwrap(), ["Nothing"]);
    assert!(private.direct_link.is_none());
    assert!(!fake.state().complete.as_ref().unwrap().link.direct);
}

#[tokio::test]
async fn a_direct_put_that_is_continued_gives_the_same_links() {
    let fake = Fake::start().await;
    let (source, states) = (
        folder(&[("a.png", 3 * CHUNK)]),
        tempfile::tempdir().unwrap(),
    );
    fake.fail("complete", vec![Fault::Code(ErrorCode::Unavailable); 4]);
    let options = || PutOptions {
        state: Some(ResumeState::new(states.path()).resume(true)),
        ..direct()
    };
    let client = fake.client();
    let put = client.put(sources(&source), options(), &NoProgress);
    put.await.unwrap_err();
    let watch = Watch::default();
    let put = client.put(sources(&source), options(), &watch);
    let shared = put.await.unwrap();
    assert!(watch.resumed.lock().unwrap()[0].starts_with("Continues"));
    assert_eq!(fake.state().creates, 1);
    let link = shared.direct_link.unwrap();
    assert!(link.to_url().ends_with(".png"));
    let state = fake.state();
    let complete = state.complete.as_ref().unwrap();
    assert!(complete.link.direct);
    assert_eq!(complete.link.locator, link.key.locator());
}

#[tokio::test]
async fn a_direct_link_is_added_where_files_are_stored_as_they_are() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a.png", 1000)]).await;
    let client = fake.client();
    let added = client.add_link(&shared.manage_link, direct_link());
    let added = added.await.unwrap();
    let link = added.direct_link.unwrap();
    assert!(link.to_url().ends_with(".png") && link.key == added.link.key);
    assert!(link.key != shared.link.key);
    assert!(fake.state().added[0].direct);
    assert!(fake.state().revoked.is_empty());
    let links = fake.client().links(&shared.manage_link).await.unwrap();
    assert_eq!([links[0].direct, links[1].direct], [false, true]);
    open_link(&fake, &link).await;
}

#[tokio::test]
async fn a_compressed_share_gets_no_direct_link() {
    let fake = Fake::start().await;
    let source = folder_of(&[("a.png", noise(1000)), ("b.txt", hex(100_000))]);
    let shared = put(&fake, sources(&source), PutOptions::default()).await;
    let client = fake.client();
    let added = client.add_link(&shared.manage_link, direct_link());
    let error = added.await.unwrap_err();
    assert!(matches!(error, LinksError::Direct(DirectError::Compressed)));
    // Nobody has its key, and it opens nothing.
    let links = fake.client().links(&shared.manage_link).await.unwrap();
    assert_eq!(links[1].state, LinkState::Revoked);
    open_link(&fake, &shared.link).await;
}

#[tokio::test]
async fn a_direct_link_that_cannot_be_looked_at_is_taken_back() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a.png", 1000)]).await;
    fake.fail("open", vec![Fault::Code(ErrorCode::Unavailable); 4]);
    let client = fake.client();
    let added = client.add_link(&shared.manage_link, direct_link());
    assert!(matches!(added.await.unwrap_err(), LinksError::Open(_)));
    assert_eq!(fake.state().revoked.len(), 1);
}

#[tokio::test]
async fn what_forbids_a_direct_link_is_known_before_it_is_added() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a.png", 1000)]).await;
    let asked = fake.state().log.len();
    let options = NewLinkOptions {
        password: Some(Password::new("correct horse").unwrap()),
        ..direct_link()
    };
    let error = fake.client().add_link(&shared.manage_link, options).await;
    let error = error.unwrap_err();
    assert!(matches!(error, LinksError::Direct(DirectError::Password)));
    assert_eq!(fake.state().log.len(), asked);

    fake.state().direct_off = true;
    for expires_in in [None, Some(Some(600))] {
        let options = NewLinkOptions {
            expires_in,
            ..direct_link()
        };
        let error = fake.client().add_link(&shared.manage_link, options).await;
        let error = error.unwrap_err();
        assert!(matches!(error, LinksError::Direct(DirectError::Off)));
    }
    assert_eq!(fake.count("add_link"), 0);
}

#[tokio::test]
async fn a_name_behind_the_key_means_one_of_several_files() {
    let fake = Fake::start().await;
    let several = send(&fake, &[("a.txt", 10), ("dir/b.txt", 10)]).await;
    for (behind, named) in [
        ("", None),
        (".txt", None),
        ("/", None),
        ("/src/dir/b.txt", Some("src/dir/b.txt")),
        ("/src/dir/b.txt?download", Some("src/dir/b.txt")),
        ("?grant=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", None),
    ] {
        let opened = open_link(&fake, &behind_key(&several, behind)).await;
        assert_eq!(opened.named(), named, "{behind}");
    }
    assert_eq!(open_link(&fake, &several.link).await.named(), None);
    let one = send(&fake, &[("a.txt", 10)]).await;
    let opened = open_link(&fake, &behind_key(&one, "/any name.txt")).await;
    assert_eq!(opened.named(), None);
}
