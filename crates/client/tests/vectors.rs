//! Every `share` of `vectors/` (its README says the grammar), opened and taken as a receiver does.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use fake::Fake;
use onekey_client::{DamageError, GetError, GetOptions, NoProgress, OpenError, OpenedShare};
use onekey_core::header::HEADER_LEN;
use onekey_core::keys::{LinkKey, OwnerSecret, OwnerVerifier, ShareKey, Verifier};
use onekey_core::url::{Form, Link};
use onekey_core::wire::{CompleteUpload, CreateUpload, NewLink};
use tempfile::TempDir;
use vector::{Vector, sha256};

// The server that fails on demand; here it never does.
#[allow(dead_code)]
#[path = "conversation/fake.rs"]
mod fake;

// The core's reader of vectors, and its words for what it refuses itself.
#[allow(dead_code)]
#[path = "../../core/tests/vectors/vector.rs"]
mod vector;
#[allow(dead_code)]
#[path = "../../core/tests/vectors/words.rs"]
mod words;

/// Fewer would mean that the folder was not found whole.
const MIN_CASES: usize = 40;

#[tokio::test]
async fn every_share() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/share");
    let paths = fs::read_dir(folder).unwrap();
    let paths: Vec<_> = paths.map(|entry| entry.unwrap().path()).collect();
    let (mut ran, mut decoded) = (0, 0);
    for path in &paths {
        let vector = Vector::read(path);
        run(&vector).await;
        ran += 1;
        decoded += usize::from(vector.find("decoder").is_some());
    }
    assert_eq!(ran, paths.len());
    assert!(ran >= MIN_CASES && decoded >= 20, "only {ran}, {decoded}");
}

async fn run(vector: &Vector) {
    let fake = Fake::start().await;
    let link = serve(&fake, vector);
    let (expect, name) = (vector.get("expect"), &vector.name);
    let whole: Vec<_> = vector.all("file");
    let opened = match fake.client().open(&link, None).await {
        Ok(opened) => opened,
        Err(error) => {
            assert_eq!(words_of_open(error), expect, "{name}");
            assert_eq!((whole.len(), fake.count("grant")), (0, 0), "{name}");
            return;
        }
    };

    // Everything into a folder. What is there under its name is whole, in the manifest's order, and there is nothing else.
    let to = tempfile::tempdir().unwrap();
    let got = opened.get_all(to.path(), GetOptions::default(), &NoProgress);
    let result = got.await.map(drop);
    compare(vector, result.map_err(words_of_get));
    check_folder(vector, &to, &whole);

    // Each file alone, by every way there is: the same file, or the same refusal and no file.
    for (index, file) in opened.manifest().files.iter().enumerate() {
        one_file(vector, &opened, index, file.size, &whole).await;
    }
}

async fn one_file(vector: &Vector, opened: &OpenedShare, index: usize, size: u64, whole: &[&str]) {
    let (name, options) = (&vector.name, GetOptions::default());
    let path = &opened.manifest().files[index].path;
    let mut written = Vec::new();
    let streamed = opened.write_file(index, &mut written, &NoProgress).await;
    let streamed = streamed.map(drop).map_err(words_of_get);
    assert!(written.len() as u64 <= size, "{name}: {path}");

    let chosen = tempfile::tempdir().unwrap();
    let indices = [index];
    let got = opened.get_files(&indices, chosen.path(), options.clone(), &NoProgress);
    let into_folder = got.await.map(drop).map_err(words_of_get);

    let named = tempfile::tempdir().unwrap();
    let to = named.path().join("one");
    let got = opened.get_file(index, &to, options, &NoProgress);
    let to_path = got.await.map(drop).map_err(words_of_get);

    let Some(described) = whole.get(index) else {
        // It is the damaged one, or payload is damaged before, in or behind it.
        for result in [&streamed, &into_folder, &to_path] {
            if let Err(error) = result {
                compare(vector, Err(error.clone()));
            }
        }
        let is_damaged = vector.get("expect").starts_with(&format!("file {index} "));
        for (result, folder) in [(&into_folder, &chosen), (&to_path, &named)] {
            assert!(result.is_err() || !is_damaged, "{name}: {path}");
            assert_eq!(
                files_in(folder.path()).is_empty(),
                result.is_err(),
                "{name}"
            );
        }
        assert!(streamed.is_err() || !is_damaged, "{name}: {path}");
        return;
    };
    for result in [streamed, into_folder, to_path] {
        assert_eq!(result, Ok(()), "{name}: {path}");
    }
    assert_eq!(describe(&written, path), *described, "{name}");
    check_folder(vector, &chosen, &[described]);
    assert_eq!(fs::read(to).unwrap(), written, "{name}");
}

/// Compares a result with `expect`. Which of two faults of a compressed stream shows first is the decoder's.
#[track_caller]
fn compare(vector: &Vector, result: Result<(), String>) {
    let result = result.err().unwrap_or_else(|| "ok".to_owned());
    let expect = vector.get("expect");
    let category = |words: &str| match words.split(' ').collect::<Vec<_>>()[..] {
        ["file", index, _] => format!("file {index}"),
        _ => words.to_owned(),
    };
    assert_eq!(category(&result), category(expect), "{}", vector.name);
}

/// Compares what is in a folder with the lines of the files that must be there.
#[track_caller]
fn check_folder(vector: &Vector, folder: &TempDir, whole: &[&str]) {
    let found = files_in(folder.path()).into_iter().map(|path| {
        let name = path.strip_prefix(folder.path()).unwrap().to_str().unwrap();
        describe(&fs::read(&path).unwrap(), name)
    });
    let mut found: Vec<_> = found.collect();
    found.sort();
    let mut whole = whole.to_vec();
    whole.sort_unstable();
    assert_eq!(found, whole, "{}", vector.name);
}

/// `LENGTH SHA256 PATH`, as vectors write it.
fn describe(content: &[u8], path: &str) -> String {
    format!("{} {} {path}", content.len(), sha256(content))
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let files = paths.flat_map(|path| {
        if path.is_dir() {
            files_in(&path)
        } else {
            vec![path]
        }
    });
    files.collect()
}

/// Lets a server hold the share of a vector, and makes a link for its key.
fn serve(fake: &Fake, vector: &Vector) -> Link {
    let (header, rest) = vector.body.split_at(HEADER_LEN);
    let manifest = usize::try_from(vector.number("manifest-length")).unwrap();
    let (manifest, payload) = rest.split_at(manifest);
    let share_key = ShareKey::from_bytes(vector.bytes("share-key"));
    let key = LinkKey::from_bytes([7; 32]);
    let locator = key.locator();
    let mut state = fake.state();
    state.create = Some(CreateUpload {
        header: header.try_into().unwrap(),
        part_size: payload.len() as u64,
        size: Some(payload.len() as u64),
        owner_verifier: OwnerVerifier::of(&OwnerSecret::from_bytes([8; 32]).token()),
        owner_envelope: None,
    });
    state.complete = Some(CompleteUpload {
        size: payload.len() as u64,
        manifest: manifest.to_vec(),
        link: NewLink {
            locator,
            verifier: Verifier::of(&key.proof(None)),
            envelope: key
                .wrap_key(None)
                .wrap(&locator, &share_key, &mut rand::rng()),
            password: false,
            direct: false,
            max_downloads: None,
            expires_in: None,
            label: None,
        },
    });
    state.parts.insert(0, payload.to_vec().into());
    Link {
        server: fake.server.clone(),
        key,
        form: Form::Private,
    }
}

fn words_of_open(error: OpenError) -> String {
    match error {
        OpenError::Damaged(damage) => words_of_damage(damage),
        error => format!("{error:?}"),
    }
}

fn words_of_get(error: GetError) -> String {
    match error {
        GetError::Damaged(damage) => words_of_damage(damage),
        error => format!("{error:?}"),
    }
}

fn words_of_damage(damage: DamageError) -> String {
    match damage {
        DamageError::Codec { index } => format!("file {index} codec"),
        DamageError::DecodedSize { index } => format!("file {index} size"),
        DamageError::Key => "wrong-key".to_owned(),
        DamageError::Manifest => "rejected".to_owned(),
        DamageError::ManifestRule(rule) => words::manifest(rule),
        DamageError::Payload(error) => words::payload(error),
        DamageError::Size => "size".to_owned(),
        damage => format!("{damage:?}"),
    }
}
