//! Compression: what gets smaller, what stays as it is, and that all of it comes back.

use onekey_client::ClientOptions;
use onekey_core::manifest::{Codec, File, Manifest};

use super::*;

/// Files beyond this are compressed while they stream; samples have 1 KiB.
const WHOLE: u64 = 64 << 10;

pub(crate) fn client(fake: &Fake, parts_in_flight: usize) -> onekey_client::Client {
    fake.client_of(ClientOptions {
        compress_whole: WHOLE,
        parts_in_flight,
        ..ClientOptions::default()
    })
}

/// Puts a folder, opens it, and compares what comes out. Returns the manifest.
async fn round_trip(fake: &Fake, folder: &tempfile::TempDir, options: PutOptions) -> Manifest {
    let watch = Watch::default();
    let onekey = client(fake, 4);
    let put = onekey.put(sources(folder), options, &watch);
    let share = put.await.unwrap();
    let src = folder.path().join("src");
    let size: u64 = share.files.iter().map(|(_, size)| size).sum();
    assert_eq!(share.size, size);
    assert_eq!(
        *watch.total.lock().unwrap(),
        Some(*watch.done.lock().unwrap())
    );
    let opened = open_link(fake, &share.link).await;
    let target = tempfile::tempdir().unwrap();
    opened
        .get_all(target.path(), GetOptions::default(), &NoProgress)
        .await
        .unwrap();
    assert!(tree(&target.path().join("src")) == tree(&src));
    opened.manifest().clone()
}

fn file<'m>(manifest: &'m Manifest, path: &str) -> &'m File {
    let path = format!("src/{path}");
    manifest
        .files
        .iter()
        .find(|file| file.path == path)
        .unwrap()
}

#[tokio::test]
async fn what_gets_smaller_is_compressed_and_nothing_else() {
    let fake = Fake::start().await;
    let folder = folder_of(&[
        ("a/empty.txt", Vec::new()),
        ("a/text.txt", hex(40_000)),
        ("at-the-limit", hex(WHOLE as usize)),
        ("beyond", hex(WHOLE as usize + 1)),
        ("far-beyond.json", hex(300_000)),
        ("noise", noise(50_000)),
        ("noise-beyond", noise(300_000)),
        ("noise-without-samples", noise(2000)),
        ("photo.JPG", hex(40_000)),
        ("tiny.txt", hex(255)),
        ("z.txt", hex(300)),
        ("zero", Vec::new()),
    ]);
    let manifest = round_trip(&fake, &folder, PutOptions::default()).await;
    let mut end = 0;
    for file in &manifest.files {
        match file.codec {
            None => assert_eq!(file.stored, file.size),
            Some(codec) => assert!(codec == Codec::Brotli && file.stored < file.size),
        }
        assert_eq!(file.offset, end);
        end += file.stored;
    }
    for path in [
        "a/text.txt",
        "at-the-limit",
        "beyond",
        "far-beyond.json",
        "z.txt",
    ] {
        let file = file(&manifest, path);
        assert!(
            file.codec.is_some() && file.stored < file.size * 6 / 10,
            "{path}"
        );
    }
    for path in [
        "a/empty.txt",
        "noise",
        "noise-beyond",
        "noise-without-samples",
        "photo.JPG",
        "tiny.txt",
        "zero",
    ] {
        assert_eq!(file(&manifest, path).codec, None, "{path}");
    }
    let create = fake.state().create.clone().unwrap();
    assert_eq!(create.size, None);
    // Parts as of a known length, not as of a pipe.
    assert_eq!(
        create.part_size,
        (8 << 20) / (CHUNK as u64 + 28) * (CHUNK as u64 + 28)
    );
    let padded = onekey_core::padding::padded_len(end);
    let payload = onekey_core::size::ChunkSize::DEFAULT.payload_len(padded);
    assert_eq!(fake.payload().len() as u64, payload.unwrap());
}

#[tokio::test]
async fn files_that_fill_chunks_and_parts_exactly_come_back() {
    const PART: usize = 2 * (CHUNK + 28);
    // The text makes the put compress; what stands behind it ends where chunks and parts end.
    let text = hex(1000);
    let stored = {
        let fake = Fake::start().await;
        let folder = folder_of(&[("a.txt", text.clone())]);
        let manifest = round_trip(&fake, &folder, PutOptions::default()).await;
        file(&manifest, "a.txt").stored as usize
    };
    for end in [CHUNK, 2 * CHUNK, 4 * CHUNK, 2 * CHUNK - 1, 2 * CHUNK + 1] {
        for pad in [false, true] {
            let fake = Fake::start().await;
            fake.state().max_part_size = PART as u64;
            let folder = folder_of(&[("a.txt", text.clone()), ("b", noise(end - stored))]);
            let options = PutOptions {
                pad: Some(pad),
                ..PutOptions::default()
            };
            let manifest = round_trip(&fake, &folder, options).await;
            assert!(file(&manifest, "a.txt").codec.is_some());
            assert_eq!(file(&manifest, "b").codec, None);
        }
    }
}

/// Then the payload has the most bytes that were planned for.
#[tokio::test]
async fn nothing_gets_smaller_and_the_last_chunk_is_empty() {
    const PART: u64 = 2 * (CHUNK as u64 + 28);
    for end in [CHUNK, 2 * CHUNK, 3 * CHUNK + 1] {
        let fake = Fake::start().await;
        fake.state().max_part_size = PART;
        let folder = folder_of(&[("a", noise(2000)), ("b.zip", noise(end - 2000))]);
        let options = PutOptions {
            pad: Some(false),
            ..PutOptions::default()
        };
        let manifest = round_trip(&fake, &folder, options).await;
        assert!(manifest.files.iter().all(|file| file.codec.is_none()));
        // It was tried.
        assert_eq!(fake.state().create.as_ref().unwrap().size, None);
    }
}

#[tokio::test]
async fn without_the_option_nothing_is_compressed() {
    let fake = Fake::start().await;
    let folder = folder_of(&[("a.txt", hex(40_000)), ("b.txt", hex(300_000))]);
    let options = PutOptions {
        compress: false,
        ..PutOptions::default()
    };
    let manifest = round_trip(&fake, &folder, options).await;
    assert!(manifest.files.iter().all(|file| file.codec.is_none()));
    assert!(fake.state().create.as_ref().unwrap().size.is_some());
}

#[tokio::test]
async fn where_nothing_can_get_smaller_the_size_is_known() {
    let fake = Fake::start().await;
    let folder = folder_of(&[
        ("film.mp4", hex(300_000)),
        ("noise", noise(300_000)),
        ("tiny", hex(200)),
    ]);
    let manifest = round_trip(&fake, &folder, PutOptions::default()).await;
    assert!(manifest.files.iter().all(|file| file.codec.is_none()));
    let size = fake.state().create.as_ref().unwrap().size;
    assert_eq!(size, Some(fake.payload().len() as u64));
}

#[tokio::test]
async fn pipes_are_never_compressed() {
    let fake = Fake::start().await;
    let input = std::io::Cursor::new(hex(40_000));
    let sources = Sources::from_reader("in.txt", input).unwrap();
    let onekey = client(&fake, 4);
    let put = onekey.put(sources, PutOptions::default(), &NoProgress);
    let share = put.await.unwrap();
    let opened = open_link(&fake, &share.link).await;
    let file = &opened.manifest().files[0];
    assert_eq!((file.codec, file.stored), (None, 40_000));
}

/// Random but for zeros in the middle: enough for the samples to shrink, too few for the whole file to get smaller.
pub(crate) fn deceiving(len: usize) -> Vec<u8> {
    let mut content = noise(len);
    let at = (len - 1024) / 2;
    content[at..at + 400].fill(0);
    content
}

#[tokio::test]
async fn up_to_the_limit_a_file_is_compared_and_beyond_it_samples_decide() {
    for (len, creates) in [(WHOLE as usize, 1), (WHOLE as usize + 1, 2)] {
        let fake = Fake::start().await;
        let folder = folder_of(&[("a.txt", hex(1000)), ("b", deceiving(len))]);
        let manifest = round_trip(&fake, &folder, PutOptions::default()).await;
        assert_eq!(file(&manifest, "b").codec, None);
        assert!(file(&manifest, "a.txt").codec.is_some());
        assert_eq!(fake.count("create"), creates);
    }
}

#[tokio::test]
async fn a_large_file_that_ends_not_smaller_is_stored_raw_under_a_new_share_key() {
    let fake = Fake::start().await;
    fake.state().max_part_size = 2 * (CHUNK as u64 + 28);
    let folder = folder_of(&[
        ("0.zip", noise(400_000)),
        ("a.txt", hex(40_000)),
        ("b.bin", deceiving(600_000)),
        ("c.txt", hex(40_000)),
        ("d.txt", hex(100_000)),
    ]);
    let watch = Watch::default();
    let onekey = client(&fake, 2);
    let put = onekey.put(sources(&folder), PutOptions::default(), &watch);
    let share = put.await.unwrap();
    assert_eq!(*watch.not_smaller.lock().unwrap(), ["src/b.bin"]);
    assert_eq!(
        *watch.total.lock().unwrap(),
        Some(*watch.done.lock().unwrap())
    );
    {
        let state = fake.state();
        let headers = &state.headers;
        assert!(headers.len() == 2 && headers[0] != headers[1]);
        let kinds = |kind| state.log.iter().position(|&seen| seen == kind).unwrap();
        let second = state
            .log
            .iter()
            .rposition(|&seen| seen == "create")
            .unwrap();
        // Parts had left; then it was taken back, before the second began.
        assert!(kinds("part") < kinds("abort") && kinds("abort") < second);
    }
    let opened = open_link(&fake, &share.link).await;
    let codecs: Vec<_> = opened
        .manifest()
        .files
        .iter()
        .map(|file| file.codec)
        .collect();
    let br = Some(Codec::Brotli);
    assert_eq!(codecs, [None, br, None, br, None]);
    let mut output = Vec::new();
    opened
        .write_file(2, &mut output, &NoProgress)
        .await
        .unwrap();
    assert!(output == deceiving(600_000));
}

#[tokio::test]
async fn single_files_and_ranges_of_a_compressed_share_are_read() {
    let fake = Fake::start().await;
    let folder = folder_of(&[("a.txt", hex(40_000)), ("b.txt", hex(200_000))]);
    let onekey = client(&fake, 4);
    let put = onekey.put(sources(&folder), PutOptions::default(), &NoProgress);
    let opened = open_link(&fake, &put.await.unwrap().link).await;
    for (index, len) in [(0, 40_000), (1, 200_000)] {
        let mut output = Vec::new();
        opened
            .write_file(index, &mut output, &NoProgress)
            .await
            .unwrap();
        assert!(output == hex(len));
        let mut output = Vec::new();
        let range = opened.write_range(index, 30_000..30_500, &mut output, &NoProgress);
        range.await.unwrap();
        assert!(output == hex(len)[30_000..30_500]);
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_large_bodies_gets_small_parts_of_compressed_files() {
    let fake = Fake::start().await;
    fake.state().proxy_limit = Some(1_000_000);
    let folder = folder_of(&[("a.txt", hex(40_000)), ("b", noise(1_200_000))]);
    let manifest = round_trip(&fake, &folder, PutOptions::default()).await;
    assert_eq!(file(&manifest, "a.txt").codec, Some(Codec::Brotli));
    let state = fake.state();
    assert_eq!(state.create.as_ref().unwrap().part_size, 983_460);
    assert!(state.aborted && state.headers[0] != state.headers[1]);
}

#[tokio::test]
async fn a_file_that_changes_on_the_way_fails_the_put() {
    for (name, len) in [("a.txt", 40_000), ("a.txt", 600_000), ("z.bin", 600_000)] {
        for grow in [true, false] {
            let fake = Fake::start().await;
            fake.state().max_part_size = 2 * (CHUNK as u64 + 28);
            // What stands in front is on its way first; noise is read as it is, behind a text that makes it ordered.
            let content = if name == "z.bin" {
                noise(len)
            } else {
                hex(len)
            };
            let folder = folder_of(&[("0.txt", hex(1000)), ("1", noise(300_000)), (name, content)]);
            let sources = sources(&folder);
            let path = folder.path().join("src").join(name);
            let look = move |_: &[&str]| {
                let mut content = fs::read(&path).unwrap();
                if grow {
                    content.push(0);
                } else {
                    content.truncate(len / 2);
                }
                fs::write(&path, content).unwrap();
            };
            // Before anything, or when the first part arrives.
            if len == 40_000 {
                look(&[]);
            } else {
                fake.state().look = Some(Box::new(look));
            }
            let onekey = client(&fake, 1);
            let put = onekey.put(sources, PutOptions::default(), &NoProgress);
            let error = put.await.unwrap_err();
            assert!(
                matches!(error, PutError::SourceChanged { .. }),
                "{name} {error}"
            );
            assert!(fake.state().aborted);
            assert_eq!(fake.count("complete"), 0);
        }
    }
}

#[tokio::test]
async fn a_dropped_put_that_compresses_is_taken_back() {
    let fake = Fake::start().await;
    fake.fail("part", [Fault::Hang]);
    let folder = folder_of(&[("a.txt", hex(1000)), ("b.txt", hex(300_000))]);
    let client = client(&fake, 4);
    let put = client.put(sources(&folder), PutOptions::default(), &NoProgress);
    let reached = async {
        while fake.count("part") == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        put = put => panic!("{put:?}"),
        () = reached => {}
    }
    client.settle().await;
    assert!(fake.state().aborted);
}
