//! Putting: what is repeated, what is final, what is taken back.

use super::*;

#[tokio::test]
async fn a_reader_of_unknown_length_comes_back() {
    for len in [0, 1, CHUNK, 3 * CHUNK + 5, 40 << 20] {
        let fake = Fake::start().await;
        let input = std::io::Cursor::new(noise(len));
        let sources = Sources::from_reader("in.txt", input).unwrap();
        assert_eq!(sources.total_size(), None);
        let shared = fake
            .client()
            .put(sources, PutOptions::default(), &NoProgress)
            .await
            .unwrap();
        assert_eq!(shared.size, len as u64);
        assert_eq!(fake.state().create.as_ref().unwrap().size, None);
        let opened = open_link(&fake, &shared.link).await;
        assert_eq!(opened.manifest().files[0].media_type, "text/plain");
        let mut output = Vec::new();
        let written = opened
            .write_file(0, &mut output, &NoProgress)
            .await
            .unwrap();
        assert_eq!(written, len as u64);
        assert!(output == noise(len));
    }
}

#[tokio::test]
async fn parts_are_sent_again_when_that_may_help() {
    let fake = Fake::start().await;
    fake.fail(
        "part",
        [
            Fault::Code(ErrorCode::Unavailable),
            Fault::Proxy(502),
            Fault::Code(ErrorCode::PartBusy),
        ],
    );
    let watch = Watch::default();
    let source = folder(&[("a", 1000)]);
    let done = fake
        .client()
        .put(sources(&source), PutOptions::default(), &watch)
        .await;
    done.unwrap();
    assert_eq!(fake.count("part"), 4);
    assert_eq!(watch.retries.lock().unwrap().len(), 3);
    assert_eq!(*watch.done.lock().unwrap(), 1000);
}

#[tokio::test]
async fn a_part_whose_answer_was_lost_is_there() {
    let fake = Fake::start().await;
    fake.fail("part", [Fault::LoseAnswer]);
    let shared = send(&fake, &[("a", 1000)]).await;
    assert_eq!(fake.count("part"), 2);
    assert_eq!(shared.size, 1000);
}

#[tokio::test]
async fn part_exists_at_the_first_try_is_an_error() {
    let fake = Fake::start().await;
    fake.fail("part", [Fault::Code(ErrorCode::PartExists)]);
    let source = folder(&[("a", 1000)]);
    let client = fake.client();
    let error = client.put(sources(&source), PutOptions::default(), &NoProgress);
    let error = error.await.unwrap_err();
    assert!(matches!(error, PutError::Api(api) if api.code() == Some(ErrorCode::PartExists)));
    assert!(fake.state().aborted);
}

#[tokio::test]
async fn refusals_are_final_and_the_upload_is_taken_back() {
    for code in [
        ErrorCode::Quota,
        ErrorCode::StorageFull,
        ErrorCode::TooLarge,
        ErrorCode::BadRequest,
    ] {
        let fake = Fake::start().await;
        fake.fail("part", [Fault::Code(code)]);
        let source = folder(&[("a", 1000)]);
        let client = fake.client();
        let error = client.put(sources(&source), PutOptions::default(), &NoProgress);
        let error = error.await.unwrap_err();
        assert!(matches!(error, PutError::Api(api) if api.code() == Some(code)));
        assert_eq!(fake.count("part"), 1);
        assert!(fake.state().aborted);
    }
}

#[tokio::test]
async fn tries_end() {
    let fake = Fake::start().await;
    fake.fail("part", vec![Fault::Code(ErrorCode::Unavailable); 10]);
    let source = folder(&[("a", 1000)]);
    let client = fake.client();
    let error = client.put(sources(&source), PutOptions::default(), &NoProgress);
    assert!(error.await.is_err());
    assert_eq!(fake.count("part"), 4);
}

#[tokio::test]
async fn creating_is_not_repeated_when_it_may_have_happened() {
    for fault in [Fault::LoseAnswer, Fault::Proxy(502)] {
        let fake = Fake::start().await;
        fake.fail("create", [fault]);
        let source = folder(&[("a", 1000)]);
        let client = fake.client();
        let error = client.put(sources(&source), PutOptions::default(), &NoProgress);
        assert!(error.await.is_err());
        assert_eq!(fake.count("create"), 1);
    }
    let fake = Fake::start().await;
    fake.fail("create", [Fault::Code(ErrorCode::Unavailable)]);
    send(&fake, &[("a", 1000)]).await;
    assert_eq!(fake.count("create"), 2);
}

#[tokio::test]
async fn completing_is_repeated_with_the_same_body() {
    let fake = Fake::start().await;
    fake.fail("complete", [Fault::LoseAnswer, Fault::LoseAnswer]);
    send(&fake, &[("a", 1000)]).await;
    let state = fake.state();
    assert_eq!(state.completes.len(), 3);
    assert!(
        state
            .completes
            .iter()
            .all(|body| *body == state.completes[0])
    );
}

#[tokio::test]
async fn a_share_that_nobody_has_the_link_of_is_deleted() {
    let fake = Fake::start().await;
    fake.fail("complete", vec![Fault::LoseAnswer; 10]);
    fake.fail("abort", [Fault::Code(ErrorCode::WrongState)]);
    let source = folder(&[("a", 1000)]);
    let client = fake.client();
    let error = client.put(sources(&source), PutOptions::default(), &NoProgress);
    assert!(error.await.is_err());
    assert_eq!(fake.count("delete"), 1);
}

#[tokio::test]
async fn a_proxy_that_refuses_large_bodies_gets_small_parts() {
    let fake = Fake::start().await;
    fake.state().proxy_limit = Some(1_000_000);
    let watch = Watch::default();
    let source = folder(&[("a", 3_000_000)]);
    let client = fake.client();
    let shared = client.put(sources(&source), PutOptions::default(), &watch);
    let shared = shared.await.unwrap();
    assert_eq!(fake.state().creates, 2);
    assert_eq!(fake.state().create.as_ref().unwrap().part_size, 983_460);
    assert!(fake.state().aborted);
    assert_eq!(*watch.done.lock().unwrap(), 3_000_000);
    let mut output = Vec::new();
    let opened = open_link(&fake, &shared.link).await;
    opened
        .write_file(0, &mut output, &NoProgress)
        .await
        .unwrap();
    assert!(output == noise(3_000_000));

    // A store that wants larger parts cannot be helped.
    let fake = Fake::start().await;
    fake.state().proxy_limit = Some(1_000_000);
    fake.state().min_part_size = 5 << 20;
    let error = fake
        .client()
        .put(sources(&source), PutOptions::default(), &NoProgress)
        .await;
    assert!(matches!(error, Err(PutError::Api(ApiError::BodyRefused))));
}

#[tokio::test]
async fn too_large_is_known_before_anything_is_created() {
    // As they are, because of the option or of the type.
    for (name, compress) in [("a", false), ("a.zip", true)] {
        let fake = Fake::start().await;
        fake.state().max_size = Some(2000);
        let source = folder(&[(name, 3000)]);
        let options = PutOptions {
            compress,
            ..PutOptions::default()
        };
        let error = fake
            .client()
            .put(sources(&source), options, &NoProgress)
            .await;
        assert!(matches!(error, Err(PutError::TooLarge { limit: 2000 })));
        assert_eq!(fake.count("create"), 0);
    }
}

#[tokio::test]
async fn a_file_that_changed_fails_the_put() {
    let fake = Fake::start().await;
    let source = folder(&[("a", 1000), ("b", 0)]);
    for (name, content) in [("a", "shorter"), ("b", "longer")] {
        let sources = sources(&source);
        fs::write(source.path().join("src").join(name), content).unwrap();
        let error = fake
            .client()
            .put(sources, PutOptions::default(), &NoProgress)
            .await
            .unwrap_err();
        assert!(matches!(error, PutError::SourceChanged { .. }), "{error}");
        assert!(std::mem::take(&mut fake.state().aborted));
        assert_eq!(fake.count("complete"), 0);
    }
}

#[tokio::test]
async fn a_dropped_put_is_taken_back() {
    let fake = Fake::start().await;
    fake.fail("part", [Fault::Hang]);
    let source = folder(&[("a", 1000)]);
    let client = fake.client();
    let put = client.put(sources(&source), PutOptions::default(), &NoProgress);
    assert!(
        tokio::time::timeout(Duration::from_millis(300), put)
            .await
            .is_err()
    );
    client.settle().await;
    assert!(fake.state().aborted);
}

#[tokio::test]
async fn a_reader_that_fails_fails_the_put() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("unplugged"))
        }
    }
    let fake = Fake::start().await;
    let sources = Sources::from_reader("x", Broken).unwrap();
    let error = fake
        .client()
        .put(sources, PutOptions::default(), &NoProgress)
        .await;
    assert!(error.unwrap_err().to_string().contains("unplugged"));
    assert!(fake.state().aborted);
}
