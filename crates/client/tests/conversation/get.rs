//! Getting: what comes back, what is refused, what is left on disk.

use std::os::unix::fs::PermissionsExt;

use super::*;

#[tokio::test]
async fn a_folder_comes_back_as_it_was() {
    let fake = Fake::start().await;
    let folder = folder(&[
        ("empty", 0),
        ("one", 1),
        ("chunk-1", CHUNK - 1),
        ("chunk", CHUNK),
        ("chunk+1", CHUNK + 1),
        ("sub/deep/large", 20 << 20),
        ("sub/MARKER-name.txt", 12),
        ("zero", 0),
    ]);
    let src = folder.path().join("src");
    fs::create_dir_all(src.join("nothing/here")).unwrap();
    fs::write(src.join("sub/MARKER-name.txt"), "MARKER-text!").unwrap();
    let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_007);
    let file = fs::File::options()
        .write(true)
        .open(src.join("one"))
        .unwrap();
    file.set_modified(modified).unwrap();
    fs::set_permissions(src.join("one"), fs::Permissions::from_mode(0o700)).unwrap();

    let watch = Watch::default();
    let options = PutOptions {
        title: Some("MARKER-title".to_owned()),
        note: Some("MARKER-note".to_owned()),
        label: Some("MARKER-label".to_owned()),
        compress: false,
        ..PutOptions::default()
    };
    let shared = fake
        .client()
        .put(sources(&folder), options, &watch)
        .await
        .unwrap();
    assert_eq!(shared.files.len(), 8);
    assert_eq!(shared.expires_at, Some(5));
    let payload = fake.payload();
    assert_eq!(*watch.total.lock().unwrap(), Some(payload.len() as u64));
    assert_eq!(*watch.done.lock().unwrap(), payload.len() as u64);
    let sum = shared.files.iter().map(|(_, size)| size).sum::<u64>();
    assert_eq!(shared.size, sum);
    let padded = onekey_core::padding::padded_len(sum);
    let chunk_size = onekey_core::size::ChunkSize::DEFAULT;
    assert_eq!(
        chunk_size.payload_len(padded).unwrap(),
        payload.len() as u64
    );
    {
        // Neither names nor texts reach the server.
        let state = fake.state();
        let body = &state.completes[0];
        for seen in [&payload[..], &body[..]] {
            assert!(!seen.windows(6).any(|window| window == b"MARKER"));
        }
        assert!(state.create.as_ref().unwrap().owner_envelope.is_some());
    }

    let opened = open_link(&fake, &shared.link).await;
    assert_eq!(opened.manifest().title.as_deref(), Some("MARKER-title"));
    assert_eq!(opened.manifest().note.as_deref(), Some("MARKER-note"));
    assert_eq!(fake.count("grant"), 0);
    let watch = Watch::default();
    let to = folder.path().join("new/dst");
    let got = opened
        .get_all(&to, GetOptions::default(), &watch)
        .await
        .unwrap();
    assert_eq!(got.bytes, sum);
    assert_eq!(got.files.len(), 8);
    assert_eq!(*watch.total.lock().unwrap(), Some(payload.len() as u64));
    assert_eq!(*watch.done.lock().unwrap(), payload.len() as u64);
    assert_eq!(tree(&src), tree(&to.join("src")));
    let found = fs::metadata(to.join("src/one")).unwrap();
    assert_eq!(found.modified().unwrap(), modified);
    let mode = |name: &str| {
        fs::metadata(to.join("src").join(name))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_eq!(mode("one") & 0o100, 0o100);
    assert_eq!(mode("zero") & 0o111, 0);
    // As the umask says, not the mode of the temporary file.
    let plain = folder.path().join("plain");
    fs::write(&plain, "").unwrap();
    let usual = fs::metadata(plain).unwrap().permissions().mode();
    assert_eq!(mode("zero"), usual);
}

#[tokio::test]
async fn single_files_and_ranges_share_one_grant() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 300_000), ("b", 9 << 20), ("c", 0)]).await;
    let opened = open_link(&fake, &shared.link).await;
    let content = noise(9 << 20);
    for range in [
        0..0,
        0..1,
        5..70_000,
        65_536..131_072,
        9_437_183..9_437_184,
        0..9_437_184,
    ] {
        let mut output = Vec::new();
        let written = opened
            .write_range(1, range.clone(), &mut output, &NoProgress)
            .await
            .unwrap();
        assert_eq!(written, range.end - range.start);
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        assert!(output == content[range]);
    }
    let refused = opened
        .write_range(1, 0..9_437_185, &mut Vec::new(), &NoProgress)
        .await;
    assert!(matches!(refused, Err(GetError::NoSuchRange)));

    let target = tempfile::tempdir().unwrap();
    for (index, name) in ["a", "b", "c"].iter().enumerate() {
        let to = target.path().join(name);
        let got = opened.get_file(index, &to, GetOptions::default(), &NoProgress);
        assert_eq!(got.await.unwrap().files, std::slice::from_ref(&to));
        assert_eq!(fs::read(to).unwrap().len() as u64, shared.files[index].1);
    }
    assert_eq!(fake.count("grant"), 1);
}

#[tokio::test]
async fn chosen_files_come_in_one_transfer() {
    let fake = Fake::start().await;
    let shared = send(
        &fake,
        &[
            ("a", 10),
            ("b", 2 * CHUNK),
            ("c", 9 << 20),
            ("d", 5),
            ("e", 7),
            ("f", 0),
        ],
    )
    .await;
    let opened = open_link(&fake, &shared.link).await;
    let target = tempfile::tempdir().unwrap();
    let (watch, options) = (Watch::default(), GetOptions::default());
    let get = opened.get_files(&[5, 3, 0, 4, 0], target.path(), options.clone(), &watch);
    let got = get.await.unwrap();
    assert_eq!(got.bytes, 22);
    let names = ["a", "d", "e", "f"].map(|name| target.path().join("src").join(name));
    assert_eq!(got.files, names);
    for (path, len) in names.iter().zip([10, 5, 7, 0]) {
        assert_eq!(fs::read(path).unwrap(), noise(len));
    }
    assert_eq!(tree(target.path()).len(), 5);
    // The first chunk, and the one in which both of the others lie.
    let (chunk, at) = (CHUNK + 28, (10 + 2 * CHUNK + (9 << 20)) / CHUNK);
    let ranges = [
        format!("bytes=0-{}", chunk - 1),
        format!("bytes={}-{}", at * chunk, (at + 1) * chunk - 1),
    ];
    let mut asked = fake.state().ranges.clone();
    asked.sort();
    assert_eq!(asked, ranges);
    assert_eq!(*watch.total.lock().unwrap(), Some(2 * chunk as u64));
    assert_eq!(*watch.done.lock().unwrap(), 2 * chunk as u64);

    // All of them are the whole share, padding included; the grant is the same.
    fake.state().ranges.clear();
    let everything = tempfile::tempdir().unwrap();
    let get = opened.get_files(
        &[0, 1, 2, 3, 4, 5],
        everything.path(),
        options.clone(),
        &watch,
    );
    assert_eq!(get.await.unwrap().files.len(), 6);
    assert_eq!(*watch.total.lock().unwrap(), Some(opened.payload_size()));
    assert_eq!(fake.count("grant"), 1);
    let refused = opened.get_files(&[6], target.path(), options, &watch).await;
    assert!(matches!(refused, Err(GetError::NoSuchRange)));
}

#[tokio::test]
async fn what_is_in_the_way_of_a_chosen_file_is_found_before_a_download_is_spent() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 10), ("b", 10), ("c", 10)]).await;
    let opened = open_link(&fake, &shared.link).await;
    let target = tempfile::tempdir().unwrap();
    fs::create_dir(target.path().join("src")).unwrap();
    fs::write(target.path().join("src/b"), "mine").unwrap();
    let get = |indices: Vec<usize>, overwrite| {
        let (opened, folder) = (&opened, target.path());
        async move {
            let options = GetOptions {
                overwrite,
                ..GetOptions::default()
            };
            let got = opened.get_files(&indices, folder, options, &NoProgress);
            got.await
        }
    };
    let refused = get(vec![0, 1], false).await;
    assert!(matches!(refused, Err(GetError::Exists(path)) if path.ends_with("src/b")));
    assert_eq!(fake.count("grant"), 0);
    assert_eq!(fs::read_dir(target.path().join("src")).unwrap().count(), 1);
    get(vec![0, 2], false).await.unwrap();
    get(vec![1], true).await.unwrap();
    assert_eq!(fs::read(target.path().join("src/b")).unwrap(), noise(10));
    assert_eq!(fake.count("grant"), 1);
}

#[tokio::test]
async fn taking_the_only_file_fetches_the_padding_too() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 5)]).await;
    let opened = open_link(&fake, &shared.link).await;
    opened
        .write_file(0, &mut Vec::new(), &NoProgress)
        .await
        .unwrap();
    assert_eq!(
        fake.state().ranges,
        [format!("bytes=0-{}", opened.payload_size() - 1)]
    );
}

#[tokio::test]
async fn a_lost_grant_is_reported_and_not_asked_for_again() {
    for fault in [Fault::LoseAnswer, Fault::Proxy(502)] {
        let fake = Fake::start().await;
        let shared = send(&fake, &[("a", 1000)]).await;
        let opened = open_link(&fake, &shared.link).await;
        fake.fail("grant", [fault]);
        let error = opened.write_file(0, &mut Vec::new(), &NoProgress).await;
        assert!(matches!(error, Err(GetError::GrantLost(_))));
        assert_eq!(fake.count("grant"), 1);
    }
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 1000)]).await;
    let opened = open_link(&fake, &shared.link).await;
    fake.fail("grant", [Fault::Code(ErrorCode::Unavailable)]);
    opened
        .write_file(0, &mut Vec::new(), &NoProgress)
        .await
        .unwrap();
    assert_eq!(fake.count("grant"), 2);
}

#[tokio::test]
async fn a_broken_download_goes_on_behind_the_last_verified_chunk() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 6 << 20)]).await;
    let opened = open_link(&fake, &shared.link).await;
    fake.fail(
        "payload",
        [
            Fault::CutBody(3 * (CHUNK + 28) + 100),
            Fault::CutBody(2 << 20),
            Fault::Code(ErrorCode::Unavailable),
            Fault::CutBody(0),
            Fault::CutBody(2 << 20),
            Fault::Proxy(503),
        ],
    );
    let watch = Watch::default();
    let mut output = Vec::new();
    opened.write_file(0, &mut output, &watch).await.unwrap();
    assert!(output == noise(6 << 20));
    assert_eq!(fake.count("grant"), 1);
    assert_eq!(*watch.done.lock().unwrap(), opened.payload_size());
    let state = fake.state();
    let start = |range: &String| -> usize {
        let range = range.strip_prefix("bytes=").unwrap();
        range.split_once('-').unwrap().0.parse().unwrap()
    };
    let starts: Vec<_> = state.ranges.iter().map(start).collect();
    assert!(starts.iter().all(|start| start % (CHUNK + 28) == 0));
    assert!(
        starts.is_sorted() && *starts.last().unwrap() > 3 << 20,
        "{starts:?}"
    );
}

#[tokio::test]
async fn a_changed_byte_is_damage_and_leaves_nothing() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 1000), ("b", 200_000)]).await;
    let opened = open_link(&fake, &shared.link).await;
    let target = tempfile::tempdir().unwrap();
    // In the first chunk, in the last one, in the padding.
    for at in [20, 150_000, fake.payload().len() - 1] {
        fake.fail("payload", [Fault::Flip(at)]);
        let error = opened
            .get_all(target.path(), GetOptions::default(), &NoProgress)
            .await
            .unwrap_err();
        assert!(matches!(error, GetError::Damaged(DamageError::Payload(_))));
        assert_eq!(error.exit_kind(), Kind::Damaged);
        assert!(tree(target.path()).keys().all(|path| path.ends_with("src")));
    }
}

#[tokio::test]
async fn chunks_in_another_order_are_damage() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 300_000)]).await;
    {
        let mut state = fake.state();
        let mut part = state.parts[&0].to_vec();
        let (first, rest) = part.split_at_mut(CHUNK + 28);
        first.swap_with_slice(&mut rest[..CHUNK + 28]);
        state.parts.insert(0, part.into());
    }
    let opened = open_link(&fake, &shared.link).await;
    let error = opened.write_file(0, &mut Vec::new(), &NoProgress).await;
    assert!(matches!(error, Err(GetError::Damaged(_))));
}

#[tokio::test]
async fn what_is_in_the_way_is_known_before_a_download_is_spent() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 10), ("dir/b", 10)]).await;
    let opened = open_link(&fake, &shared.link).await;
    let target = tempfile::tempdir().unwrap();
    let at = |name: &str| target.path().join(name);
    fs::create_dir_all(at("src/dir")).unwrap();
    fs::write(at("src/dir/b"), "old").unwrap();
    let error = opened
        .get_all(target.path(), GetOptions::default(), &NoProgress)
        .await
        .unwrap_err();
    assert!(matches!(error, GetError::Exists(path) if path == at("src/dir/b")));
    assert_eq!(tree(target.path()).len(), 3);
    assert_eq!(fake.count("grant"), 0);
    let error = opened
        .get_file(1, &at("src/dir/b"), GetOptions::default(), &NoProgress)
        .await
        .unwrap_err();
    assert!(matches!(error, GetError::Exists(path) if path == at("src/dir/b")));
    assert_eq!(fake.count("grant"), 0);

    let overwrite = GetOptions {
        overwrite: true,
        ..GetOptions::default()
    };
    opened
        .get_all(target.path(), overwrite.clone(), &NoProgress)
        .await
        .unwrap();
    assert_eq!(fs::read(at("src/dir/b")).unwrap(), noise(10));
    opened
        .get_file(0, &at("src/dir/b"), overwrite, &NoProgress)
        .await
        .unwrap();
}

#[tokio::test]
async fn answers_of_another_length_or_range_are_refused() {
    let fake = Fake::start().await;
    let shared = send(&fake, &[("a", 1000)]).await;
    let opened = open_link(&fake, &shared.link).await;
    fake.fail("payload", [Fault::Short]);
    let mut output = Vec::new();
    let written = opened.write_file(0, &mut output, &NoProgress).await;
    assert_eq!(written.unwrap(), 1000);
    assert_eq!(fake.count("payload"), 2);

    fake.fail("payload", vec![Fault::Short; 4]);
    let error = opened.write_file(0, &mut Vec::new(), &NoProgress).await;
    assert!(matches!(error, Err(GetError::Api(ApiError::Network(_)))));
    fake.fail("payload", [Fault::OtherRange]);
    let error = opened.write_file(0, &mut Vec::new(), &NoProgress).await;
    assert!(matches!(
        error,
        Err(GetError::Api(ApiError::NotAServer { .. }))
    ));
}
